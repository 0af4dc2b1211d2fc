// SPDX-License-Identifier: MIT
//
// A training of PyTorch's with batch normalisation, written by tests/golden/batch_norm.py.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "nabla/train/evaluation.h"

#include "engine/step.h"
#include "support/golden.h"
#include "support/models.h"
#include "support/path_errors.h"
#include "support/places.h"

namespace nabla {
namespace {

using namespace testing_support;

constexpr std::size_t kNormBatch = 6;

void fill(const Json& from, std::span<double> to) {
  std::ranges::copy(from.get<std::vector<double>>(), to.begin());
}

Network<double> normalized_network(const Json& state) {
  using enum Activation;
  Network<double> network(Topology({3, 4, 3, 2}, {kTanh, kGelu, kSoftmax}, true));
  for (std::size_t i = 0; i < 3; ++i) {
    const Matrix<double> weight = matrix_of(state["weights"][i]);
    for (std::size_t r = 0; r < weight.rows(); ++r)
      std::ranges::copy(weight.row(r), network.weight(i).row(r).begin());
    fill(state["biases"][i], network.bias(i));
    if (i == 2) break;
    const Json& norm = state["norms"][i];
    fill(norm["weight"], network.norm_weight(i));
    fill(norm["bias"], network.norm_bias(i));
    fill(norm["running_mean"], network.running_mean(i));
    fill(norm["running_var"], network.running_variance(i));
  }
  return network;
}

/// The roundings of the longest chain of operations in one step: sums over up to 4 inputs and over
/// 6 rows there and back, three layers and two normalisations of theirs, each with a mean, a
/// variance and its root, the activations with their slopes, the cost, and momentum.
constexpr std::size_t kNormStepRoundings = 100;

/// The mean cost of each step from those parameters, the parameters at the end and the
/// probabilities of all rows.
std::vector<double> norm_trained_from(const Json& golden, const ParallelOptions& parallel,
                                      const std::vector<double>& start) {
  Dataset data;
  data.features = matrix_of(golden["inputs"]);
  data.classes = class_names(2);
  data.labels = golden["labels"].get<std::vector<std::uint32_t>>();
  auto model = make_model<double>({3, 2}, {Activation::kSoftmax}, Cost::kCrossEntropy,
                                  Task::kClassification);
  model.network = normalized_network(golden["start"]);
  std::ranges::copy(start, model.network.parameters().begin());
  const auto executor = make_executor(2);
  Step<Float64> step(model.network.topology(), model.cost, data, model.preprocess,
                     plan_step(model.network.topology(), kNormBatch, parallel),
                     {.optimizer = {.algorithm = Algorithm::kMomentum}}, *executor);
  const auto rows = first_rows(data.rows());
  std::vector<double> results;
  for (std::size_t i = 0; i < golden["costs"].size(); ++i) {
    const auto batch = std::span(rows).subspan(i % 3 * kNormBatch, kNormBatch);
    results.push_back(step.run(model.network, batch, {0.1}).cost / kNormBatch);
  }
  const auto parameters = model.network.parameters();
  results.insert(results.end(), parameters.begin(), parameters.end());
  const Matrix<double> probabilities = predict(model, data, *executor);
  for (std::size_t r = 0; r < data.rows(); ++r)
    results.insert(results.end(), probabilities.row(r).begin(), probabilities.row(r).end());
  return results;
}

void expect_norm_training_of_pytorch(const Json& golden, const ParallelOptions& parallel) {
  auto expected = golden["costs"].get<std::vector<double>>();
  const std::size_t steps = expected.size();
  const Network<double> first = normalized_network(golden["start"]),
                        end = normalized_network(golden["end"]);
  expected.insert(expected.end(), end.parameters().begin(), end.parameters().end());
  for (const Json& row : golden["probabilities"])
    for (const Json& x : row) expected.push_back(x.get<double>());
  const std::vector<double> start(first.parameters().begin(), first.parameters().end());
  const auto path = [&](const std::vector<double>& from) {
    return norm_trained_from(golden, parallel, from);
  };
  const std::vector<double> errors = path_errors(path, start, steps * kNormStepRoundings);
  const std::vector<double> actual = path(start);
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i)
    EXPECT_ROUNDED(actual[i], Rounded<double>(expected[i], errors[i])) << i;
}

TEST(StepBatchNorm, TrainsAndPredictsAsPyTorch) {
  std::ifstream file(source_folder() / "tests/golden/batch_norm.json");
  const Json golden = Json::parse(file);
  for (const Reduction reduction : {Reduction::kPerShard, Reduction::kTiled})
    for (const std::size_t shards : {1UL, 4UL}) {
      SCOPED_TRACE(std::string(name_of(reduction)) + ", " + std::to_string(shards) + " shards");
      expect_norm_training_of_pytorch(golden, {0, shards, reduction});
    }
}

}  // namespace
}  // namespace nabla
