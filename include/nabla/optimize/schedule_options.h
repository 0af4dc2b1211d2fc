// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "nabla/base/kinds.h"

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

/// All that is known of a policy but its formula, which is in src/optimize/schedule.cpp.
struct ScheduleTraits {
  SchedulePolicy kind;
  std::string_view name;  ///< in configurations
  /// The fields of ScheduleOptions that it has.
  bool has_step_epochs = false;
  bool has_factor = false;
  bool has_min_rate = true;
  bool has_patience = false;
  /// Whether the rate of an epoch depends on the number of epochs asked for.
  bool depends_on_epochs = false;
};

inline constexpr ScheduleTraits kSchedulePolicies[] = {
    {.kind = SchedulePolicy::kConstant, .name = "constant", .has_min_rate = false},
    {.kind = SchedulePolicy::kStep, .name = "step", .has_step_epochs = true, .has_factor = true},
    {.kind = SchedulePolicy::kExponential, .name = "exponential", .has_factor = true},
    {.kind = SchedulePolicy::kInverse, .name = "inverse", .has_factor = true},
    {.kind = SchedulePolicy::kCosine, .name = "cosine", .depends_on_epochs = true},
    {.kind = SchedulePolicy::kPlateau, .name = "plateau", .has_factor = true, .has_patience = true},
};
static_assert(is_complete(kSchedulePolicies));

constexpr const ScheduleTraits& traits_of(SchedulePolicy policy) {
  return row_of(kSchedulePolicies, policy);
}

inline constexpr auto kSchedulePolicyKinds = kinds_of(kSchedulePolicies);
/// All policies, in the order of the enumeration.
constexpr std::span<const SchedulePolicy> all_schedule_policies() { return kSchedulePolicyKinds; }

/// The name used in configurations: "constant", "step", …
constexpr std::string_view name_of(SchedulePolicy policy) { return traits_of(policy).name; }
/// The policy of that name, if there is one.
constexpr std::optional<SchedulePolicy> parse_schedule_policy(std::string_view name) {
  return find_kind(kSchedulePolicies, name);
}

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
