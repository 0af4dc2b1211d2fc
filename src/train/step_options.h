// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/data/dataset.h"
#include "nabla/model/model.h"
#include "nabla/train/train_options.h"

#include "engine/plan.h"
#include "engine/step.h"
#include "model/objective.h"

namespace nabla {

/// The cost that a training of the model minimises: that of the options, else the model's own.
/// Throws ConfigError if it is not for the model's outputs.
template <class T>
CostFunction training_cost(const Model<T>& model, const TrainOptions& options);

/// The function that training the model on the rows `train` minimises. Throws as training_cost
/// does, and ConfigError if label smoothing or class weights do not fit the model or the data, see
/// label_smoothing and row_weights.
template <class T>
Objective make_objective(const Model<T>& model, const Dataset& train, const TrainOptions& options);

/// The part of a training's options that concerns each step. Throws ConfigError if the model's
/// dropout fractions are out of range or not as many as its widths but the outputs.
template <class T>
StepOptions step_options(const Model<T>& model, const TrainOptions& options);

NormBounds norm_bounds(const TrainOptions& options);

/// Whether a training of the model on these rows reads them as entries: not if zeros among them
/// would become other inputs, or if their images are deformed.
template <class T>
bool trains_on_entries(const Model<T>& model, const Dataset& train, const TrainOptions& options);

/// The plan by which a training on the rows `train`, read as entries if it is `sparse`, makes its
/// steps; options.precision is that of the model.
StepPlan plan_training(const Topology& topology, const Dataset& train, const TrainOptions& options,
                       const ParallelOptions& parallel, bool sparse);

}  // namespace nabla
