// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "nabla/train/scores.h"

namespace nabla {

/// Counts the pairs of true and predicted class, both [rows].
std::vector<ConfusionCell> confusion_of(std::span<const std::uint32_t> truth,
                                        std::span<const std::uint32_t> predicted);

/// The scores of one class of which `truly` rows are, `predicted` are predicted to be and `hits`
/// are both.
ClassScores class_scores(std::size_t truly, std::size_t predicted, std::size_t hits);

/// Returns the sum of the classes' scores divided by a number; undefined ones count as 0. `weight`
/// gives what each class counts. `rows` is the sum of all.
ClassScores mean_scores(std::span<const ClassScores> classes, double divisor,
                        const std::function<double(const ClassScores&)>& weight);

/// Sets the scores that follow from the confusion matrix of so many classes: `confusion`,
/// `balanced_accuracy`, `mcc`, `classes`, `macro` and `weighted`.
void set_confusion(std::vector<ConfusionCell> confusion, std::size_t classes,
                   ClassificationScores& scores);

}  // namespace nabla
