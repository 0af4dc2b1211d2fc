// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>

#include "math/gemm.h"
#include "math/kernel_table.h"

namespace nabla {

// Products of sparse rows A, see kernels::SparseProduct. If Operand is bfloat16_t, X is rounded to
// it, after its factor; the values of A have been. They work on the calling thread alone.

/// C ← alpha · A · X.
template <class Operand>
void multiply_sparse(const kernels::SparseProduct<ProductSumOf<Operand>>& product) {
  if constexpr (std::is_same_v<Operand, bfloat16_t>)
    kernels::current_bfloat16().multiply_sparse(product);
  else
    kernels::current<Operand>().multiply_sparse(product);
}

/// C ← C + alpha · Aᵀ · X; touches only the rows of C that A has terms for.
template <class Operand>
void multiply_transposed_sparse(const kernels::SparseProduct<ProductSumOf<Operand>>& product) {
  if constexpr (std::is_same_v<Operand, bfloat16_t>)
    kernels::current_bfloat16().multiply_transposed_sparse(product);
  else
    kernels::current<Operand>().multiply_transposed_sparse(product);
}

}  // namespace nabla
