// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>

namespace nabla {

/// The figure of the validation rows by which epochs are compared: the accuracy (R² of a
/// regression), where more is better, or the cost, where less is.
enum class Monitor { kValidationAccuracy, kValidationCost };

/// Early stopping.
struct StopOptions {
  /// Training stops after so many evaluations in turn without improvement; 0: never. Needs
  /// validation rows.
  std::size_t patience = 0;
  /// An improvement is by more than this; ≥ 0.
  double min_delta = 0;
  /// Nothing: the accuracy of a classification, the cost of a regression.
  std::optional<Monitor> monitor = {};
  /// With patience: the trained model has the parameters of the best epoch, not of the last.
  bool restore_best = true;
};

/// Throws ConfigError naming the first key that is out of range.
void validate(const StopOptions& options);

}  // namespace nabla
