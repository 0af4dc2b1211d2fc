// SPDX-License-Identifier: MIT
#include "engine/stages.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

#include "support/models.h"
#include "support/naive_network.h"
#include "support/rounding.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

std::ptrdiff_t waits(const std::vector<Stage<Float64>>& stages) {
  return std::ranges::count(stages, StageCut::kNone, &Stage<Float64>::cut);
}

TEST(Stages, ShardsWaitOnceALayerAndDirectionAndOnlyForBatchNormalisation) {
  for (const bool has_norm : {false, true}) {
    const Topology topology({6, 8, 7, 3}, {kTanh, kTanh, kSoftmax}, has_norm);
    BatchNorm<Float64> norm(topology, 4, 2);
    EXPECT_EQ(norm.layers(), has_norm ? 2U : 0U);
    EXPECT_EQ(waits(feedforward_stages<Float64>(topology, nullptr, &norm)), has_norm ? 2 : 0);
    EXPECT_EQ(waits(backprop_stages<Float64>(topology, &norm)), has_norm ? 2 : 0);
  }
}

TEST(Stages, GoneThroughUncutTheyAreTheFeedforwardOfTheNaiveTwin) {
  const auto model =
      make_model<double>({6, 8, 7, 3}, {kTanh, kGelu, kIdentity}, Cost::kMse, Task::kRegression);
  const Topology& topology = model.network.topology();
  const NaiveNetwork twin(model);
  const RowRange rows{2, 3};
  Workspace<Float64> workspace(topology, 5);
  Random random(3);
  const Matrix<double> inputs = random_values(rows.count, 6, random);
  for (std::size_t r = 0; r < rows.count; ++r)
    std::ranges::copy(inputs.row(r), workspace.dense_inputs(rows).row(r).begin());
  run_stages<Float64>(feedforward_stages<Float64>(topology), model.network, workspace, rows);
  for (std::size_t r = 0; r < rows.count; ++r) {
    const auto row = inputs.row(r);
    const std::vector<Vector> a = twin.forward(Vector(row.begin(), row.end()));
    for (std::size_t i = 1; i < model.network.layers(); ++i)
      for (std::size_t j = 0; j < a[i].size(); ++j)
        EXPECT_ROUNDED(workspace.activation(i, rows)(r, j), a[i][j]);
    // The last layer's bias is left to the cost.
    for (std::size_t j = 0; j < a.back().size(); ++j)
      EXPECT_ROUNDED(workspace.activation(3, rows)(r, j) + model.network.bias(2)[j], a.back()[j]);
  }
}

}  // namespace
}  // namespace nabla
