// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "nabla/base/matrix.h"

#include "math/bfloat16.h"

namespace nabla {

enum class Op { kNone, kTranspose };

/// C ← alpha · op(A) · op(B) + beta · C with op(A) [M × K], op(B) [K × N], C [M × N]; with beta 0
/// the old C is not read. Works on the calling thread alone; T is float or double. nabla's own
/// kernels, whose sums are ordered by K alone, make products of up to 2^25 multiplications; BLAS
/// makes larger ones, whose last bits may depend on M, N and K, too. A caller who wants the same
/// bits must ask for the same shapes.
template <class T>
void gemm(Op op_a, Op op_b, T alpha, MatrixView<const T> a, MatrixView<const T> b, T beta,
          MatrixView<T> c);

/// The same with operands of bfloat16 and sums of float. An element of C is summed in an order that
/// depends on K alone.
void gemm(Op op_a, Op op_b, float alpha, MatrixView<const bfloat16_t> a,
          MatrixView<const bfloat16_t> b, float beta, MatrixView<float> c);

/// Does the same by BLAS, whatever the size.
template <class T>
void blas_gemm(Op op_a, Op op_b, T alpha, MatrixView<const T> a, MatrixView<const T> b, T beta,
               MatrixView<T> c);

/// Makes BLAS ready for calls by so many threads at once, each of which it serves alone: the tasks
/// of the engine are the only parallelism. blas_gemm prepares for one. Throws Error if the CPU
/// lacks instructions of the kernel that the environment asks for, and std::bad_alloc if the memory
/// for the work buffers of so many threads is not there.
void prepare_blas(std::size_t threads = 1);

}  // namespace nabla
