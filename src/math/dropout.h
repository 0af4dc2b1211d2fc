// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <cstddef>

#include "nabla/base/matrix.h"

#include "math/bfloat16.h"
#include "math/kernel_table.h"

namespace nabla {

/// Drops units of a [rows × units], which holds the rows from first_row on of the mini-batch and
/// the units from first_unit on of the layer. A dropped unit becomes −0, and no other unit is −0,
/// so that `zero_dropped` finds them without a stored mask; products take −0 for 0.
template <class T>
void drop_units(const kernels::DropoutMask& mask, std::size_t first_row, std::size_t first_unit,
                MatrixView<T> a) {
  kernels::current<T>().drop_units(mask, first_row, first_unit, a.data, a.stride, a.rows, a.cols);
}

inline void drop_units(const kernels::DropoutMask& mask, std::size_t first_row,
                       std::size_t first_unit, MatrixView<bfloat16_t> a) {
  kernels::current_bfloat16().drop_units(mask, first_row, first_unit, a.data, a.stride, a.rows,
                                         a.cols);
}

/// Returns whether the mask leaves out a unit of a row of the mini-batch.
bool is_dropped(const kernels::DropoutMask& mask, std::size_t row, std::size_t unit);

/// Sets the elements of delta to 0 for which those of a are −0.
template <class T>
void zero_dropped(MatrixView<const T> a, MatrixView<T> delta) {
  assert(a.rows == delta.rows && a.cols == delta.cols);
  kernels::current<T>().zero_dropped(a.data, a.stride, delta.data, delta.stride, a.rows, a.cols);
}

}  // namespace nabla
