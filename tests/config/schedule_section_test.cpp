// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "nabla/base/error.h"

#include "config/configuration.h"
#include "support/errors.h"

namespace nabla {
namespace {

Configuration parse_schedule(const std::string& text) {
  return parse_configuration(text, "test", {});
}

std::string schedule_error(const std::string& text) {
  return error_of<ConfigError>([&] { parse_schedule(text); });
}

TEST(ScheduleSection, RefusesKeysThatContradictEachOther) {
  expect_in("test.ini:3: schedule.factor: contradicts schedule.policy = plateau",
            schedule_error("[schedule]\npolicy = plateau\nfactor = 1\n"));
  expect_in("test.ini:2: schedule.min-rate: above train.learning-rate = 0.5",
            schedule_error(
                "[schedule]\nmin-rate = 0.6\npolicy = cosine\n[train]\nlearning-rate = 0.5\n"));
  expect_in("schedule.warmup-epochs: more than train.epochs = 30",
            schedule_error("[schedule]\nwarmup-epochs = 31\n[train]\nepochs = 30\n"));
  expect_in("stop.patience: contradicts train.evaluate-every = 0",
            schedule_error("[stop]\npatience = 2\n[train]\nevaluate-every = 0\n"));
  expect_in("schedule.policy: plateau contradicts train.evaluate-every = 0",
            schedule_error("[schedule]\npolicy = plateau\n[train]\nevaluate-every = 0\n"));
}

TEST(ScheduleSection, WarnsOfKeysWithoutEffect) {
  const std::pair<const char*, std::vector<std::string>> cases[] = {
      {"[schedule]\nstep-epochs = 3\nfactor = 0.1\nmin-rate = 0.1\npatience = 2\n",
       {"schedule.step-epochs", "schedule.factor", "schedule.min-rate", "schedule.patience"}},
      {"[schedule]\npolicy = step\nstep-epochs = 3\nfactor = 0.1\nmin-rate = 0.1\n", {}},
      {"[schedule]\npolicy = cosine\nfactor = 0.1\nmin-rate = 0.1\n", {"schedule.factor"}},
      {"[schedule]\npolicy = plateau\nfactor = 0.1\npatience = 2\n[stop]\nmin-delta = 1\n", {}},
      {"[stop]\nmin-delta = 0.1\nrestore-best = no\nmonitor = validation-cost\n",
       {"stop.min-delta", "stop.monitor", "stop.restore-best"}},
      {"[data]\nvalidation = 3\n[stop]\nrestore-best = no\nmonitor = validation-cost\n", {}},
      {"[stop]\npatience = 3\nmin-delta = 0.1\n", {}},
  };
  for (const auto& [text, keys] : cases) {
    const auto warnings = parse_schedule(text).warnings;
    ASSERT_EQ(warnings.size(), keys.size()) << text;
    for (std::size_t i = 0; i < keys.size(); ++i) expect_in(keys[i], warnings[i]);
  }
}

}  // namespace
}  // namespace nabla
