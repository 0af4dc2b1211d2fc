// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "report/run_files.h"

namespace nabla::report {

/// One of several runs that a page compares.
struct ComparedRun {
  std::string name;
  /// Without curves if the run of a trial is not there.
  RunFiles files;
  std::string status;
  /// "section.key" and its value: for a trial those that the sweep varies, else all of config.ini.
  std::vector<std::pair<std::string, std::string>> settings;
  /// Names as in metrics.csv, "seconds" and "samples_per_second"; those of the model.
  std::vector<std::pair<std::string, double>> figures;

  std::string setting(const std::string& key) const;
  std::optional<double> figure(const std::string& column) const;
};

/// A run that stands for itself.
ComparedRun read_compared_run(const std::filesystem::path& folder);

/// The trials of trials.csv, with their runs if these are found in folders named after them. Throws
/// DataError if trials.csv cannot be read.
std::vector<ComparedRun> read_trials(const std::filesystem::path& folder);

/// The keys whose values are not the same in all runs, in the order of the first run that has them.
/// Names of folders aside.
std::vector<std::string> differing_keys(const std::vector<ComparedRun>& runs);

/// Returns regression if all of the runs with a figure are one.
Task task_of(const std::vector<ComparedRun>& runs);

/// The figure that runs are ranked by: the first that any of them has of validation, test and
/// training accuracy, then of their costs; empty if there is none.
std::string ranking_figure(const std::vector<ComparedRun>& runs);

/// Returns how the data of a run differ from the first one's, for people; empty if all runs are on
/// the same data. Those of version 0.1 are compared by their configurations.
std::string data_difference(const std::vector<ComparedRun>& runs);

/// Whether the figure is an accuracy (R² for a regression).
inline bool is_accuracy(const std::string& figure) {
  return figure.find("accuracy") != std::string::npos;
}
/// Whether the smaller of two values of the figure is the better.
inline bool is_cost(const std::string& figure) { return figure.find("cost") != std::string::npos; }

}  // namespace nabla::report
