// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "nabla/data/dataset.h"
#include "nabla/data/preprocess.h"

#include "data/input_transform.h"

namespace nabla {

/// Throws DataError if a feature is missing that the preprocessing does not fill in, or if a
/// feature or a target is a finite number that T does not hold after the preprocessing: it names
/// the file and the line or row, the column, the number and T. `data_name` stands for rows that
/// come from no file.
template <class T>
void require_in_range(const Preprocess& preprocess, const Dataset& data,
                      const std::string& data_name);
/// The same with the transform that was made of the preprocessing.
template <class T>
void require_in_range(const Preprocess& preprocess, const InputTransform<T>& transform,
                      const Dataset& data, const std::string& data_name);

}  // namespace nabla
