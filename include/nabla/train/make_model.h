// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"
#include "nabla/model/model.h"
#include "nabla/model/network_options.h"
#include "nabla/train/train_options.h"

namespace nabla {

/// Makes the model from which a training on the rows `train` starts, in the precision of the
/// options. It has the network of `network`, whose parameters are drawn from options.seed or read
/// from network.initial; the cost of `options`; the preprocessing of `data`, fitted on the rows;
/// and the task, classes and columns of the rows. Pass the DataOptions that the rows were loaded
/// with: of rows from memory they are normalize, components and standardize_targets alone. Throws
/// as validate, plan_network, fit_preprocess, load_parameters and require_matching do.
AnyModel make_model(const Dataset& train, const NetworkOptions& network = {},
                    const TrainOptions& options = {}, const DataOptions& data = {});

/// The same in the precision of T, which is float or double.
template <class T>
Model<T> make_model(const Dataset& train, const NetworkOptions& network = {},
                    const TrainOptions& options = {}, const DataOptions& data = {});

}  // namespace nabla
