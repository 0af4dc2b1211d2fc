// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "nabla/math/activation.h"
#include "nabla/math/algorithm.h"

#include "math/bfloat16.h"

namespace nabla::kernels {

/// A kernel of a table. It has no default, so a table that lacks it does not compile.
template <class Signature>
class Kernel;
template <class Result, class... Operands>
class Kernel<Result(Operands...)> {
 public:
  constexpr Kernel(Result (*kernel)(Operands...)) : kernel_(kernel) {}
  Result operator()(Operands... operands) const { return kernel_(operands...); }

 private:
  Result (*kernel_)(Operands...);
};

/// A kernel for each row of a table of kinds; null for a kind that has none.
template <const auto& kRows, class Signature>
class KernelsByKind {
 public:
  using Kind = decltype(kRows[0].kind);
  constexpr Signature*& operator[](Kind kind) { return kernels_[static_cast<std::size_t>(kind)]; }
  constexpr Signature* operator[](Kind kind) const {
    return kernels_[static_cast<std::size_t>(kind)];
  }

 private:
  Signature* kernels_[std::size(kRows)] = {};
};

/// C ← alpha · A · B + beta · C with C [m × n] and K = k, on raw pointers; element (i, j) of A is
/// a[i · a_row + j · a_k].
template <class T>
struct SmallProduct {
  std::size_t m, n, k;
  T alpha;
  const T* a;
  std::size_t a_row, a_k;
  const T* b;
  std::size_t b_stride;
  T beta;
  T* c;
  std::size_t c_stride;
};

/// C ← alpha · A · B + beta · C with C [m × n] and K = k; element (i, j) of A is
/// a[i · a_row + j · a_k], that of B b[i · b_k + j · b_column]. One of the distances is 1 in each.
template <class Operand, class T>
struct PackedProduct {
  std::size_t m, n, k;
  T alpha;
  const Operand* a;
  std::size_t a_row, a_k;
  const Operand* b;
  std::size_t b_k, b_column;
  T beta;
  T* c;
  std::size_t c_stride;
};

/// The terms of a sparse row: values[k] at columns[k], k < count.
template <class T>
struct SparseTerms {
  const std::uint32_t* columns;
  const T* values;
  std::size_t count;
};

/// Products of sparse rows A [rows × columns] with X and C, whose rows have `cols` elements, on raw
/// pointers. X counts x_factor times itself before it is rounded, if a kernel rounds it; else the
/// factor is 1.
template <class T>
struct SparseProduct {
  std::size_t rows, cols;
  const SparseTerms<T>* a;
  T alpha;
  const T* x;
  std::size_t x_stride;
  T x_factor;
  T* c;
  std::size_t c_stride;
  /// So many columns of A at a time meet many of its rows, so that their rows of X or C are read
  /// from the nearest cache; 0: all.
  std::size_t block;
  /// multiply_transposed_sparse: row places[j − first_place] of C is for column j; null if row j
  /// is.
  const std::uint32_t* places;
  std::size_t first_place;  ///< no column of A is before it
};

/// The constants of one step, see Algorithm.
template <class T>
struct UpdateConstants {
  T scale;         ///< factor of the nabla: 1/m, or less if it is clipped
  T l1, l2;        ///< penalties
  T rate;          ///< η; with betas divided by 1 − β₁ᵗ
  T momentum;      ///< μ or β₁
  T new_share;     ///< 1 − μ or 1 − β₁
  T square_decay;  ///< α or β₂
  T new_square;    ///< 1 − α or 1 − β₂
  T root;          ///< with betas 1 / √(1 − β₂ᵗ); else 1
  T epsilon;
  T keep;  ///< with weight decay 1 − η · weight_decay; else 1
};

/// The parameters of one call with their nabla and slots.
template <class T>
struct UpdateRange {
  const T* nabla;
  T* parameters;
  T* slots[kMostSlots];  ///< null from the algorithm's number of slots on
  std::size_t size;
};

/// The units of one layer that a training step leaves out: unit u of row r if word u / 16 % 4 of
/// the Philox block with counter {u / 64 · 16 + u % 16, r, batch, epoch} and this key is below the
/// threshold. The mask is a pure function of place, so it depends on no order of computation.
struct DropoutMask {
  std::uint32_t key[2];     ///< depends on seed and layer
  std::uint32_t epoch;      ///< from 0
  std::uint32_t batch;      ///< within the epoch, from 0
  std::uint32_t threshold;  ///< fraction dropped · 2³²
};

/// The kernels of one instruction set for one element type, on raw pointers and strides in
/// elements; see math/elementwise.h and, for the products, SmallProduct and PackedProduct. `bias`
/// and `log_sum` may be null.
template <class T>
struct Kernels {
  using Size = std::size_t;

  KernelsByKind<kActivations, void(const T* bias, T* z, Size stride, Size rows, Size cols)>
      add_bias_apply;
  KernelsByKind<kActivations,
                void(const T* bias, T* z, Size z_stride, T* a, Size a_stride, Size rows, Size cols)>
      add_bias_keep_apply;
  KernelsByKind<kActivations, void(const T* a_or_z, Size stride, T* delta, Size delta_stride,
                                   Size rows, Size cols)>
      multiply_derivative;
  Kernel<void(const T* bias, T* z, Size stride, Size rows, Size cols, T* log_sum)> add_bias_softmax;
  Kernel<void(const T* z, Size z_stride, const T* y, Size y_stride, Size rows, Size cols,
              double* row_cost)>
      sigmoid_cross_entropy;
  Kernel<void(const T* z, Size z_stride, const T* y, Size y_stride, Size rows, Size cols,
              double* row_cost)>
      softmax_cross_entropy;
  Kernel<void(T alpha, const T* delta, Size stride, Size rows, Size cols, T beta, T* sums)>
      column_sums;
  Kernel<void(const std::uint8_t* bytes, Size size, T scale, T* out)> convert_bytes;
  Kernel<void(T alpha, const T* x, T beta, T* y, Size size)> axpby;
  Kernel<void(const T* x, T* y, Size size)> add;
  Kernel<double(const T* x, Size size)> sum_of_squares;
  Kernel<bool(const T* x, Size size)> all_finite;
  Kernel<void(const T* weights, Size count, const T* x, Size stride, T* out, Size size)> correlate;
  Kernel<void(const DropoutMask& mask, Size first_row, Size first_unit, T* a, Size stride,
              Size rows, Size cols)>
      drop_units;
  Kernel<void(const T* a, Size a_stride, T* delta, Size delta_stride, Size rows, Size cols)>
      zero_dropped;
  Kernel<void(const T* z, Size stride, Size rows, Size cols, T* means, T* square_distances)>
      column_moments;
  Kernel<void(T* z, Size z_stride, T* y, Size y_stride, Size rows, Size cols, const T* mean,
              const T* inverse_deviation, const T* weight, const T* bias)>
      normalize;
  Kernel<void(const T* delta, Size delta_stride, const T* x, Size x_stride, Size rows, Size cols,
              T* sums, T* dots)>
      column_sums_and_dots;
  Kernel<void(T* delta, Size delta_stride, const T* x, Size x_stride, Size rows, Size cols,
              const T* factor, const T* mean_delta, const T* mean_dot)>
      normalize_back;
  KernelsByKind<kAlgorithms, void(const UpdateConstants<T>& constants, const UpdateRange<T>& range)>
      update;
  Kernel<void(const SmallProduct<T>& product)> multiply;
  Kernel<void(const SmallProduct<T>& product)> multiply_transposed;  ///< B given as its transpose
  Kernel<void(const PackedProduct<T, T>& product)> multiply_packed;
  Kernel<void(const SparseProduct<T>& product)> multiply_sparse;  ///< C ← alpha · A · X
  Kernel<void(const SparseProduct<T>& product)>
      multiply_transposed_sparse;  ///< C ← C + alpha · Aᵀ · X, in the rows that A has terms for
  bool packs_fast;  ///< multiply_packed is faster than BLAS if the rows of A are contiguous
};

using Bfloat16Product = PackedProduct<bfloat16_t, float>;

/// The kernels of mixed precision.
struct Bfloat16Kernels {
  using Size = std::size_t;

  Kernel<void(const Bfloat16Product& product)> multiply;
  Kernel<void(const float* x, Size x_stride, bfloat16_t* to, Size to_stride, Size rows, Size cols)>
      round;
  /// As that of float.
  Kernel<void(const DropoutMask& mask, Size first_row, Size first_unit, bfloat16_t* a, Size stride,
              Size rows, Size cols)>
      drop_units;
  /// As those of float, X rounded to bfloat16.
  Kernel<void(const SparseProduct<float>& product)> multiply_sparse;
  Kernel<void(const SparseProduct<float>& product)> multiply_transposed_sparse;
};

struct KernelTable {
  Kernels<float> single_precision;
  Kernels<double> double_precision;
  Bfloat16Kernels bfloat16;
};

/// The tables are constant-initialised, so that no code of an instruction set runs before the
/// choice.
extern const KernelTable kBaselineKernels;
#if defined(__x86_64__)
extern const KernelTable kAvx2Kernels;
extern const KernelTable kAvx512Kernels;
/// Stand beside the other kernels of AVX-512.
extern const Bfloat16Kernels kAvx512Bf16Kernels;
#endif

/// The environment variable that names a lower instruction set for the kernels.
inline constexpr const char* kInstructionSetVariable = "NABLA_INSTRUCTION_SET";

/// Returns the kernels in use: those that NABLA_INSTRUCTION_SET names, else those of the best
/// instruction set that this CPU has, unless `select` has chosen others. Throws ConfigError if the
/// variable names an instruction set that is unknown or that this CPU lacks.
template <class T>
const Kernels<T>& current();
const Bfloat16Kernels& current_bfloat16();

/// Returns the name of the instruction set in use.
std::string_view current_name();

/// Returns the name of the best instruction set that this CPU can run.
std::string_view best();

/// Makes the kernels of that name current; returns false if this CPU cannot run it. No kernel may
/// run meanwhile.
bool select(std::string_view name);

}  // namespace nabla::kernels
