// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "report/axis.h"
#include "report/compared_run.h"
#include "report/plot.h"

namespace nabla::report {

/// Orders numbers by their value, before texts in byte order.
bool is_before(const std::string& a, const std::string& b);

/// Scores from 0 (worst) to 1 (best) by rank, so that one that failed does not hide the others.
std::vector<double> ranks(const std::vector<double>& scores, bool smaller_is_better);

/// One axis of a picture of parallel coordinates. Numbers stand at their values, or at their
/// logarithms if they span a factor of 20; texts are evenly spaced.
class ValueAxis {
 public:
  /// The values of all runs; at least one.
  explicit ValueAxis(const std::vector<std::string>& values);

  /// From 0 to 1, of one of the values.
  double place(const std::string& value) const;

  /// Some of the values at their places, so far apart that their texts do not overlap, both ends
  /// among them.
  std::vector<Tic> marks() const;

 private:
  double scaled(double x) const;

  bool is_number_ = true;
  bool is_log_ = false;
  /// Distinct, in the order of the axis.
  std::vector<std::string> values_;
};

/// The picture of the settings by `keys` and the figure: one line for each run. All runs have the
/// figure. Keys that have the same value in all of them are left out. Not drawable if no key is
/// left.
Plot parallel_coordinates(const std::vector<const ComparedRun*>& runs,
                          const std::vector<std::string>& keys, const std::string& figure,
                          Task task);

}  // namespace nabla::report
