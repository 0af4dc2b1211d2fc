// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "nabla/data/dataset.h"

namespace nabla {

/// How rows become the folds of a cross-validation.
struct FoldOptions {
  /// Parts the rows are cut into, each of them the test rows once; 2 to the number of rows.
  std::size_t folds = 5;
  /// Seed of the order in which rows are dealt to the folds.
  std::uint64_t seed = 1;
  /// Classification: each class is spread over the folds as evenly as it goes. Unset: yes for a
  /// classification.
  std::optional<bool> stratified = {};
  /// Times the rows are dealt anew; at least 1.
  std::size_t repeats = 1;
};

/// Returns whether rows with such targets are dealt class after class.
inline bool is_stratified(const FoldOptions& options, Task task) {
  return options.stratified.value_or(task == Task::kClassification);
}

/// Throws ConfigError naming the first key that is out of range.
void validate(const FoldOptions& options);

/// The fold, from 0, of each row in one repeat, from 0. Rows are dealt to the folds in turn, in an
/// order drawn from seed and repeat; stratified, class after class. So folds differ by one row at
/// most, and stratified ones by one row of each class at most. Throws as validate does, and
/// ConfigError if there are more folds than rows, or no classes to stratify.
std::vector<std::uint32_t> assign_folds(const Dataset& data, const FoldOptions& options,
                                        std::size_t repeat);

/// The rows of a data set that train for one fold and those that test it, in ascending order.
struct FoldRows {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> test;
};

/// The rows of fold `fold` of an assignment.
FoldRows rows_of_fold(const std::vector<std::uint32_t>& assignment, std::size_t fold);

}  // namespace nabla
