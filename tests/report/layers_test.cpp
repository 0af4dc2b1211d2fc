// SPDX-License-Identifier: MIT
#include "report/layers.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <numeric>

#include "support/models.h"

namespace nabla::report {
namespace {

using namespace testing_support;

TEST(ReportLayers, CountsEachNumberOnce) {
  const Histogram histogram = histogram_of({-1, 0, 0, 1, 3}, 4, false);
  EXPECT_EQ(histogram.counts, (std::vector<std::size_t>{1, 2, 1, 1}));
  EXPECT_EQ(histogram.zeros, 2U);
  EXPECT_DOUBLE_EQ(histogram.mean, 0.6);
  EXPECT_NEAR(histogram.deviation, std::sqrt(9.2 / 5), 1e-12);
}

TEST(ReportLayers, TakesLogarithmsOfMagnitudesOtherThanZero) {
  const Histogram histogram = histogram_of({0, -100, 1}, 2, true);
  EXPECT_EQ(histogram.counts, (std::vector<std::size_t>{1, 1}));
  EXPECT_DOUBLE_EQ(histogram.to, 2);
  EXPECT_EQ(histogram.zeros, 1U);
}

TEST(ReportLayers, OneValueHasABinOfItsOwn) {
  const Histogram histogram = histogram_of({7, 7}, 5, false);
  EXPECT_LT(histogram.from, 7);
  EXPECT_GT(histogram.to, 7);
  EXPECT_EQ(std::accumulate(histogram.counts.begin(), histogram.counts.end(), 0U), 2U);
  EXPECT_TRUE(histogram_of({}, 5, false).counts.empty());
}

TEST(ReportLayers, CallsOutDeadAndSaturatedUnits) {
  const std::vector<std::size_t> widths = {4, 6, 5, 3};
  Model<float> model =
      make_model<float>(widths, {Activation::kRelu, Activation::kSigmoid, Activation::kSoftmax},
                        Cost::kCrossEntropy, Task::kClassification);
  std::ranges::fill(model.network.bias(0), 2);
  model.network.bias(0)[2] = -100;  // a relu that never fires
  model.network.bias(1)[0] = 8;     // a sigmoid that is always near 1
  const auto layers = layer_statistics(model, random_classes(50, 4, 3));
  ASSERT_EQ(layers.size(), 3U);
  EXPECT_EQ(layers[0].dead, 1U);
  EXPECT_EQ(layers[0].saturated, 0U);
  EXPECT_EQ(layers[1].dead, 0U);
  EXPECT_EQ(layers[1].saturated, 1U);
  EXPECT_TRUE(layers[2].is_output);
  // The weights into the dead unit have no nabla, nor have those that lead from it.
  EXPECT_GE(layers[0].nabla_w.zeros, 4U);
  EXPECT_GE(layers[1].nabla_w.zeros, 5U);
  EXPECT_EQ(layers[0].activations.values, 50U * 6U);
}

TEST(ReportLayers, NormalisesBeforeItCountsUnits) {
  Network<float> network(Topology({4, 6, 3}, {Activation::kRelu, Activation::kSoftmax}, true));
  initialize(network, Initializer::kHe, {}, 1);
  std::ranges::fill(network.running_mean(0).first(2), 100.0F);  // far above every weighted input
  const Model<float> model{.network = network,
                           .cost = Cost::kCrossEntropy,
                           .preprocess = {},
                           .task = Task::kClassification,
                           .classes = class_names(3)};
  EXPECT_EQ(layer_statistics(model, random_classes(50, 4, 3))[0].dead, 2U);
}

TEST(ReportLayers, KnowsTheWeightsWithoutData) {
  const auto layers = layer_statistics(
      make_model<double>({2, 1}, {Activation::kIdentity}, Cost::kMse, Task::kRegression), {});
  EXPECT_EQ(layers.at(0).weights.values, 2U);
  EXPECT_TRUE(layers.at(0).activations.counts.empty());
}

}  // namespace
}  // namespace nabla::report
