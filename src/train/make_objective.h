// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/data/dataset.h"
#include "nabla/model/model.h"
#include "nabla/train/train_options.h"

#include "data/row_weights.h"
#include "engine/objective.h"

namespace nabla {

/// What training the model on the rows `train` minimises. Throws ConfigError where label smoothing
/// or class weights do not fit the model or the data, see label_smoothing and row_weights.
template <class T>
Objective make_objective(const Model<T>& model, const Dataset& train, const TrainOptions& options) {
  const Topology& topology = model.network.topology();
  return {model.cost,
          label_smoothing(options.label_smoothing, topology.layers().back().activation, model.task,
                          topology.outputs()),
          row_weights(train, options.class_weights)};
}

}  // namespace nabla
