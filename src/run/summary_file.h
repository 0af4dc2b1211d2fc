// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "nabla/train/trainer.h"

#include "config/experiment_options.h"
#include "run/columns.h"
#include "run/data_identity.h"

namespace nabla {

/// The text of summary.json: how the run ended and what it used. `model_sha256` is empty if no
/// model was written.
std::string summary_json(const TrainSummary& summary, const DataIdentity& data,
                         const ExperimentOptions& options, const std::string& model_sha256);

/// Says where a training diverged and what to try, for errors: "epoch 3, mini-batch 7: NaN or
/// infinity; try a train.learning-rate below 0.1", or as the divergence's own cause asks for.
std::string divergence_text(const Divergence& divergence);

/// Returns the number, or null for NaN and infinity, which JSON does not have.
nlohmann::ordered_json finite_or_null(double value);

/// Puts the scores under the names of their columns, `prefix` before each; null if not measured.
void put_scores(nlohmann::ordered_json& json, const std::string& prefix, const RowScores& scores);

/// Puts the figures that each summary ends with: seed, precision, version, BLAS, processor,
/// instruction set.
void put_program(nlohmann::ordered_json& json, const ExperimentOptions& options);

/// The processor's name as the system gives it, else "unknown".
std::string cpu_name();

}  // namespace nabla
