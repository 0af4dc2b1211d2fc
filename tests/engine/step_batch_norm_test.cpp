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

void expect_close(double actual, double expected) {
  EXPECT_NEAR(actual, expected, 1e-10 * std::abs(expected));
}

void expect_training_of_pytorch(const Json& golden, const ParallelOptions& parallel) {
  Dataset data;
  data.features = matrix_of(golden["inputs"]);
  data.classes = class_names(2);
  data.labels = golden["labels"].get<std::vector<std::uint32_t>>();
  auto model = make_model<double>({3, 2}, {Activation::kSoftmax}, Cost::kCrossEntropy,
                                  Task::kClassification);
  model.network = normalized_network(golden["start"]);
  const auto executor = make_executor(2);
  Step<double> step(model.network.topology(), model.cost, data, model.preprocess,
                    plan_step(model.network.topology(), kNormBatch, parallel),
                    {.optimizer = {.algorithm = Algorithm::kMomentum}}, *executor);
  const auto rows = first_rows(data.rows());
  for (std::size_t i = 0; i < golden["costs"].size(); ++i) {
    const auto batch = std::span(rows).subspan(i % 3 * kNormBatch, kNormBatch);
    expect_close(step.run(model.network, batch, {0.1}).cost / kNormBatch, golden["costs"][i]);
  }
  const Network<double> end = normalized_network(golden["end"]);
  for (std::size_t p = 0; p < end.parameters().size(); ++p)
    expect_close(model.network.parameters()[p], end.parameters()[p]);
  const Matrix<double> expected = matrix_of(golden["probabilities"]);
  const Matrix<double> actual = predict(model, data, *executor);
  for (std::size_t r = 0; r < data.rows(); ++r)
    for (std::size_t j = 0; j < 2; ++j) expect_close(actual(r, j), expected(r, j));
}

TEST(StepBatchNorm, TrainsAndPredictsAsPyTorch) {
  std::ifstream file(source_folder() / "tests/golden/batch_norm.json");
  const Json golden = Json::parse(file);
  for (const Reduction reduction : {Reduction::kPerShard, Reduction::kTiled})
    for (const std::size_t shards : {1UL, 4UL}) {
      SCOPED_TRACE(std::string(name_of(reduction)) + ", " + std::to_string(shards) + " shards");
      expect_training_of_pytorch(golden, {0, shards, reduction});
    }
}

}  // namespace
}  // namespace nabla
