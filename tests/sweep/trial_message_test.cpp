// SPDX-License-Identifier: MIT
#include "sweep/trial_message.h"

#include <gtest/gtest.h>

namespace nabla {
namespace {

TEST(TrialMessage, HasAllOfAResult) {
  TrialMessage message{{}, "a/summary.json: No space left on device"};
  TrialResult& result = message.result;
  result.trial = 7;
  result.status = "failed";
  result.round = 2;
  result.epochs = 30;
  result.model_epoch = 12;
  result.seconds = 1.0 / 3;
  result.error = "what, \"so\"\nand so";
  result.validation = Score{.cost = 0.1, .goodness = 0.9};
  result.crossval = Score{.cost = 0.2, .goodness = 0.8};
  result.crossval_deviation = 0.01;
  const TrialMessage read = trial_message(to_bytes(message));
  EXPECT_EQ(read.write_error, message.write_error);
  EXPECT_EQ(read.result.trial, result.trial);
  EXPECT_EQ(read.result.status, result.status);
  EXPECT_EQ(read.result.round, result.round);
  EXPECT_EQ(read.result.epochs, result.epochs);
  EXPECT_EQ(read.result.model_epoch, result.model_epoch);
  EXPECT_EQ(read.result.seconds, result.seconds);
  EXPECT_EQ(read.result.error, result.error);
  EXPECT_FALSE(read.result.train);
  EXPECT_FALSE(read.result.test);
  EXPECT_EQ(read.result.validation->cost, 0.1);
  EXPECT_EQ(read.result.validation->goodness, 0.9);
  EXPECT_EQ(read.result.crossval->cost, 0.2);
  EXPECT_EQ(read.result.crossval->goodness, 0.8);
  EXPECT_EQ(read.result.crossval_deviation, 0.01);
}

}  // namespace
}  // namespace nabla
