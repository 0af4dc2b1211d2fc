// SPDX-License-Identifier: MIT
//
// Trajectories of PyTorch's optimisers, written by tests/golden/optimizers.py.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/step.h"
#include "support/golden.h"
#include "support/models.h"
#include "support/path_errors.h"
#include "support/places.h"

namespace nabla {
namespace {

using namespace testing_support;

constexpr int kSteps = 20;

Json golden() {
  std::ifstream file(source_folder() / "tests/golden/optimizers.json");
  return Json::parse(file);
}

/// Copies between a network and PyTorch's list of weight, bias, weight, bias.
Network<double> network_of(const Json& parameters) {
  Network<double> network(Topology({3, 4, 2}, {Activation::kTanh, Activation::kIdentity}));
  for (std::size_t i = 0; i < 2; ++i) {
    const Matrix<double> weight = matrix_of(parameters[2 * i]);
    for (std::size_t r = 0; r < weight.rows(); ++r)
      std::ranges::copy(weight.row(r), network.weight(i).row(r).begin());
    std::ranges::copy(parameters[2 * i + 1].get<std::vector<double>>(), network.bias(i).begin());
  }
  return network;
}

struct Case {
  std::string name;
  double learning_rate;
  StepOptions options;
};

std::vector<Case> cases() {
  using enum Algorithm;
  return {
      {"sgd", 0.1, {}},
      {"sgd with penalties", 0.1, {.penalty = {.l1 = 0.02, .l2 = 0.05}}},
      {"momentum", 0.05, {.optimizer = {.algorithm = kMomentum}, .penalty = {.l2 = 0.01}}},
      {"nesterov", 0.05, {.optimizer = {.algorithm = kNesterov}, .penalty = {.l2 = 0.01}}},
      {"adagrad", 0.1, {.optimizer = {.algorithm = kAdagrad}, .penalty = {.l2 = 0.01}}},
      {"rmsprop", 0.02, {.optimizer = {.algorithm = kRmsprop}, .penalty = {.l1 = 0.01}}},
      {"adam", 0.05, {.optimizer = {.algorithm = kAdam}, .penalty = {.l2 = 0.01}}},
      {"adamw", 0.05, {.optimizer = {.algorithm = kAdamw, .weight_decay = 0.1}}},
      {"sgd with clipping", 0.1, {.bounds = {.nabla = 0.3}}},
  };
}

/// The roundings of the longest chain of operations in one step: sums over 3 inputs, 4 hidden
/// neurons, 2 outputs and 5 rows there and back, tanh and its slope, the cost, and the rule of the
/// optimizer with its penalties, moments and correction.
constexpr std::size_t kStepRoundings = 50;

/// The mean cost of each step from those parameters, then the parameters at the end.
std::vector<double> trajectory(const Json& file, const Case& test, const ParallelOptions& parallel,
                               const std::vector<double>& start) {
  Dataset data;
  data.task = Task::kRegression;
  data.features = matrix_of(file["inputs"]);
  data.targets = matrix_of(file["targets"]);
  const Preprocess preprocess;
  Network<double> network = network_of(file["start"]);
  std::ranges::copy(start, network.parameters().begin());
  const auto executor = make_executor(2);
  Step<Float64> step(network.topology(), Cost::kMse, data, preprocess,
                     plan_step(network.topology(), data.rows(), parallel), test.options, *executor);
  const auto rows = first_rows(data.rows());
  std::vector<double> results;
  for (int i = 0; i < kSteps; ++i)
    results.push_back(step.run(network, rows, {test.learning_rate}).cost /
                      static_cast<double>(rows.size()));
  results.insert(results.end(), network.parameters().begin(), network.parameters().end());
  return results;
}

void expect_trajectory(const Json& file, const Case& test, const ParallelOptions& parallel) {
  const Json& golden_case = file["cases"][test.name];
  auto expected = golden_case["costs"].get<std::vector<double>>();
  const Network<double> end = network_of(golden_case["parameters"]);
  expected.insert(expected.end(), end.parameters().begin(), end.parameters().end());
  const Network<double> first = network_of(file["start"]);
  const std::vector<double> start(first.parameters().begin(), first.parameters().end());
  const auto path = [&](const std::vector<double>& from) {
    return trajectory(file, test, parallel, from);
  };
  const std::vector<double> errors = path_errors(path, start, kSteps * kStepRoundings);
  const std::vector<double> actual = path(start);
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i)
    EXPECT_ROUNDED(actual[i], Rounded<double>(expected[i], errors[i])) << i;
}

TEST(StepGolden, FollowsThePathsOfPyTorch) {
  const Json file = golden();
  ASSERT_EQ(file["cases"].size(), cases().size());
  for (const Case& test : cases())
    for (const Reduction reduction : {Reduction::kPerShard, Reduction::kTiled})
      for (const std::size_t shards : {1UL, 3UL}) {
        SCOPED_TRACE(test.name + ", " + std::string(name_of(reduction)) + ", " +
                     std::to_string(shards) + " shards");
        expect_trajectory(file, test, {0, shards, reduction});
      }
}

}  // namespace
}  // namespace nabla
