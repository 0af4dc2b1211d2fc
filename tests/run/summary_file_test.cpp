// SPDX-License-Identifier: MIT
#include "run/summary_file.h"

#include <cmath>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/errors.h"

namespace nabla {
namespace {

// JSON has no NaN and no infinity.
TEST(SummaryFile, FiguresThatAreNoNumbersAreNull) {
  TrainSummary summary;
  summary.epochs = 1;
  summary.last.epoch = 1;
  summary.last.train = {.cost = HUGE_VAL, .goodness = std::nan("")};
  summary.last.test = {.cost = 0.5, .goodness = -HUGE_VAL};
  DataIdentity data;
  data.task = "classification";
  const nlohmann::json json = nlohmann::json::parse(summary_json(summary, data, {}, ""));
  for (const char* key : {"train_cost", "train_accuracy", "test_accuracy", "model_sha256"})
    EXPECT_TRUE(json.at(key).is_null()) << key;
  EXPECT_EQ(json.at("test_cost"), 0.5);
  EXPECT_EQ(json.at("task"), "classification");
}

TEST(SummaryFile, ADivergenceIsNamedAsWhatItIs) {
  Divergence divergence{.epoch = 3, .batch = 7, .rate = 0.1};
  EXPECT_EQ(divergence_text(divergence),
            "epoch 3, mini-batch 7: NaN or infinity; try a train.learning-rate below 0.1");
  divergence.largest_target = 2e5;
  EXPECT_EQ(
      divergence_text(divergence),
      "epoch 3, mini-batch 7: NaN or infinity; the targets reach 200000: scale them first, by "
      "data.standardize-targets, then try a train.learning-rate below 0.1");
  divergence.largest_input = 4000;
  EXPECT_EQ(divergence_text(divergence),
            "epoch 3, mini-batch 7: NaN or infinity; the inputs of the network reach 4000: scale "
            "the features first, by data.normalize, then try a train.learning-rate below 0.1");
  divergence = {.epoch = 1, .batch = 1, .rate = 0.1, .is_initial = true};
  EXPECT_EQ(divergence_text(divergence),
            "epoch 1, mini-batch 1: the initial model's cost is NaN or infinite, before any step; "
            "try smaller parameters, by network.init or network.initial");
  divergence = {.epoch = 1, .batch = 2, .rate = 0.1, .is_by_epsilon = true};
  EXPECT_EQ(divergence_text(divergence),
            "epoch 1, mini-batch 2: NaN, as a parameter whose nabla is 0 was divided by "
            "optimizer.epsilon = 0; try one above 0, such as 1e-8");
  divergence = {.epoch = 2, .rate = 0.1, .rows = "test", .row = 4};
  EXPECT_EQ(divergence_text(divergence),
            "epoch 2, row 4 of the test rows: its prediction is NaN or infinite; expected features "
            "near those trained on, or try a train.learning-rate below 0.1");
  divergence.place = "a.csv:17";
  expect_in("row 4 of the test rows (a.csv:17): its prediction", divergence_text(divergence));
}

}  // namespace
}  // namespace nabla
