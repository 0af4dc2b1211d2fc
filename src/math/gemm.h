// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/base/matrix.h"

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

/// Does the same by BLAS, whatever the size.
template <class T>
void blas_gemm(Op op_a, Op op_b, T alpha, MatrixView<const T> a, MatrixView<const T> b, T beta,
               MatrixView<T> c);

/// Sets BLAS to one thread of its own, once for the process, as the tasks of the engine are the
/// only parallelism. blas_gemm calls it.
void prepare_blas();

}  // namespace nabla
