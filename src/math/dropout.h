// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "nabla/base/matrix.h"

#include "math/dropout_mask.h"

namespace nabla {

/// Drops units of a [rows × units], which is rows first_row… of the mini-batch and units
/// first_unit… of the layer: a dropped unit becomes −0, and no other is −0. As products take −0
/// for 0, no mask need be stored for the way back.
template <class T>
void drop_units(const kernels::DropoutMask& mask, std::size_t first_row, std::size_t first_unit,
                MatrixView<T> a);

/// delta ← 0 where a is −0.
template <class T>
void zero_dropped(MatrixView<const T> a, MatrixView<T> delta);

}  // namespace nabla
