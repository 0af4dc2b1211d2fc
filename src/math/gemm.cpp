// SPDX-License-Identifier: MIT
#include "math/gemm.h"

#include <cassert>
#include <string>
#include <type_traits>

#include "math/blas.h"
#include "math/kernel_table.h"
#include "math/onednn.h"

namespace nabla {

namespace {

/// Up to this M · N · K, kernels that do not pack their operands are mostly faster than BLAS
/// (docs/architecture.md, "Matrix products").
constexpr std::size_t kSmall = std::size_t{1} << 25;

}  // namespace

template <class T>
void gemm(Op op_a, Op op_b, ProductSumOf<T> alpha, MatrixView<const T> a, MatrixView<const T> b,
          ProductSumOf<T> beta, MatrixView<ProductSumOf<T>> c) {
  const bool a_is_plain = op_a == Op::kNone;
  const bool b_is_plain = op_b == Op::kNone;
  const std::size_t k = a_is_plain ? a.cols : a.rows;
  assert(c.rows == (a_is_plain ? a.rows : a.cols));
  assert(c.cols == (b_is_plain ? b.cols : b.rows));
  assert(k == (b_is_plain ? b.rows : b.cols));
  if (c.rows == 0 || c.cols == 0) return;
  const kernels::Kernels<T>& table = kernels::current<T>();
  const bool is_small = c.rows * c.cols * k <= kSmall;
  if (!is_small && a_is_plain && table.packs_fast)
    return table.multiply_packed({.m = c.rows,
                                  .n = c.cols,
                                  .k = k,
                                  .alpha = alpha,
                                  .a = a.data,
                                  .a_row = a.stride,
                                  .a_k = 1,
                                  .b = b.data,
                                  .b_k = b_is_plain ? b.stride : 1,
                                  .b_column = b_is_plain ? 1 : b.stride,
                                  .beta = beta,
                                  .c = c.data,
                                  .c_stride = c.stride});
  // No kernel makes small products of two transposed matrices.
  if (!is_small || !(a_is_plain || b_is_plain)) return blas_gemm(op_a, op_b, alpha, a, b, beta, c);
  const kernels::SmallProduct<T> product{.m = c.rows,
                                         .n = c.cols,
                                         .k = k,
                                         .alpha = alpha,
                                         .a = a.data,
                                         .a_row = a_is_plain ? a.stride : 1,
                                         .a_k = a_is_plain ? 1 : a.stride,
                                         .b = b.data,
                                         .b_stride = b.stride,
                                         .beta = beta,
                                         .c = c.data,
                                         .c_stride = c.stride};
  (b_is_plain ? table.multiply : table.multiply_transposed)(product);
}

template <>
void gemm(Op op_a, Op op_b, float alpha, MatrixView<const bfloat16_t> a,
          MatrixView<const bfloat16_t> b, float beta, MatrixView<float> c) {
  const bool a_is_plain = op_a == Op::kNone;
  const bool b_is_plain = op_b == Op::kNone;
  const std::size_t k = a_is_plain ? a.cols : a.rows;
  assert(c.rows == (a_is_plain ? a.rows : a.cols));
  assert(c.cols == (b_is_plain ? b.cols : b.rows));
  assert(k == (b_is_plain ? b.rows : b.cols));
  if (c.rows == 0 || c.cols == 0) return;
  const kernels::Bfloat16Product product{.m = c.rows,
                                         .n = c.cols,
                                         .k = k,
                                         .alpha = alpha,
                                         .a = a.data,
                                         .a_row = a_is_plain ? a.stride : 1,
                                         .a_k = a_is_plain ? 1 : a.stride,
                                         .b = b.data,
                                         .b_k = b_is_plain ? b.stride : 1,
                                         .b_column = b_is_plain ? 1 : b.stride,
                                         .beta = beta,
                                         .c = c.data,
                                         .c_stride = c.stride};
  if (onednn::is_used())
    onednn::multiply(product);
  else
    kernels::current_bfloat16().multiply(product);
}

template <class Operand>
std::string products_by() {
  const std::string own = "nabla (" + std::string(kernels::current_name()) + ")";
  if (std::is_same_v<Operand, bfloat16_t>) return onednn::is_used() ? onednn::name() : own;
  return own + ", OpenBLAS (" + blas_info().kernel + ")";
}

template std::string products_by<float>();
template std::string products_by<double>();
template std::string products_by<bfloat16_t>();

template void gemm(Op, Op, float, MatrixView<const float>, MatrixView<const float>, float,
                   MatrixView<float>);
template void gemm(Op, Op, double, MatrixView<const double>, MatrixView<const double>, double,
                   MatrixView<double>);

}  // namespace nabla
