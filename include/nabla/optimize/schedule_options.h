// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace nabla {

/// How the learning rate η falls from epoch to epoch; e counts epochs from 0.
enum class SchedulePolicy {
  kConstant,     ///< η
  kStep,         ///< η·factor^⌊e/step_epochs⌋
  kExponential,  ///< η·factor^e
  kInverse,      ///< η/(1 + factor·e)
  kCosine,       ///< min + (η−min)(1 + cos(πe/epochs))/2
  kPlateau,      ///< ×factor after `patience` evaluations without improvement
};

/// The name used in configurations: "constant", "step", …
std::string_view name_of(SchedulePolicy policy);

/// The learning rate from epoch to epoch.
struct ScheduleOptions {
  SchedulePolicy policy = SchedulePolicy::kConstant;
  /// step: epochs at one rate; at least 1.
  std::size_t step_epochs = 10;
  /// step, exponential, plateau: what the rate is multiplied by; inverse: how fast it falls. Above
  /// 0, for plateau below 1.
  double factor = 0.5;
  /// The rate never falls below it; from 0 to the learning rate.
  double min_rate = 0;
  /// plateau: evaluations without improvement of StopOptions::monitor by more than
  /// StopOptions::min_delta before the rate falls; at least 1.
  std::size_t patience = 5;
  /// Epochs in which mini-batch k (from 0) takes (k+1)/(mini-batches of these epochs) of the rate,
  /// which may then be below min_rate; at most all epochs.
  std::size_t warmup_epochs = 0;
};

/// Throws ConfigError naming the first key that is out of range or contradicts another.
void validate(const ScheduleOptions& options);

}  // namespace nabla
