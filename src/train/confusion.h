// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "nabla/train/scores.h"

namespace nabla {

/// Counts the pairs of true and predicted class, both [rows].
std::vector<ConfusionCell> confusion_of(std::span<const std::uint32_t> truth,
                                        std::span<const std::uint32_t> predicted);

/// Sets the scores that follow from the confusion matrix of so many classes: `confusion`,
/// `balanced_accuracy`, `mcc`, `classes`, `macro` and `weighted`.
void set_confusion(std::vector<ConfusionCell> confusion, std::size_t classes,
                   ClassificationScores& scores);

}  // namespace nabla
