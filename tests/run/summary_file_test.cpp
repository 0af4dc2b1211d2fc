// SPDX-License-Identifier: MIT
#include "run/summary_file.h"

#include <cmath>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

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

}  // namespace
}  // namespace nabla
