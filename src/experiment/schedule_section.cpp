// SPDX-License-Identifier: MIT
#include "experiment/option_builders.h"
#include "experiment/option_sections.h"

namespace nabla {

namespace {

double parse_above_zero(std::string_view text) {
  const double value = parse_number(text, "a number above 0");
  if (value <= 0) throw_bad_value(text, "is out of range", "a number above 0");
  return value;
}

double parse_at_least_zero(std::string_view text) {
  const double value = parse_number(text, "a number of at least 0");
  if (value < 0) throw_bad_value(text, "is out of range", "a number of at least 0");
  return value;
}

constexpr std::uint64_t kMostEpochs = 1'000'000'000;

}  // namespace

std::vector<Option> schedule_section() {
  return {
      choice_option(
          "schedule.policy", [](auto& o) -> auto& { return o.train.schedule.policy; },
          choices_of<SchedulePolicy>(all_schedule_policies()),
          "How the learning rate falls from epoch to epoch."),
      whole_option(
          "schedule.step-epochs", [](auto& o) -> auto& { return o.train.schedule.step_epochs; }, 1,
          kMostEpochs, "step: epochs after which the rate is multiplied by the factor."),
      make_option(
          "schedule.factor", "number", "above 0",
          "step, exponential, plateau: what the rate is multiplied by; inverse: η/(1 + factor·e).",
          [](auto& o) -> auto& { return o.train.schedule.factor; }, parse_above_zero,
          write_number<double>),
      make_option(
          "schedule.min-rate", "number", "at least 0", "The rate never falls below it.",
          [](auto& o) -> auto& { return o.train.schedule.min_rate; }, parse_at_least_zero,
          write_number<double>),
      whole_option(
          "schedule.patience", [](auto& o) -> auto& { return o.train.schedule.patience; }, 1,
          kMostEpochs,
          "plateau: evaluations without improvement of stop.monitor before the rate falls."),
      whole_option(
          "schedule.warmup-epochs", [](auto& o) -> auto& { return o.train.schedule.warmup_epochs; },
          0, kMostEpochs,
          "Epochs in which the rate rises to its full size, a little with each mini-batch."),
  };
}

std::vector<Option> stop_section() {
  Choices<std::optional<Monitor>> monitors = {{"auto", std::nullopt},
                                              {"validation-accuracy", Monitor::kValidationAccuracy},
                                              {"validation-cost", Monitor::kValidationCost}};
  return {
      whole_option(
          "stop.patience", [](auto& o) -> auto& { return o.train.stop.patience; }, 0, kMostEpochs,
          "Stop after so many evaluations in turn without improvement; 0: never."),
      make_option(
          "stop.min-delta", "number", "at least 0", "An improvement is by more than this.",
          [](auto& o) -> auto& { return o.train.stop.min_delta; }, parse_at_least_zero,
          write_number<double>),
      choice_option(
          "stop.monitor", [](auto& o) -> auto& { return o.train.stop.monitor; }, monitors,
          "The figure of the validation rows by which epochs are compared; auto: "
          "validation-accuracy, for a regression validation-cost."),
      yes_no_option(
          "stop.restore-best", [](auto& o) -> auto& { return o.train.stop.restore_best; },
          "With stop.patience: the model has the parameters of the best epoch, not of the last."),
  };
}

}  // namespace nabla
