// SPDX-License-Identifier: MIT
#include "sweep/trial_run.h"

#include <gtest/gtest.h>

#include "data/digits.h"

namespace nabla {
namespace {

TEST(SweepWork, CountsTheArraysOfBatchNormalisation) {
  ExperimentOptions options;
  options.network.hidden = {200};
  options.train.batch_size = 50;
  DataSplit data;
  data.train = make_digits(1, 0, 100);
  const double plain = plan_trial(options, data, 1).memory;
  options.network.batch_norm = true;
  EXPECT_GE(plan_trial(options, data, 1).memory - plain, 4.0 * 50 * 200);
}

}  // namespace
}  // namespace nabla
