// SPDX-License-Identifier: MIT
#include "nabla/model/network_options.h"

#include <gtest/gtest.h>

#include "nabla/base/error.h"

#include "support/errors.h"

namespace nabla {
namespace {

using enum Activation;

TEST(NetworkOptions, DefaultsForAClassification) {
  const NetworkPlan plan = plan_network({}, 784, 10, Task::kClassification);
  EXPECT_EQ(plan.widths, (std::vector<std::size_t>{784, 100, 10}));
  EXPECT_EQ(plan.activations, (std::vector<Activation>{kRelu, kSoftmax}));
  EXPECT_EQ(plan.cost, Cost::kCrossEntropy);
}

TEST(NetworkOptions, DefaultsForARegression) {
  const NetworkPlan plan = plan_network({}, 13, 1, Task::kRegression);
  EXPECT_EQ(plan.widths, (std::vector<std::size_t>{13, 100, 1}));
  EXPECT_EQ(plan.activations, (std::vector<Activation>{kRelu, kIdentity}));
  EXPECT_EQ(plan.cost, Cost::kMse);
}

TEST(NetworkOptions, MultiLabelHasSigmoidOutputs) {
  const NetworkPlan plan = plan_network({}, 13, 3, Task::kMultiLabel);
  EXPECT_EQ(plan.activations.back(), kSigmoid);
  EXPECT_EQ(plan.cost, Cost::kCrossEntropy);
  NetworkOptions options;
  for (const Activation output : {kSoftmax, kTanh, kIdentity}) {
    options.output = output;
    expect_in("contradicts data.task = multi-label, expected sigmoid or auto",
              error_of<ConfigError>([&] { plan_network(options, 13, 3, Task::kMultiLabel); }));
  }
}

TEST(NetworkOptions, CostFollowsFromTheOutput) {
  const auto cost = [](Activation output, Task task) {
    NetworkOptions options;
    options.output = output;
    return plan_network(options, 2, 2, task).cost;
  };
  EXPECT_EQ(cost(kSigmoid, Task::kClassification), Cost::kCrossEntropy);
  EXPECT_EQ(cost(kSigmoid, Task::kRegression), Cost::kCrossEntropy);
  EXPECT_EQ(cost(kSoftmax, Task::kClassification), Cost::kCrossEntropy);
  EXPECT_EQ(cost(kTanh, Task::kClassification), Cost::kQuadratic);
  EXPECT_EQ(cost(kIdentity, Task::kClassification), Cost::kQuadratic);
  EXPECT_EQ(cost(kTanh, Task::kRegression), Cost::kMse);
}

TEST(NetworkOptions, TakesWhatIsAskedFor) {
  NetworkOptions options;
  options.hidden = {7, 5};
  options.activation = {kRelu, kTanh};
  options.output = kSigmoid;
  options.input_dropout = 0.2;
  options.dropout = {0.5};
  options.batch_norm = true;
  const NetworkPlan plan = plan_network(options, 3, 2, Task::kClassification);
  EXPECT_EQ(plan.widths, (std::vector<std::size_t>{3, 7, 5, 2}));
  EXPECT_EQ(plan.activations, (std::vector<Activation>{kRelu, kTanh, kSigmoid}));
  EXPECT_EQ(plan.dropout, (std::vector<double>{0.2, 0.5, 0.5}));
  EXPECT_TRUE(plan.batch_norm);
}

TEST(NetworkOptions, OneActivationServesAllHiddenLayers) {
  NetworkOptions options;
  options.activation = {kRelu};
  options.hidden = {4, 4, 4};
  EXPECT_EQ(plan_network(options, 2, 2, Task::kClassification).activations,
            (std::vector<Activation>{kRelu, kRelu, kRelu, kSoftmax}));
  options.hidden = {};
  const NetworkPlan plan = plan_network(options, 2, 2, Task::kClassification);
  EXPECT_EQ(plan.widths, (std::vector<std::size_t>{2, 2}));
  EXPECT_EQ(plan.activations, (std::vector<Activation>{kSoftmax}));
}

std::string error_with(const NetworkOptions& options, Task task = Task::kClassification) {
  return error_of<ConfigError>([&] {
    const NetworkPlan plan = plan_network(options, 3, 2, task);
    Topology(plan.widths, plan.activations);
  });
}

TEST(NetworkOptions, ErrorsNameTheKey) {
  NetworkOptions options;
  options.hidden = {4, 4, 4};
  options.activation = {kRelu, kRelu};
  std::string error = error_with(options);
  expect_in("network.activation", error);
  expect_in("2 activations for 3 hidden layers", error);

  options = {};
  options.activation = {kSoftmax};
  expect_in("network.activation", error_with(options));

  options = {};
  options.hidden = {4, 0};
  expect_in("network", error_with(options));
  expect_in("'0' is out of range", error_with(options));

  options = {};
  options.output = kRelu;
  expect_in("network.output", error_with(options));

  options = {};
  options.output = kSoftmax;
  expect_in("network.output", error_with(options, Task::kRegression));

  options = {};
  options.dropout = {0.1, 0.1};
  expect_in("network.dropout: 2 fractions for 1 hidden layers", error_with(options));

  options = {};
  options.input_dropout = 1;
  expect_in("network.input-dropout: '1' is out of range", error_with(options));
}

}  // namespace
}  // namespace nabla
