// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

#include "nabla/base/matrix.h"

#include "math/bfloat16.h"

namespace nabla {

enum class Op { kNone, kTranspose };

/// The type in which products of operands are summed.
template <class Operand>
struct ProductSum {
  using type = Operand;
};
template <>
struct ProductSum<bfloat16_t> {
  using type = float;
};
template <class Operand>
using ProductSumOf = typename ProductSum<Operand>::type;

/// C ← alpha · op(A) · op(B) + beta · C with op(A) [M × K], op(B) [K × N], C [M × N]; with beta 0
/// the old C is not read. Works on the calling thread alone; an operand is float, double or
/// bfloat16_t. nabla's own kernels, whose sums are ordered by K alone, BLAS or oneDNN makes it, as
/// type, size and CPU say (docs/architecture.md, "Matrix products"); the last bits of the latter
/// two may depend on M, N and K. A caller who wants the same bits must ask for the same shapes.
template <class Operand>
void gemm(Op op_a, Op op_b, ProductSumOf<Operand> alpha, MatrixView<const Operand> a,
          MatrixView<const Operand> b, ProductSumOf<Operand> beta,
          MatrixView<ProductSumOf<Operand>> c);
template <>
void gemm(Op op_a, Op op_b, float alpha, MatrixView<const bfloat16_t> a,
          MatrixView<const bfloat16_t> b, float beta, MatrixView<float> c);

/// Does the same by BLAS, whatever the size.
template <class T>
void blas_gemm(Op op_a, Op op_b, T alpha, MatrixView<const T> a, MatrixView<const T> b, T beta,
               MatrixView<T> c);

/// The libraries that make products of such operands, with what they run: "nabla (avx512), OpenBLAS
/// (Cooperlake)".
template <class Operand>
std::string products_by();

/// Makes BLAS ready for calls by so many threads at once, each of which it serves alone: the tasks
/// of the engine are the only parallelism. blas_gemm prepares for one. Throws Error if the CPU
/// lacks instructions of the kernel that the environment asks for, and std::bad_alloc if the memory
/// for the work buffers of so many threads is not there.
void prepare_blas(std::size_t threads = 1);

}  // namespace nabla
