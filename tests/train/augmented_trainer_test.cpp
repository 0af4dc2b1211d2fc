// SPDX-License-Identifier: MIT
#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/train/trainer.h"

#include "data/digits.h"
#include "support/errors.h"
#include "support/models.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

DataSplit digits() { return {make_digits(1, 0, 60), {}, make_digits(1, 60, 60)}; }

Model<float> start() {
  auto model = make_model<float>({784, 10}, {kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  model.preprocess.kind = Normalization::kScale;
  return model;
}

std::vector<float> parameters_of(const Model<float>& model) {
  return {model.network.parameters().begin(), model.network.parameters().end()};
}

// With a rate that moves nothing, costs are those of the rows.
TEST(TrainerAugmentation, DeformsTrainingRowsAnewInEveryEpochAndNoOthers) {
  const DataSplit data = digits();
  const auto executor = make_executor(2);
  Model<float> model = start();
  const double undeformed = evaluate(model, data.train, *executor).score.cost;
  const double test = evaluate(model, data.test, *executor).score.cost;
  std::vector<double> costs = {undeformed};
  TrainCallbacks callbacks;
  callbacks.on_epoch = [&](const EpochReport& report) {
    costs.push_back(report.train.cost);
    EXPECT_EQ(report.test->cost, test);
    return Flow::kContinue;
  };
  TrainOptions options{.epochs = 3, .learning_rate = 1e-300};
  options.augment.affine = true;
  train(model, data, options, {}, *executor, callbacks);
  EXPECT_EQ(parameters_of(model), parameters_of(start()));
  std::ranges::sort(costs);
  EXPECT_EQ(costs.size(), 4U);
  EXPECT_EQ(std::ranges::adjacent_find(costs), costs.end());
}

TEST(TrainerAugmentation, FollowsTheSeed) {
  const DataSplit data = digits();
  const auto executor = make_executor(2);
  const auto trained = [&](std::uint64_t seed, bool elastic) {
    Model<float> model = start();
    TrainOptions options{.epochs = 2, .batch_size = 10, .learning_rate = 0.1, .seed = seed};
    options.shuffle = false;
    options.augment.elastic = elastic;
    train(model, data, options, {}, *executor);
    return parameters_of(model);
  };
  EXPECT_EQ(trained(1, true), trained(1, true));
  EXPECT_NE(trained(1, true), trained(2, true));
  EXPECT_EQ(trained(1, false), trained(2, false));
}

TEST(TrainerAugmentation, RefusesOtherDataThanImages) {
  auto model = make_model<float>({6, 3}, {kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  TrainOptions options;
  options.augment.affine = true;
  const auto executor = make_executor(1);
  expect_in("data.augment: the training rows are not images", error_of<ConfigError>([&] {
              train(model, only_train(random_classes(5, 6, 3)), options, {}, *executor);
            }));
}

}  // namespace
}  // namespace nabla
