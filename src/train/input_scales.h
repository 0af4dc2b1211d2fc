// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/data/dataset.h"
#include "nabla/model/model.h"
#include "nabla/train/divergence.h"

namespace nabla {

/// Sets the largest input and target of the training rows.
template <class T>
void measure_scales(const Model<T>& model, const Dataset& train, Divergence& divergence);

}  // namespace nabla
