// SPDX-License-Identifier: MIT
#include "optimize/schedule.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "nabla/optimize/schedule_options.h"

#include "base/option_builders.h"
#include "optimize/option_rows.h"

namespace nabla {

namespace {

OptionRows<ScheduleOptions> make_schedule_rows() {
  using S = ScheduleOptions;
  using Row = OptionRow<S>;
  const char* const policy = "schedule.policy";
  const auto with = [=](bool ScheduleTraits::*has) {
    return is(policy, names_where(all_schedule_policies(), std::mem_fn(has)));
  };
  constexpr double kMostEpochs = 1'000'000'000;
  return {
      Row::choice(policy, &S::policy, choices_of<SchedulePolicy>(all_schedule_policies()),
                  "How the learning rate falls from epoch to epoch."),
      Row::whole("schedule.step-epochs", &S::step_epochs, from_to(1, kMostEpochs),
                 "step: epochs after which the rate is multiplied by the factor.")
          .only_if({with(&ScheduleTraits::has_step_epochs)}),
      Row::number("schedule.factor", &S::factor, above(0),
                  "step, exponential, plateau: what the rate is multiplied by; inverse: "
                  "η/(1 + factor·e).")
          .only_if({with(&ScheduleTraits::has_factor)}),
      Row::number("schedule.min-rate", &S::min_rate, at_least(0), "The rate never falls below it.")
          .only_if({with(&ScheduleTraits::has_min_rate)}),
      Row::whole("schedule.patience", &S::patience, from_to(1, kMostEpochs),
                 "plateau: evaluations without improvement of stop.monitor before the rate falls.")
          .only_if({with(&ScheduleTraits::has_patience)}),
      Row::whole("schedule.warmup-epochs", &S::warmup_epochs, from_to(0, kMostEpochs),
                 "Epochs in which the rate rises to its full size, a little with each mini-batch."),
  };
}

}  // namespace

const OptionRows<ScheduleOptions>& schedule_rows() {
  static const OptionRows<ScheduleOptions> kRows = make_schedule_rows();
  return kRows;
}

void validate(const ScheduleOptions& options) {
  check_rows(schedule_rows(), options);
  require_option(options.policy != SchedulePolicy::kPlateau || options.factor < 1,
                 "schedule.factor",
                 "contradicts schedule.policy = plateau, expected a number below 1");
}

namespace {

/// Returns the rate before the lower bound.
double free_rate(const ScheduleOptions& options, double rate, SchedulePoint point) {
  const auto epoch = static_cast<double>(point.epoch);
  switch (options.policy) {
    case SchedulePolicy::kConstant:
      return rate;
    case SchedulePolicy::kStep:
      return rate *
             std::pow(options.factor, static_cast<double>(point.epoch / options.step_epochs));
    case SchedulePolicy::kExponential:
      return rate * std::pow(options.factor, epoch);
    case SchedulePolicy::kInverse:
      return rate / (1 + options.factor * epoch);
    case SchedulePolicy::kCosine: {
      const double angle = std::numbers::pi * epoch / static_cast<double>(point.epochs);
      return options.min_rate + (rate - options.min_rate) * (1 + std::cos(angle)) / 2;
    }
    case SchedulePolicy::kPlateau:
      return rate * std::pow(options.factor, static_cast<double>(point.reductions));
  }
  return rate;
}

}  // namespace

double epoch_rate(const ScheduleOptions& options, double learning_rate, SchedulePoint point) {
  return std::max(free_rate(options, learning_rate, point), options.min_rate);
}

double warmup_factor(std::size_t step, std::size_t warmup_steps) {
  if (step >= warmup_steps) return 1;
  return static_cast<double>(step + 1) / static_cast<double>(warmup_steps);
}

}  // namespace nabla
