// SPDX-License-Identifier: MIT
#include "math/gemm.h"

#include <cassert>

#include "math/blas_gemm.h"
#include "math/elementwise_table.h"

namespace nabla {

namespace {

/// M · N · K up to which kernels that do not pack their operands are as fast as BLAS or faster: the
/// operands of such a product stay in the second cache of a core (docs/architecture.md, "BLAS").
constexpr std::size_t kSmall = std::size_t{1} << 25;

}  // namespace

template <class T>
void gemm(Op op_a, Op op_b, T alpha, MatrixView<const T> a, MatrixView<const T> b, T beta,
          MatrixView<T> c) {
  const std::size_t k = op_a == Op::kNone ? a.cols : a.rows;
  assert(c.rows == (op_a == Op::kNone ? a.rows : a.cols));
  assert(c.cols == (op_b == Op::kNone ? b.cols : b.rows));
  assert(k == (op_b == Op::kNone ? b.rows : b.cols));
  if (c.rows == 0 || c.cols == 0) return;
  // Dot products need rows of A that are contiguous.
  const bool has_kernel = op_a == Op::kNone || op_b == Op::kNone;
  if (!has_kernel || c.rows * c.cols * k > kSmall)
    return blas_gemm(op_a, op_b, alpha, a, b, beta, c);
  const elementwise::SmallProduct<T> product{c.rows,
                                             c.cols,
                                             k,
                                             alpha,
                                             a.data,
                                             op_a == Op::kNone ? a.stride : 1,
                                             op_a == Op::kNone ? 1 : a.stride,
                                             b.data,
                                             b.stride,
                                             beta,
                                             c.data,
                                             c.stride};
  const auto& kernels = elementwise::current_kernels<T>();
  (op_b == Op::kNone ? kernels.multiply : kernels.multiply_transposed)(product);
}

template void gemm(Op, Op, float, MatrixView<const float>, MatrixView<const float>, float,
                   MatrixView<float>);
template void gemm(Op, Op, double, MatrixView<const double>, MatrixView<const double>, double,
                   MatrixView<double>);

}  // namespace nabla
