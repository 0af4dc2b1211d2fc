// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "data/distinct_texts.h"

namespace nabla {

/// Facts about the targets of all rows of data.train, one whole number each, from which
/// TaskChoice::kAuto tells classes from values.
struct WholeTargets {
  std::size_t rows = 0;
  std::size_t different = 0;     ///< number of different ones among them
  bool run_without_gap = false;  ///< they are 0, 1, 2, … or 1, 2, 3, …

  /// Returns whether they are classes: each occurs twice or more on average, and they are few or
  /// run without a gap.
  bool are_classes() const;
  /// Returns a line that says how they are taken and how they could be; empty if no one would read
  /// them otherwise.
  std::string note() const;
};

/// `targets` holds the target of each row, a whole number.
WholeTargets count_whole_targets(std::span<const double> targets);

/// `texts` holds the texts of the whole numbers in so many rows; those of the same value ("1",
/// "1.0") count once.
WholeTargets count_whole_targets(const DistinctTexts& texts, std::size_t rows);

}  // namespace nabla
