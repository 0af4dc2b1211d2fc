// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "math/dropout_mask.h"
#include "math/update_rule.h"

namespace nabla::kernels {

/// Values of elementwise::Function.
inline constexpr std::size_t kFunctions = 8;

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

/// The kernels of one instruction set for one element type, on raw pointers and strides in
/// elements; see nabla/math/elementwise.h, for the products SmallProduct. Indices follow the
/// enumeration Function; a null entry has nothing to do. `bias` and `log_sum` may be null.
template <class T>
struct Kernels {
  void (*add_bias_apply[kFunctions])(const T* bias, T* z, std::size_t stride, std::size_t rows,
                                     std::size_t cols);
  void (*add_bias_gelu)(const T* bias, T* z, std::size_t z_stride, T* a, std::size_t a_stride,
                        std::size_t rows, std::size_t cols);
  void (*multiply_derivative[kFunctions])(const T* a, std::size_t a_stride, T* delta,
                                          std::size_t delta_stride, std::size_t rows,
                                          std::size_t cols);
  void (*add_bias_softmax)(const T* bias, T* z, std::size_t stride, std::size_t rows,
                           std::size_t cols, T* log_sum);
  void (*sigmoid_cross_entropy)(const T* z, std::size_t z_stride, const T* y, std::size_t y_stride,
                                std::size_t rows, std::size_t cols, double* row_cost);
  void (*softmax_cross_entropy)(const T* z, std::size_t z_stride, const T* y, std::size_t y_stride,
                                std::size_t rows, std::size_t cols, double* row_cost);
  void (*column_sums)(T alpha, const T* delta, std::size_t stride, std::size_t rows,
                      std::size_t cols, T beta, T* sums);
  void (*convert_bytes)(const std::uint8_t* bytes, std::size_t size, T scale, T* out);
  void (*axpby)(T alpha, const T* x, T beta, T* y, std::size_t size);
  void (*add)(const T* x, T* y, std::size_t size);
  double (*sum_of_squares)(const T* x, std::size_t size);
  bool (*all_finite)(const T* x, std::size_t size);
  void (*drop_units)(const DropoutMask& mask, std::size_t first_row, std::size_t first_unit, T* a,
                     std::size_t stride, std::size_t rows, std::size_t cols);
  void (*zero_dropped)(const T* a, std::size_t a_stride, T* delta, std::size_t delta_stride,
                       std::size_t rows, std::size_t cols);
  void (*column_moments)(const T* z, std::size_t stride, std::size_t rows, std::size_t cols,
                         T* means, T* square_distances);
  void (*normalize)(T* z, std::size_t z_stride, T* y, std::size_t y_stride, std::size_t rows,
                    std::size_t cols, const T* mean, const T* inverse_deviation, const T* weight,
                    const T* bias);
  void (*column_sums_and_dots)(const T* delta, std::size_t delta_stride, const T* x,
                               std::size_t x_stride, std::size_t rows, std::size_t cols, T* sums,
                               T* dots);
  void (*normalize_back)(T* delta, std::size_t delta_stride, const T* x, std::size_t x_stride,
                         std::size_t rows, std::size_t cols, const T* factor, const T* mean_delta,
                         const T* mean_dot);
  void (*update[kUpdateRules])(const UpdateConstants<T>& constants, const UpdateRange<T>& range);
  void (*correlate)(const T* weights, std::size_t count, const T* x, std::size_t stride, T* out,
                    std::size_t size);
  void (*multiply)(const SmallProduct<T>& product);
  void (*multiply_transposed)(const SmallProduct<T>& product);  ///< B given as its transpose
};

struct KernelTable {
  const char* name;
  Kernels<float> single_precision;
  Kernels<double> double_precision;
};

/// Constant-initialised: nothing of the special instruction sets runs before the dispatcher asks.
extern const KernelTable kBaselineKernels;
#if defined(__x86_64__)
extern const KernelTable kAvx2Kernels;
extern const KernelTable kAvx512Kernels;
#endif

/// The environment variable that lowers what the kernels use.
inline constexpr const char* kInstructionSetVariable = "NABLA_INSTRUCTION_SET";

/// The kernels in use: those that NABLA_INSTRUCTION_SET names, else those of the best instruction
/// set that this CPU has, unless `select` has chosen others. Throws ConfigError if the variable
/// names an instruction set that is unknown or that this CPU lacks.
template <class T>
const Kernels<T>& current();

/// The name of the table in use.
std::string_view current_name();

/// The name of the best table that this CPU can run.
std::string_view best();

/// Makes the table of that name current; returns false where this CPU cannot run it. Not to be
/// called while kernels run.
bool select(std::string_view name);

}  // namespace nabla::kernels
