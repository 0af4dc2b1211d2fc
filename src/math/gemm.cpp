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

template <class Operand, class T>
kernels::PackedProduct<Operand, T> product_of(Op op_a, Op op_b, T alpha,
                                              MatrixView<const Operand> a,
                                              MatrixView<const Operand> b, T beta,
                                              MatrixView<T> c) {
  const bool a_is_plain = op_a == Op::kNone;
  const bool b_is_plain = op_b == Op::kNone;
  const std::size_t k = a_is_plain ? a.cols : a.rows;
  assert(c.rows == (a_is_plain ? a.rows : a.cols));
  assert(c.cols == (b_is_plain ? b.cols : b.rows));
  assert(k == (b_is_plain ? b.rows : b.cols));
  return {.m = c.rows,
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
}

}  // namespace

template <class T>
void gemm(Op op_a, Op op_b, ProductSumOf<T> alpha, MatrixView<const T> a, MatrixView<const T> b,
          ProductSumOf<T> beta, MatrixView<ProductSumOf<T>> c) {
  if (c.rows == 0 || c.cols == 0) return;
  const kernels::PackedProduct<T, T> p = product_of<T, T>(op_a, op_b, alpha, a, b, beta, c);
  const kernels::Kernels<T>& table = kernels::current<T>();
  const bool a_is_plain = op_a == Op::kNone, b_is_plain = op_b == Op::kNone;
  const bool is_small = p.m * p.n * p.k <= kSmall;
  if (is_small && (a_is_plain || b_is_plain)) {
    const kernels::SmallProduct<T> small{p.m,   p.n, p.k,      p.alpha, p.a, p.a_row,
                                         p.a_k, p.b, b.stride, p.beta,  p.c, p.c_stride};
    (b_is_plain ? table.multiply : table.multiply_transposed)(small);
  } else if (!is_small && a_is_plain && table.packs_fast) {
    table.multiply_packed(p);
  } else {
    blas_gemm(op_a, op_b, alpha, a, b, beta, c);
  }
}

template <>
void gemm(Op op_a, Op op_b, float alpha, MatrixView<const bfloat16_t> a,
          MatrixView<const bfloat16_t> b, float beta, MatrixView<float> c) {
  if (c.rows == 0 || c.cols == 0) return;
  const auto p = product_of<bfloat16_t, float>(op_a, op_b, alpha, a, b, beta, c);
  if (p.k > 0 && onednn::is_used())
    onednn::multiply(p);
  else
    kernels::current_bfloat16().multiply(p);
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
