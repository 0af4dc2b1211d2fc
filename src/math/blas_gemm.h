// SPDX-License-Identifier: MIT
#pragma once

#include "math/gemm.h"

namespace nabla {

/// gemm by BLAS, whatever the size.
template <class T>
void blas_gemm(Op op_a, Op op_b, T alpha, MatrixView<const T> a, MatrixView<const T> b, T beta,
               MatrixView<T> c);

/// Sets BLAS to one thread of its own, once for the process: the tasks of the engine are the only
/// parallelism. Called by blas_gemm itself.
void prepare_blas();

}  // namespace nabla
