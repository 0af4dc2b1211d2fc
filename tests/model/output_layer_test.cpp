// SPDX-License-Identifier: MIT
#include "model/output_layer.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/model/cost.h"

#include "model/objective.h"
#include "support/errors.h"
#include "support/models.h"
#include "support/naive_network.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

/// Weighted inputs z and targets y through an output layer of that many neurons.
template <class T>
class OutputLayer {
 public:
  OutputLayer(Activation output, const CostFunction& cost, Task task,
              const std::vector<std::vector<double>>& z, const std::vector<std::vector<double>>& y,
              const LabelSmoothing& smoothing = {}, const std::vector<double>& weights = {})
      : rows_{0, z.size()},
        network_(Topology({1, z[0].size()}, {output})),
        workspace_(network_.topology(), z.size(), !weights.empty()) {
    for (std::size_t r = 0; r < z.size(); ++r)
      for (std::size_t j = 0; j < z[r].size(); ++j) {
        workspace_.activation(1, rows_)(r, j) = static_cast<T>(z[r][j]);
        workspace_.target(rows_)(r, j) = static_cast<T>(y[r][j]);
      }
    smooth_targets(smoothing, workspace_.target(rows_));
    std::ranges::copy(weights, workspace_.weight(rows_).begin());
    output_layer(network_, cost, task, workspace_, rows_);
  }

  double cost(std::size_t row) { return workspace_.cost(rows_)[row]; }
  double misfit(std::size_t row) { return workspace_.misfit(rows_)[row]; }
  double delta(std::size_t row, std::size_t j) { return workspace_.delta(0, rows_)(row, j); }

 private:
  RowRange rows_;
  Network<T> network_;
  Workspace<Uniform<T>> workspace_;
};

const std::vector<std::vector<double>> kZ = {{0.5, -1.5, 2.0}, {-0.25, 3.0, 0.1}};
const std::vector<std::vector<double>> kLabels = {{0, 1, 0}, {0, 0, 1}};

/// The activations and the twin of an output layer whose weighted inputs are its biases.
struct OutputTwin {
  OutputTwin(Activation output, const CostFunction& cost, Task task, const std::vector<double>& z)
      : network([&] {
          auto model = make_model<double>({1, z.size()}, {output}, cost, task);
          std::ranges::copy(z, model.network.bias(0).begin());
          return NaiveNetwork(model);
        }()),
        activations(network.forward({0})) {}

  NaiveNetwork network;
  std::vector<Vector> activations;
};

/// A figure that someone else computed in double as well.
Scalar given(double figure, const Scalar& twin) { return {figure, 2 * twin.error()}; }

/// Costs and deltas as given, but for what the twin says that rounding may do to them: once here
/// and once in those who gave the figures.
void expect_output(Activation output, const CostFunction& cost, Task task,
                   const std::vector<std::vector<double>>& targets, const LabelSmoothing& smoothing,
                   const std::vector<double>& costs,
                   const std::vector<std::vector<double>>& deltas) {
  OutputLayer<double> layer(output, cost, task, kZ, targets, smoothing);
  Matrix<double> smooth(targets.size(), 3);
  for (std::size_t r = 0; r < costs.size(); ++r)
    std::ranges::copy(targets[r], smooth.row(r).begin());
  smooth_targets(smoothing, smooth.view());
  for (std::size_t r = 0; r < costs.size(); ++r) {
    const OutputTwin twin(output, cost, task, kZ[r]);
    const Vector y(smooth.row(r).begin(), smooth.row(r).end());
    const Vector delta = twin.network.output_delta(twin.activations, y);
    EXPECT_ROUNDED(layer.cost(r), given(costs[r], twin.network.cost(twin.activations.back(), y)));
    for (std::size_t j = 0; j < 3; ++j)
      EXPECT_ROUNDED(layer.delta(r, j), given(deltas[r][j], delta[j])) << r << ", " << j;
  }
}

// PyTorch 1.13, float64: torch.nn.HuberLoss(reduction='none', delta=d)(torch.tanh(z), y).mean(1)
// and z.grad after .sum().backward().
TEST(Huber, EqualsPyTorch) {
  const std::vector<std::vector<double>> y = {{0.2, -3.0, 0.7}, {1.0, 0.5, -0.4}};
  expect_output(kTanh, {Cost::kHuber, 1}, Task::kRegression, y, {},
                {0.554686576646838, 0.3307641064679621},
                {{0.06871381469953604, 0.060235546307882866, 0.006217922105447129},
                 {-0.3133382829354593, 0.0016280761996003699, 0.16490147936450283}});
  expect_output(kTanh, {Cost::kHuber, 0.3}, Task::kRegression, y, {},
                {0.21755450249730682, 0.17896414107153955},
                {{0.06871381469953604, 0.01807066389236486, 0.006217922105447129},
                 {-0.0940014848806378, 0.0009866037165440166, 0.09900662908474397}});
}

TEST(Huber, IsHalfTheMseWithinDelta) {
  const std::vector<std::vector<double>> y = {{0.2, -1.0, 1.7}, {0.5, 2.5, -0.4}};
  OutputLayer<double> huber(kIdentity, {Cost::kHuber, 10}, Task::kRegression, kZ, y);
  OutputLayer<double> mse(kIdentity, Cost::kMse, Task::kRegression, kZ, y);
  for (std::size_t r = 0; r < 2; ++r) {
    // Each is a sum of three squares of differences: 6 roundings of numbers that are not negative.
    const long double rounding = mse.cost(r) * gamma<double>(6);
    EXPECT_ROUNDED(2 * huber.cost(r), Rounded<double>(mse.cost(r), rounding));
  }
}

// PyTorch 1.13, float64: cross_entropy(z, labels, reduction='none', label_smoothing=0.1), and with
// sigmoid binary_cross_entropy_with_logits(z, 0.9 * one_hot + 0.05, reduction='none').sum(1).
TEST(LabelSmoothing, EqualsPyTorch) {
  constexpr Task kTask = Task::kClassification;
  expect_output(kSoftmax, Cost::kCrossEntropy, kTask, kLabels,
                label_smoothing(0.1, kSoftmax, kTask, 3), {3.5424687158982664, 2.90465552039013},
                {{0.14469687217282573, -0.909239565046485, 0.7645426928736593},
                 {0.0021158338004622496, 0.8809127368286434, -0.8830285706291053}});
  expect_output(kSigmoid, Cost::kCrossEntropy, kTask, kLabels,
                label_smoothing(0.1, kSigmoid, kTask, 3), {4.602418273205831, 4.136423431526157},
                {{0.5724593312018545, -0.7675744761936437, 0.8307970779778823},
                 {0.38782349911420194, 0.9025741268224333, -0.42502081252106005}});
}

TEST(LabelSmoothing, RefusesWhatItIsNotDefinedFor) {
  const auto error = [](double amount, Activation output, Task task) {
    return error_of<ConfigError>([&] { label_smoothing(amount, output, task, 3); });
  };
  expect_in("contradicts network.output = tanh", error(0.1, kTanh, Task::kClassification));
  expect_in("contradicts network.output = identity", error(0.1, kIdentity, Task::kClassification));
  expect_in("whose targets are values", error(0.1, kSigmoid, Task::kRegression));
  EXPECT_EQ(label_smoothing(0, kTanh, Task::kRegression, 3).keep, 1);
}

TEST(OutputLayer, WeightsMultiplyCostAndDeltaButNotTheMiss) {
  for (const Cost cost : {Cost::kQuadratic, Cost::kMse, Cost::kCrossEntropy, Cost::kHuber}) {
    OutputLayer<double> plain(kSoftmax, cost, Task::kClassification, kZ, kLabels);
    OutputLayer<double> weighted(kSoftmax, cost, Task::kClassification, kZ, kLabels, {}, {0, 2.5});
    EXPECT_EQ(weighted.cost(0), 0);
    EXPECT_EQ(weighted.cost(1), 2.5 * plain.cost(1));
    for (std::size_t j = 0; j < 3; ++j) {
      EXPECT_EQ(weighted.delta(0, j), 0);
      EXPECT_EQ(weighted.delta(1, j), 2.5 * plain.delta(1, j));
    }
    for (std::size_t r = 0; r < 2; ++r) EXPECT_EQ(weighted.misfit(r), 1);
  }
}

template <class T>
void expect_finite_at_extremes() {
  for (const Activation output : {kSigmoid, kSoftmax, kTanh, kIdentity})
    for (const Cost cost : {Cost::kQuadratic, Cost::kMse, Cost::kCrossEntropy, Cost::kHuber}) {
      if (cost == Cost::kCrossEntropy && output != kSigmoid && output != kSoftmax) continue;
      for (const double label : {0.0, 1.0}) {
        OutputLayer<T> layer(output, cost, Task::kClassification,
                             {{1e4, -1e4, 0}, {-1e4, -1e4, -1e4}},
                             {{label, 1 - label, 0}, {0, label, 1 - label}});
        for (std::size_t r = 0; r < 2; ++r) {
          EXPECT_TRUE(std::isfinite(layer.cost(r))) << name_of(output) << ", " << name_of(cost);
          EXPECT_GE(layer.cost(r), 0);
          for (std::size_t j = 0; j < 3; ++j)
            EXPECT_TRUE(std::isfinite(layer.delta(r, j)))
                << name_of(output) << ", " << name_of(cost);
        }
      }
    }
}

TEST(OutputLayer, ExtremeWeightedInputsGiveNoNan) {
  expect_finite_at_extremes<float>();
  expect_finite_at_extremes<double>();
}

// PyTorch 1.13: cross_entropy and the sum of binary_cross_entropy_with_logits for each label.
TEST(OutputLayer, CrossEntropyOfExtremeWeightedInputsEqualsPyTorch) {
  constexpr double kSoftmaxCost[] = {0, 2e4, 1e4};
  for (std::size_t label = 0; label < 3; ++label) {
    std::vector<double> y(3);
    y[label] = 1;
    const std::vector<std::vector<double>> z = {{1e4, -1e4, 0}};
    OutputLayer<float> softmax(kSoftmax, Cost::kCrossEntropy, Task::kClassification, z, {y});
    EXPECT_EQ(softmax.cost(0), kSoftmaxCost[label]);
    OutputLayer<float> sigmoid(kSigmoid, Cost::kCrossEntropy, Task::kClassification, z, {y});
    // log 2 is of float's precision; costs add up in double.
    constexpr double kLog2 = 0.6931471805599453;
    EXPECT_NEAR(sigmoid.cost(0), kSoftmaxCost[label] + kLog2,
                kLog2 * static_cast<double>(gamma<float>(4)));
  }
}

TEST(OutputLayer, NanPassesThroughEveryCost) {
  for (const Activation output : {kSigmoid, kSoftmax, kTanh, kIdentity})
    for (const Cost cost : {Cost::kQuadratic, Cost::kMse, Cost::kCrossEntropy, Cost::kHuber}) {
      if (cost == Cost::kCrossEntropy && output != kSigmoid && output != kSoftmax) continue;
      OutputLayer<float> layer(output, cost, Task::kClassification, {{std::nan(""), 0, 1}},
                               {{0, 1, 0}});
      EXPECT_TRUE(std::isnan(layer.cost(0))) << name_of(output) << ", " << name_of(cost);
      EXPECT_TRUE(std::isnan(layer.delta(0, 0))) << name_of(output) << ", " << name_of(cost);
    }
}

}  // namespace
}  // namespace nabla
