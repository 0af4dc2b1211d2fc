// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/data/preprocess.h"
#include "nabla/math/activation.h"
#include "nabla/model/cost.h"
#include "nabla/model/model.h"

#include "model/safetensors.h"

namespace nabla {

/// A model without its parameters: what the metadata of a model file says.
struct ModelDescription {
  std::vector<std::size_t> widths;      ///< inputs, hidden…, outputs
  std::vector<Activation> activations;  ///< one per layer of weights
  bool batch_norm = false;              ///< of the hidden layers
  bool is_bfloat16 = false;             ///< products take operands rounded to bfloat16
  bool sparse = false;                  ///< rows are read as entries
  CostFunction cost;
  Task task = Task::kClassification;
  Preprocess preprocess;
  std::vector<std::string> classes;  ///< empty for a regression
  TableColumns columns;
  OneHot one_hot;
};

template <class T>
ModelDescription description_of(const Model<T>& model);

/// Returns the described model, all parameters 0.
template <class T>
Model<T> described_model(ModelDescription description);

/// Throws DataError if a name of a class, column or category is not UTF-8, which the file format
/// asks for.
safetensors::Metadata to_metadata(const ModelDescription& description);

/// The reverse; `name` stands for the file in errors. At least two widths, all positive, but not
/// bounded otherwise; as many activations as layers; as many classes as outputs. Throws DataError
/// for anything else, unknown keys included, since a newer version's key could change predictions.
ModelDescription parse_metadata(const safetensors::Metadata& metadata, const std::string& name);

}  // namespace nabla
