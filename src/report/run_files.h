// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "nabla/model/model.h"

#include "config/experiment_options.h"
#include "run/columns.h"

namespace nabla::report {

/// The files that a run has left in its folder. `notes` names those that are missing or damaged.
struct RunFiles {
  std::filesystem::path folder;
  std::string name;         ///< the folder's, for people
  std::string config_text;  ///< config.ini as it is
  std::optional<ExperimentOptions> options;
  /// Every key of config.ini with its value, if it could be read.
  std::vector<std::pair<std::string, std::string>> settings;
  Columns metrics;
  nlohmann::json summary;  ///< null if there is none
  std::optional<AnyModel> model;
  std::string finished;  ///< "2026-01-31 12:00 UTC", empty if it has not
  std::vector<std::string> notes;

  /// "completed", …; without summary.json that the run has not finished.
  std::string status() const;
  Task task() const;
  /// A number of summary.json.
  std::optional<double> figure(const std::string& key) const;
  /// The best epoch by summary.json.
  std::optional<double> best_epoch() const { return figure("best_epoch"); }
  /// The scores in summary.json whose names begin with `prefix`: "best_", or "" for the last epoch.
  RowScores scores(const std::string& prefix) const;
  /// The prefix of the scores of the epoch whose model it is.
  std::string model_prefix() const;
};

/// The folder's own name.
std::string name_of_folder(const std::filesystem::path& folder);

/// `with_model`: also model.safetensors, else the model in a checkpoint.
RunFiles read_run(const std::filesystem::path& folder, bool with_model);

}  // namespace nabla::report
