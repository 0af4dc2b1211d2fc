// SPDX-License-Identifier: MIT
#include "nabla/train/make_model.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/train/trainer.h"

#include "support/errors.h"
#include "support/models.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

std::vector<float> parameters(const Model<float>& model) {
  const auto all = model.network.parameters();
  return {all.begin(), all.end()};
}

TEST(MakeModel, HonoursEveryFieldOfTheNetwork) {
  const Dataset rows = random_classes(20, 6, 3);
  NetworkOptions network;
  network.hidden = {5, 4};
  network.activation = {kTanh, kRelu};
  network.output = kSigmoid;
  network.init = Initializer::kZero;
  network.init_bias = {BiasInitializer::Kind::kConstant, 0.5};
  network.dropout = {0.25, 0.5};
  network.input_dropout = 0.125;
  network.batch_norm = true;
  const auto model = make_model<float>(rows, network);
  const Topology& topology = model.network.topology();
  EXPECT_EQ(topology.widths(), (std::vector<std::size_t>{6, 5, 4, 3}));
  EXPECT_EQ(topology.activations(), (std::vector<Activation>{kTanh, kRelu, kSigmoid}));
  EXPECT_TRUE(topology.batch_norm());
  EXPECT_EQ(model.dropout, (std::vector<double>{0.125, 0.25, 0.5}));
  EXPECT_EQ(model.cost, Cost::kCrossEntropy);
  EXPECT_EQ(model.classes, rows.classes);
  EXPECT_EQ(model.network.bias(0)[0], 0.5F);
  EXPECT_EQ(model.network.weight(0).row(0)[0], 0.0F);

  const TempFolder folder;
  const auto other = make_model<float>(rows, {.hidden = {5}}, {.seed = 2});
  save_model(other, folder.path() / "start.safetensors");
  NetworkOptions again;
  again.hidden = {5};
  again.initial = folder.path() / "start.safetensors";
  EXPECT_EQ(parameters(make_model<float>(rows, again)), parameters(other));
  EXPECT_NE(parameters(make_model<float>(rows, {.hidden = {5}})), parameters(other));
}

TEST(MakeModel, HonoursCostPrecisionAndPreprocessing) {
  const Dataset rows = random_targets(30, 6, 2);
  TrainOptions options;
  options.cost = Cost::kHuber;
  options.huber_delta = 0.25;
  DataOptions data;
  data.normalize = Normalization::kPca;
  data.components = 4;
  data.standardize_targets = true;
  options.precision = Precision::kFloat64;
  const AnyModel any = make_model(rows, {}, options, data);
  ASSERT_TRUE(std::holds_alternative<Model<double>>(any));
  const auto& model = std::get<Model<double>>(any);
  EXPECT_EQ(model.cost, CostFunction(Cost::kHuber, 0.25));
  EXPECT_EQ(model.preprocess.kind, Normalization::kPca);
  EXPECT_EQ(model.network.topology().inputs(), 4U);
  EXPECT_FALSE(model.preprocess.targets.is_identity());
  EXPECT_TRUE(std::holds_alternative<Model<float>>(make_model(rows, {})));
}

TEST(MakeModel, TrainingLeavesOutUnitsAndTakesTheOptionsCost) {
  const DataSplit data = only_train(random_classes(40, 6, 3));
  const auto trained = [&](const NetworkOptions& network, const TrainOptions& options) {
    auto model = make_model<float>(data.train, network);
    train(model, data, options, {}, {.threads = 1});
    return model;
  };
  const TrainOptions options{.epochs = 2};
  const auto plain = trained({}, options);
  NetworkOptions dropping;
  dropping.dropout = {0.5};
  EXPECT_NE(parameters(trained(dropping, options)), parameters(plain));
  const auto quadratic = trained({}, {.cost = Cost::kQuadratic, .epochs = 2});
  EXPECT_EQ(quadratic.cost, Cost::kQuadratic);
  EXPECT_NE(parameters(quadratic), parameters(plain));
}

/// The key of the error that the call throws.
template <class Call>
std::string key_of(Call&& call) {
  try {
    call();
  } catch (const ConfigError& error) {
    EXPECT_TRUE(std::string(error.what()).starts_with(error.key() + ": ")) << error.what();
    EXPECT_EQ(error.at("a.ini:3: " + error.key()).what(), "a.ini:3: " + std::string(error.what()));
    return error.key();
  }
  return "none";
}

TEST(OptionRules, ErrorsCarryTheKey) {
  const auto training = [](const TrainOptions& options) {
    return key_of([&] { validate(options); });
  };
  EXPECT_EQ(training({}), "none");
  EXPECT_EQ(training({.huber_delta = 0}), "train.huber-delta");
  EXPECT_EQ(training({.label_smoothing = 1}), "train.label-smoothing");
  EXPECT_EQ(training({.optimizer = {.beta1 = 1}}), "optimizer.beta1");
  EXPECT_EQ(training({.augment = {.rotation = 181}}), "augment.rotation");
  EXPECT_EQ(training({.learning_rate = 0.5, .schedule = {.min_rate = 0.6}}), "schedule.min-rate");
  EXPECT_EQ(training({.epochs = 30, .schedule = {.warmup_epochs = 31}}), "schedule.warmup-epochs");
  EXPECT_EQ(training({.evaluate_every = 0, .stop = {.patience = 1}}), "stop.patience");
  EXPECT_EQ(key_of([] { validate(ParallelOptions{.threads = kMaxThreads + 1}); }),
            "parallel.threads");
  EXPECT_EQ(key_of([] { make_executor(ParallelOptions{.threads = kMaxThreads + 1}); }),
            "parallel.threads");

  NetworkOptions network;
  network.output = kTanh;
  const auto together = [&](const TrainOptions& options, const DataOptions& data = {}) {
    return key_of([&] { validate(options, network, data); });
  };
  EXPECT_EQ(together({}), "none");
  EXPECT_EQ(together({.label_smoothing = 0.1}), "train.label-smoothing");
  network.batch_norm = true;
  EXPECT_EQ(together({.batch_size = 1}), "train.batch-size");
  DataOptions csv;
  csv.source = DataSource::kCsv;
  EXPECT_EQ(together({}, csv), "data.train");
  csv.train = {"a.csv"};
  EXPECT_EQ(together({.augment = {.affine = true}}, csv), "data.augment");
  csv.csv.task = TaskChoice::kRegression;
  EXPECT_EQ(together({.class_weights = {ClassWeights::Kind::kBalanced, {}}}, csv),
            "data.class-weights");
  csv.standardize_targets = true;
  EXPECT_EQ(together({.cost = Cost::kCrossEntropy}, csv), "data.standardize-targets");
  csv.csv.task = TaskChoice::kClassification;
  EXPECT_EQ(together({}, csv), "data.standardize-targets");
}

}  // namespace
}  // namespace nabla
