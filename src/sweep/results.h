// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "run/columns.h"
#include "run/data_identity.h"
#include "sweep/trials.h"

namespace nabla {

/// The statuses that a trial may end with.
inline constexpr const char* kTrialStatuses[] = {"completed", "early-stopped", "diverged",
                                                 "failed"};

/// The score that a trial is ranked by.
struct JudgedScore {
  std::string rows;    ///< "validation", "training", … or "cross-validation", for people
  std::string column;  ///< "validation", "train", … or "crossval"
  Score score;
};

/// How a trial ended: one line of trials.csv. The scores are those of its model, or with
/// sweep.score = crossval the mean over the folds; a trial that diverged or failed has none.
struct TrialResult : RowScores {
  std::optional<Score> crossval = std::nullopt;
  /// Standard deviation of the accuracy (R²) over the folds.
  double crossval_deviation = 0;
  std::size_t trial = 0;
  std::string status;     ///< one of kTrialStatuses
  std::size_t round = 1;  ///< the last one of halving that it took part in
  std::size_t epochs = 0;
  std::size_t model_epoch = 0;  ///< whose model it has left; 0: none
  double seconds = 0;           ///< of training, as in summary.json
  std::string error;            ///< why it failed

  std::optional<JudgedScore> judged() const;
  bool is_finished() const { return status == kTrialStatuses[0] || status == kTrialStatuses[1]; }
  /// Whether it ranks before the other one: by the accuracy (R²) that it is judged by, of equals by
  /// the lower cost. One without scores ranks last.
  bool is_better_than(const TrialResult& other) const;
};

/// By the trial's number.
using TrialResults = std::map<std::size_t, TrialResult>;

std::size_t count_status(const TrialResults& results, const std::string& status);

/// Returns the finished trials, the best first: those of a higher round before the others, then
/// those that are better, then those of a lower number.
std::vector<const TrialResult*> ranked_results(const TrialResults& results);
/// Returns the first of them, null if no trial has finished.
const TrialResult* best_result(const TrialResults& results);

/// The first line of trials.csv.
std::string results_header(const SweepOptions& sweep);
std::string result_line(const SweepOptions& sweep, const Trial& trial, const TrialResult& result);

/// Returns the results in a trials.csv that belong to these trials. Failed ones are left out,
/// because the reason of their failure may be mended; so are those without model_epoch, which
/// version 0.1 wrote with the scores of another epoch than their model's. The last of several lines
/// of a trial counts.
TrialResults read_results(const std::filesystem::path& file, const SweepOptions& sweep,
                          const std::vector<Trial>& trials);

/// The text of summary.json: how the sweep ended, and its best trial. `seconds` is the wall time of
/// this call of the sweep, `data` identifies the best trial's, if there is one.
std::string sweep_json(const ExperimentOptions& options, const std::vector<Trial>& trials,
                       const TrialResults& results, bool interrupted, double seconds,
                       const std::optional<DataIdentity>& data);

}  // namespace nabla
