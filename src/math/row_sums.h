// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>

#include "math/gemm.h"
#include "math/kernel_table.h"

namespace nabla {

/// Weighted sums of rows, see kernels::RowSums: the products of sparse rows. If Operand is
/// bfloat16_t, X is rounded to it, after its factor; else the factor is 1. Works on the calling
/// thread alone.
template <class Operand>
void sum_rows(const kernels::RowSums<ProductSumOf<Operand>>& sums) {
  if constexpr (std::is_same_v<Operand, bfloat16_t>)
    kernels::current_bfloat16().sum_rounded_rows(sums);
  else
    kernels::current<Operand>().sum_rows(sums);
}

}  // namespace nabla
