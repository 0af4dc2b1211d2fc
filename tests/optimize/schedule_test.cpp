// SPDX-License-Identifier: MIT
#include "optimize/schedule.h"

#include <gtest/gtest.h>
#include <limits>
#include <string>

#include "nabla/base/error.h"

#include "support/errors.h"
#include "support/rounding.h"

namespace nabla {
namespace {

using enum SchedulePolicy;

/// Returns the error that the cosine of an angle of at most π adds, for half the rate: the angle's
/// two roundings, up to π times as large, and those of the cosine, the sum and the products.
const double kCosineError = 0.4 * static_cast<double>(testing_support::gamma<double>(8));

// The figures are worked out by hand from the definitions.
TEST(Schedule, RatesByTheirDefinitions) {
  const auto rate = [](SchedulePolicy policy, std::size_t epoch) {
    const ScheduleOptions options{.policy = policy, .step_epochs = 3, .factor = 0.5};
    return epoch_rate(options, 0.8, {.epoch = epoch, .epochs = 10, .reductions = epoch / 4});
  };
  EXPECT_EQ(rate(kConstant, 9), 0.8);
  EXPECT_EQ(rate(kStep, 0), 0.8);
  EXPECT_EQ(rate(kStep, 2), 0.8);
  EXPECT_EQ(rate(kStep, 3), 0.4);
  EXPECT_EQ(rate(kStep, 8), 0.2);
  EXPECT_EQ(rate(kExponential, 0), 0.8);
  EXPECT_EQ(rate(kExponential, 3), 0.1);
  EXPECT_EQ(rate(kInverse, 0), 0.8);
  EXPECT_EQ(rate(kInverse, 2), 0.4);
  EXPECT_EQ(rate(kCosine, 0), 0.8);
  EXPECT_NEAR(rate(kCosine, 5), 0.4, kCosineError);
  EXPECT_NEAR(rate(kCosine, 9), 0.4 * (1 - 0.951056516295153572), kCosineError);
  EXPECT_EQ(rate(kPlateau, 3), 0.8);
  EXPECT_EQ(rate(kPlateau, 8), 0.2);
}

TEST(Schedule, NeverBelowTheMinimum) {
  for (const SchedulePolicy policy : {kStep, kExponential, kInverse, kPlateau}) {
    const ScheduleOptions options{.policy = policy, .factor = 0.1, .min_rate = 0.05};
    EXPECT_EQ(epoch_rate(options, 0.8, {.epoch = 500, .epochs = 1000, .reductions = 9}), 0.05);
  }
  const ScheduleOptions cosine{.policy = kCosine, .min_rate = 0.2};
  EXPECT_NEAR(epoch_rate(cosine, 0.8, {.epoch = 5, .epochs = 10}), 0.5, kCosineError);
  EXPECT_GE(epoch_rate(cosine, 0.8, {.epoch = 10, .epochs = 10}), 0.2);
}

TEST(Schedule, WarmsUpByTheStep) {
  EXPECT_EQ(warmup_factor(0, 4), 0.25);
  EXPECT_EQ(warmup_factor(3, 4), 1);
  EXPECT_EQ(warmup_factor(4, 4), 1);
  EXPECT_EQ(warmup_factor(0, 0), 1);
}

TEST(Schedule, NamesTheKeyOutOfRange) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::pair<ScheduleOptions, const char*> cases[] = {
      {{.step_epochs = 0}, "schedule.step-epochs"},
      {{.patience = 0}, "schedule.patience"},
      {{.factor = 0}, "schedule.factor"},
      {{.factor = infinity}, "schedule.factor"},
      {{.policy = kPlateau, .factor = 1}, "schedule.factor"},
      {{.min_rate = -1}, "schedule.min-rate"},
  };
  for (const auto& [options, key] : cases)
    expect_in(std::string(key) + ": ", error_of<ConfigError>([&bad = options] { validate(bad); }));
  EXPECT_NO_THROW(validate(ScheduleOptions{.min_rate = 0.5, .warmup_epochs = 10}));
}

}  // namespace
}  // namespace nabla
