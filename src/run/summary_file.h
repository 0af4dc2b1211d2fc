// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "nabla/train/trainer.h"

#include "config/experiment_options.h"

namespace nabla {

/// summary.json: how the run ended and what was used. Empty `model_sha256`: no model was written.
std::string summary_json(const TrainSummary& summary, Task task, const ExperimentOptions& options,
                         const std::string& model_sha256);

/// What every summary ends with: seed, precision, version, BLAS, processor, instruction set.
void put_program(nlohmann::ordered_json& json, const ExperimentOptions& options);

/// The processor's name as the system gives it; "unknown" where it does not.
std::string cpu_name();

}  // namespace nabla
