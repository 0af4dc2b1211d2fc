// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "nabla/engine/ranks.h"

#include "config/configuration.h"
#include "sweep/results.h"
#include "sweep/trial_run.h"
#include "sweep/trials.h"

namespace nabla {

/// The trials and the folder of a sweep that is about to start.
struct SweepStart {
  std::vector<Trial> trials;
  std::vector<SweepRound> rounds;
  /// Trainings that are left to do, and all of them; more than trials if halving has rounds.
  std::size_t missing;
  std::size_t trainings;
  Task task;
  std::filesystem::path folder;
};

/// How far it has come.
struct SweepProgress {
  std::size_t done;  ///< of SweepStart::trainings, earlier ones included
  std::vector<RunningTrial> running;
  /// The best trial so far.
  std::optional<TrialResult> best;
  /// By the work that is done and that is left; not finite before any is done.
  double seconds_left;
};

/// All are called on the thread that called run_sweep; each may be empty.
struct SweepCallbacks {
  std::function<void(const SweepStart&)> on_start;
  std::function<void(const TrialResult&, const SweepProgress&)> on_trial;
  /// About ten times a second.
  std::function<void(const SweepProgress&)> on_tick;
  /// For each line of trials.csv that could not be written when its trial ended.
  std::function<void(const std::string&)> on_warning;
  /// Whether to end after the current mini-batches.
  std::function<bool()> stop;
};

struct SweepResult {
  SweepStart start;
  /// Those of all trials that have ended, in earlier calls too.
  TrialResults results;
  bool interrupted = false;
  /// The first file that could not be written, of a trial too, and why; the sweep went on. Empty:
  /// none.
  std::string write_error;
};

/// Trains every trial that the folder does not hold yet, as many side by side as keep all threads
/// busy. Each leaves the files of a run of its own, and the same model as alone. trials.csv gets a
/// line whenever one ends; in the end its lines are in the order of the trials. A trial that
/// diverges or fails, also because its files cannot be written, is a line too. Throws ConfigError
/// before the first trial if any of them is badly configured, and DataError if the configured data
/// cannot be read.
///
/// Ranks deal the trials of each round among themselves, and all return the results; each writes
/// the folders of its own trials, which it must see where the first one does, and the first one
/// alone writes the rest and calls back, but for `stop`.
SweepResult run_sweep(const Configuration& configuration, const SweepCallbacks& callbacks,
                      Ranks& ranks = lone_rank());

}  // namespace nabla
