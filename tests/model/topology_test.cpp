// SPDX-License-Identifier: MIT
#include "nabla/model/topology.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/model/network.h"

#include "model/padding.h"
#include "support/errors.h"

namespace nabla {
namespace {

Topology sigmoid_network(const std::vector<std::size_t>& widths) {
  return {widths, std::vector<Activation>(widths.size() - 1, Activation::kSigmoid)};
}

const std::vector<std::size_t> kShapes[] = {
    {1, 1}, {784, 30, 10}, {3, 5, 2}, {17, 1, 33}, {512, 1024, 16, 7}};

TEST(Topology, KeepsShapesAndActivations) {
  const Topology topology({3, 5, 2}, {Activation::kTanh, Activation::kSoftmax});
  EXPECT_EQ(topology.inputs(), 3U);
  EXPECT_EQ(topology.outputs(), 2U);
  EXPECT_EQ(topology.widths(), (std::vector<std::size_t>{3, 5, 2}));
  EXPECT_EQ(topology.activations(),
            (std::vector<Activation>{Activation::kTanh, Activation::kSoftmax}));
  ASSERT_EQ(topology.layers().size(), 2U);
  EXPECT_EQ(topology.layers()[0].inputs, 3U);
  EXPECT_EQ(topology.layers()[0].outputs, 5U);
  EXPECT_EQ(topology.layers()[1].inputs, 5U);
}

TEST(Topology, CountsParameters) {
  EXPECT_EQ(sigmoid_network({1, 1}).parameters(), 2U);
  EXPECT_EQ(sigmoid_network({784, 30, 10}).parameters(), 784U * 30 + 30 + 30 * 10 + 10);
}

TEST(Topology, EveryArrayStartsOnACacheLine) {
  for (const auto& widths : kShapes) {
    const Topology topology = sigmoid_network(widths);
    for (const Layer& layer : topology.layers()) {
      EXPECT_EQ(layer.weight_offset * sizeof(float) % kAlignment, 0U);
      EXPECT_EQ(layer.weight_stride * sizeof(float) % kAlignment, 0U);
      EXPECT_EQ(layer.bias_offset * sizeof(float) % kAlignment, 0U);
    }
  }
}

// Marks each parameter through the network's own views and counts the marks in the flat array.
TEST(Topology, ParametersDoNotOverlapAndStayInside) {
  for (const auto& widths : kShapes) {
    Network<float> network(sigmoid_network(widths));
    for (std::size_t i = 0; i < network.layers(); ++i) {
      ASSERT_LE(network.topology().layers()[i].bias_offset + network.bias(i).size(),
                network.topology().storage());
      for (std::size_t r = 0; r < network.weight(i).rows; ++r)
        for (float& w : network.weight(i).row(r)) w += 1;
      for (float& b : network.bias(i)) b += 1;
    }
    EXPECT_EQ(std::ranges::count(network.parameters(), 1.0F),
              static_cast<std::ptrdiff_t>(network.topology().parameters()));
    EXPECT_EQ(std::ranges::count(network.parameters(), 0.0F),
              static_cast<std::ptrdiff_t>(network.topology().storage() -
                                          network.topology().parameters()));
  }
}

TEST(Topology, StridesAreWholeLinesAndNeverWholePages) {
  for (std::size_t cols = 1; cols < 3000; ++cols) {
    const std::size_t stride = padded_stride(cols);
    ASSERT_GE(stride, cols);
    ASSERT_LT(stride, cols + 32);
    ASSERT_EQ(stride % 16, 0U);
    ASSERT_NE(stride % 512, 0U);
  }
}

TEST(Topology, RefusesWhatIsNoNetwork) {
  constexpr Activation kSigmoid = Activation::kSigmoid;
  const auto error = [](const std::vector<std::size_t>& widths,
                        const std::vector<Activation>& activations) {
    return error_of<ConfigError>([&] { Topology(widths, activations); });
  };
  expect_in("at least two widths", error({}, {}));
  expect_in("at least two widths", error({3}, {}));
  expect_in("one activation per layer", error({3, 2}, {}));
  expect_in("one activation per layer", error({3, 2}, {kSigmoid, kSigmoid}));
  expect_in("width 0", error({0, 2}, {kSigmoid}));
  expect_in("width 0", error({2, 0}, {kSigmoid}));
  expect_in("layer 1", error({2, 3, 0}, {kSigmoid, kSigmoid}));
  expect_in("softmax", error({2, 3, 2}, {Activation::kSoftmax, kSigmoid}));
  for (const Activation hidden : {Activation::kRelu, Activation::kLeakyRelu, Activation::kElu,
                                  Activation::kGelu, Activation::kSilu, Activation::kSoftplus})
    expect_in(std::string(name_of(hidden)) + " is for hidden layers only",
              error({2, 3, 2}, {kSigmoid, hidden}));
}

}  // namespace
}  // namespace nabla
