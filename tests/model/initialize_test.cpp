// SPDX-License-Identifier: MIT
#include "nabla/model/initialize.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <vector>

#include "support/models.h"

namespace nabla {
namespace {

constexpr BiasInitializer kZeroBias;

/// 400-300-200 with relu, then sigmoid.
template <class T>
Network<T> initialized(Initializer weights, const BiasInitializer& biases = kZeroBias,
                       std::uint64_t seed = 1, std::size_t last = 200) {
  Network<T> network(Topology({400, 300, last}, {Activation::kRelu, Activation::kSigmoid}));
  initialize(network, weights, biases, seed);
  return network;
}

std::vector<double> weights_of(const Network<double>& network, std::size_t layer) {
  std::vector<double> weights;
  for (std::size_t r = 0; r < network.weight(layer).rows; ++r)
    std::ranges::copy(network.weight(layer).row(r), std::back_inserter(weights));
  return weights;
}

/// Expects values of mean 0 and this variance, whose fourth moment is kurtosis · variance².
void expect_moments(std::span<const double> values, double variance, double kurtosis) {
  const auto n = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (const double x : values) {
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / n, 0, 4 * std::sqrt(variance / n));
  EXPECT_NEAR(squares / n, variance, 4 * variance * std::sqrt((kurtosis - 1) / n));
}

struct Case {
  Initializer initializer;
  double variance[2];  ///< of the two layers
  double kurtosis;
};

class Initialize : public testing::TestWithParam<Case> {};

TEST_P(Initialize, DrawsWeightsOfItsVariance) {
  const auto& [initializer, variance, kurtosis] = GetParam();
  const auto network = initialized<double>(initializer);
  for (std::size_t i = 0; i < 2; ++i) expect_moments(weights_of(network, i), variance[i], kurtosis);
}

TEST(InitializeAuto, IsHeForRectifiersAndTheirLikeOnly) {
  using enum Activation;
  for (const Activation hidden : testing_support::hidden_activations()) {
    Network<double> network(Topology({400, 100, 2}, {hidden, kIdentity}));
    initialize(network, Initializer::kAuto, kZeroBias, 1);
    const bool is_he = hidden == kRelu || hidden == kLeakyRelu || hidden == kElu ||
                       hidden == kGelu || hidden == kSilu;
    expect_moments(weights_of(network, 0), (is_he ? 2.0 : 1.0) / 400, 3);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Initialize,
                         testing::Values(Case{Initializer::kAuto, {2.0 / 400, 1.0 / 300}, 3},
                                         Case{Initializer::kGaussian, {1, 1}, 3},
                                         Case{Initializer::kLecun, {1.0 / 400, 1.0 / 300}, 3},
                                         Case{Initializer::kGlorot, {2.0 / 700, 2.0 / 500}, 3},
                                         Case{Initializer::kHe, {2.0 / 400, 2.0 / 300}, 3},
                                         Case{Initializer::kUniform, {1.0 / 3, 1.0 / 3}, 9.0 / 5}),
                         [](const auto& instance) {
                           return std::string(name_of(instance.param.initializer));
                         });

TEST(InitializeOptions, ZeroWeights) {
  const auto network = initialized<double>(Initializer::kZero);
  for (const double p : network.parameters()) ASSERT_EQ(p, 0.0);
}

TEST(InitializeOptions, UniformStaysInItsInterval) {
  for (const double w : weights_of(initialized<double>(Initializer::kUniform), 0)) {
    ASSERT_GE(w, -1.0);
    ASSERT_LT(w, 1.0);
  }
}

TEST(InitializeOptions, Biases) {
  using Kind = BiasInitializer::Kind;
  Network<double> network(Topology({1, 100000}, {Activation::kSigmoid}));
  initialize(network, Initializer::kLecun, {Kind::kConstant, -0.25}, 1);
  for (const double b : network.bias(0)) ASSERT_EQ(b, -0.25);
  initialize(network, Initializer::kLecun, {Kind::kGaussian, 0}, 1);
  expect_moments(network.bias(0), 1, 3);
  initialize(network, Initializer::kLecun, {Kind::kUniform, 0}, 1);
  expect_moments(network.bias(0), 1.0 / 3, 9.0 / 5);
}

TEST(InitializeOptions, FollowsFromTheSeedAlone) {
  const BiasInitializer gaussian{BiasInitializer::Kind::kGaussian, 0};
  const auto start = [&](std::uint64_t seed) {
    return initialized<double>(Initializer::kGlorot, gaussian, seed);
  };
  const auto a = start(1), again = start(1), other = start(2);
  EXPECT_TRUE(std::ranges::equal(a.parameters(), again.parameters()));
  EXPECT_NE(a.weight(0)(0, 0), other.weight(0)(0, 0));
  EXPECT_NE(a.bias(0)[0], other.bias(0)[0]);
  EXPECT_NE(a.weight(0)(0, 0), a.weight(1)(0, 0));
  EXPECT_NE(a.weight(0)(0, 0), a.bias(0)[0]);
}

TEST(InitializeOptions, LaterLayersDoNotMatterToEarlierOnes) {
  const auto narrow = initialized<double>(Initializer::kLecun, kZeroBias, 1, 5);
  const auto wide = initialized<double>(Initializer::kLecun, kZeroBias, 1, 50);
  EXPECT_EQ(weights_of(narrow, 0), weights_of(wide, 0));
}

TEST(InitializeOptions, FloatIsDoubleRounded) {
  const BiasInitializer gaussian{BiasInitializer::Kind::kGaussian, 0};
  const auto exact = initialized<double>(Initializer::kAuto, gaussian);
  const auto rounded = initialized<float>(Initializer::kAuto, gaussian);
  EXPECT_TRUE(std::ranges::equal(exact.parameters(), rounded.parameters(),
                                 [](double x, float y) { return static_cast<float>(x) == y; }));
}

TEST(InitializeOptions, PaddingStaysZero) {
  Network<float> network(Topology({3, 5, 2}, {Activation::kTanh, Activation::kTanh}));
  initialize(network, Initializer::kGaussian, {BiasInitializer::Kind::kConstant, 1}, 1);
  EXPECT_EQ(
      std::ranges::count(network.parameters(), 0.0F),
      static_cast<std::ptrdiff_t>(network.topology().storage() - network.topology().parameters()));
}

}  // namespace
}  // namespace nabla
