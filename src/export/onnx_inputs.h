// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "nabla/data/data_options.h"
#include "nabla/model/model.h"

#include "export/onnx_graph.h"

namespace nabla {

/// The type of tensors in T.
template <class T>
inline constexpr OnnxType kOnnxType = OnnxType::kFloat;
template <>
inline constexpr OnnxType kOnnxType<double> = OnnxType::kDouble;

/// Returns whether (x − shift) / divisor of some column is computed in double: if the shift is more
/// than 10 divisors, its rounding to float would be more than 3e-7 of the result.
bool is_far_from_zero(const std::vector<double>& shift, const std::vector<double>& divisor);

/// What the first layer of a graph reads.
struct OnnxInputs {
  OnnxGraph::Tensor tensor;  ///< [rows × inputs], in the network's type
  /// Input k of the tensor is input order[k] of the network, as numbers come before categories.
  std::vector<std::size_t> order;
};

/// Adds the graph's inputs and all that becomes of them before the network: a tensor `features` of
/// all columns of numbers, if there are any, and a text tensor [rows × 1] for each column of
/// categories; missing values, one-hot, normalisation. Adds their names to the metadata, too.
template <class T>
OnnxInputs add_inputs(OnnxGraph& graph, const Model<T>& model, UnknownCategory unknown_category);

}  // namespace nabla
