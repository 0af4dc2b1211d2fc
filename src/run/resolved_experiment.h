// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "nabla/data/dataset.h"

#include "config/experiment_options.h"

namespace nabla {

/// Returns the options of a training on these rows with what each "auto" became: the values that
/// the training takes, so that it is the same with either. Keys without effect stay as they are,
/// and so do those of [parallel]. Throws as plan_network does.
ExperimentOptions resolved(const ExperimentOptions& options, const Dataset& train);

/// Returns "train.epochs = 200, …" for each key that is "auto" in `given` and not in `chosen`;
/// empty if there is none.
std::string choices_text(const ExperimentOptions& given, const ExperimentOptions& chosen);

/// Returns a warning if the features, which data.normalize = auto leaves as they are, have scales
/// so different that a training suffers.
std::vector<std::string> scales_warnings(const ExperimentOptions& given, const Dataset& train);

}  // namespace nabla
