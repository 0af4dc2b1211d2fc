// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "nabla/base/matrix.h"
#include "nabla/data/dataset.h"

#include "data/augmentation.h"
#include "data/input_transform.h"

namespace nabla {

/// As gather_inputs, with the images deformed, before they are preprocessed, as `epoch` sees them.
/// `augmentation` was made for these data. Allocates nothing.
template <class T>
void gather_augmented_inputs(const Dataset& data, const Augmentation& augmentation,
                             std::size_t epoch, const InputTransform<T>& transform,
                             std::span<const std::uint32_t> rows, MatrixView<T> inputs);

}  // namespace nabla
