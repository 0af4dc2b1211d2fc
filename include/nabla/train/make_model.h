// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"
#include "nabla/model/model.h"
#include "nabla/model/network_options.h"
#include "nabla/train/train_options.h"

namespace nabla {

/// The model that a training of the rows `train` starts with: the network of `network`, drawn from
/// options.seed or read from network.initial; the cost of `options`; the preprocessing of `data`,
/// fitted on the rows; and their task, classes and columns. Throws as validate, plan_network,
/// fit_preprocess, load_parameters and require_matching do.
template <class T>
Model<T> make_model(const Dataset& train, const NetworkOptions& network,
                    const TrainOptions& options = {}, const DataOptions& data = {});

/// The same in the type of options.precision.
AnyModel make_model_of_precision(const Dataset& train, const NetworkOptions& network,
                                 const TrainOptions& options = {}, const DataOptions& data = {});

}  // namespace nabla
