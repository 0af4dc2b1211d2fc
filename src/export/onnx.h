// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "nabla/data/data_options.h"
#include "nabla/model/model.h"

namespace nabla {

/// Returns the whole model, from the features of a row to its probabilities or its values in the
/// unit of the targets, as the bytes of an ONNX file of operator set 13. docs/models.md describes
/// inputs, output and metadata. The graph computes in T; what rounding to float would spoil, it
/// computes in double: features that a model of floats centres, if their mean is far from 0 or
/// their deviation is unknown, components, and targets far from 0. Equal models give equal bytes.
/// Throws ConfigError if the file would be too large, and in a build without ONNX's classes.
template <class T>
std::string onnx_bytes(const Model<T>& model, UnknownCategory unknown_category);

}  // namespace nabla
