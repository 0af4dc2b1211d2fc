// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nabla/train/trainer.h"

#include "sweep/trials.h"

namespace nabla {

/// How a trial ended: one line of trials.csv.
struct TrialResult {
  std::size_t trial = 0;
  std::string status;     ///< "completed", "early-stopped", "diverged" or "failed"
  std::size_t round = 1;  ///< the last one of halving that it took part in
  std::size_t epochs = 0;
  /// Of the best epoch; nothing where it diverged or failed.
  std::size_t best_epoch = 0;
  std::optional<Score> train;
  std::optional<Score> validation;
  std::optional<Score> test;
  double seconds = 0;  ///< of training, as in summary.json
  std::string error;   ///< of a failed one

  bool is_finished() const { return status == "completed" || status == "early-stopped"; }
  /// What trials are ranked by: accuracy (R²) on the validation, else test, else training rows; a
  /// finished trial without a number ranks below those with one.
  double ranking() const;
  /// "validation_accuracy", …: the name of that figure.
  std::string_view ranking_name() const;
};

/// By the trial's number.
using TrialResults = std::map<std::size_t, TrialResult>;

/// The best of the finished ones: of those of the highest round the one with the highest ranking,
/// the first of equals. Null where none has finished.
const TrialResult* best_result(const TrialResults& results);

/// The first line of trials.csv, and that of a result.
std::string results_header(const SweepOptions& sweep);
std::string result_line(const SweepOptions& sweep, const Trial& trial, const TrialResult& result);

/// The results in a trials.csv that belong to these trials. Failed ones are left out: what they
/// failed of may be mended. Of several lines of one trial the last counts.
TrialResults read_results(const std::filesystem::path& file, const SweepOptions& sweep,
                          const std::vector<Trial>& trials);

}  // namespace nabla
