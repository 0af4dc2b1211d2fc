// SPDX-License-Identifier: MIT
//
// Everything that talks to BLAS; the only file that includes cblas.h.
#include "nabla/math/blas.h"

#include <cassert>
#include <cblas.h>
#include <limits>
#include <type_traits>

#include "math/blas_gemm.h"

namespace nabla {

namespace {

constexpr CBLAS_TRANSPOSE transpose(Op op) { return op == Op::kNone ? CblasNoTrans : CblasTrans; }

blasint to_blas(std::size_t n) {
  assert(n <= static_cast<std::size_t>(std::numeric_limits<blasint>::max()));
  return static_cast<blasint>(n);
}

}  // namespace

void prepare_blas() {
  [[maybe_unused]] static const bool prepared = [] {
    openblas_set_num_threads(1);
    return true;
  }();
}

BlasInfo blas_info() {
  prepare_blas();
  constexpr const char* kThreading[] = {"serial", "pthread", "openmp"};
  const int parallel = openblas_get_parallel();
  return {openblas_get_config(), openblas_get_corename(),
          parallel >= 0 && parallel < 3 ? kThreading[parallel] : "unknown"};
}

template <class T>
void blas_gemm(Op op_a, Op op_b, T alpha, MatrixView<const T> a, MatrixView<const T> b, T beta,
               MatrixView<T> c) {
  prepare_blas();
  const std::size_t inner = op_a == Op::kNone ? a.cols : a.rows;
  constexpr auto kBlasGemm = [] {
    if constexpr (std::is_same_v<T, float>)
      return &cblas_sgemm;
    else
      return &cblas_dgemm;
  }();
  kBlasGemm(CblasRowMajor, transpose(op_a), transpose(op_b), to_blas(c.rows), to_blas(c.cols),
            to_blas(inner), alpha, a.data, to_blas(a.stride), b.data, to_blas(b.stride), beta,
            c.data, to_blas(c.stride));
}

template void blas_gemm(Op, Op, float, MatrixView<const float>, MatrixView<const float>, float,
                        MatrixView<float>);
template void blas_gemm(Op, Op, double, MatrixView<const double>, MatrixView<const double>, double,
                        MatrixView<double>);

}  // namespace nabla
