// SPDX-License-Identifier: MIT
//
// Networks that were worked out by hand elsewhere, in double.
#include <array>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <tuple>

#include "nabla/train/trainer.h"

#include "support/models.h"
#include "support/naive_evaluation.h"
#include "support/sanitizers.h"

namespace nabla {
namespace {

using namespace testing_support;

double sigmoid(double z) { return 1 / (1 + std::exp(-z)); }

Dataset one_row(const std::vector<double>& inputs, const std::vector<double>& targets) {
  Matrix<double> features(1, inputs.size());
  std::ranges::copy(inputs, features.row(0).begin());
  Dataset data;
  data.features = std::move(features);
  data.task = Task::kRegression;
  data.targets = Matrix<double>(1, targets.size());
  std::ranges::copy(targets, data.targets.row(0).begin());
  return data;
}

/// Matt Mazur, "A step by step backpropagation example": 2-2-2, sigmoid, ½Σ(y−a)², η = 0.5. The
/// weights w1 … w8 run row by row through both layers. All of it once more with plain scalars, each
/// with what rounding may do to it in one step.
struct MazurTwin {
  std::array<Scalar, 8> w = {.15, .20, .25, .30, .40, .45, .50, .55};
  std::array<Scalar, 4> b = {.35, .35, .60, .60};
  bool trains_biases = false;

  Scalar cost() const {
    const auto [h1, h2, o1, o2] = forward();
    return 0.5 * (.01 - o1) * (.01 - o1) + 0.5 * (.99 - o2) * (.99 - o2);
  }

  void step() {
    const auto [h1, h2, o1, o2] = forward();
    const Scalar d3 = (o1 - .01) * o1 * (1 - o1), d4 = (o2 - .99) * o2 * (1 - o2);
    const Scalar d1 = (d3 * w[4] + d4 * w[6]) * h1 * (1 - h1);
    const Scalar d2 = (d3 * w[5] + d4 * w[7]) * h2 * (1 - h2);
    const std::array<Scalar, 8> nabla_w = {d1 * .05, d1 * .10, d2 * .05, d2 * .10,
                                           d3 * h1,  d3 * h2,  d4 * h1,  d4 * h2};
    const std::array<Scalar, 4> nabla_b = {d1, d2, d3, d4};
    for (std::size_t i = 0; i < 8; ++i) w[i] -= 0.5 * nabla_w[i];
    if (trains_biases)
      for (std::size_t i = 0; i < 4; ++i) b[i] -= 0.5 * nabla_b[i];
  }

 private:
  static Scalar sigmoid(const Scalar& z) { return 1 / (1 + exp(-z)); }

  std::array<Scalar, 4> forward() const {
    const Scalar h1 = sigmoid(w[0] * .05 + w[1] * .10 + b[0]);
    const Scalar h2 = sigmoid(w[2] * .05 + w[3] * .10 + b[1]);
    return {h1, h2, sigmoid(w[4] * h1 + w[5] * h2 + b[2]), sigmoid(w[6] * h1 + w[7] * h2 + b[3])};
  }
};

class Mazur : public testing::Test {
 protected:
  Mazur() {
    for (std::size_t i = 0; i < 8; ++i) weight(i) = static_cast<double>(twin_.w[i].value());
    reset_biases();
  }

  double& weight(std::size_t i) { return model_.network.weight(i / 4)(i % 4 / 2, i % 2); }

  void reset_biases() {
    for (std::size_t i = 0; i < 4; ++i) model_.network.bias(i / 2)[i % 2] = i < 2 ? .35 : .60;
  }

  double bias(std::size_t i) { return model_.network.bias(i / 2)[i % 2]; }

  /// One step on the one row, and the twin's from the same parameters. The biases that a step reads
  /// are those from before it, so putting them back afterwards is the same as never training them.
  void step() {
    train(model_, data_, {.epochs = 1, .batch_size = 1, .learning_rate = 0.5, .shuffle = false}, {},
          *executor_);
    if (!twin_.trains_biases) reset_biases();
    twin_.step();
    for (std::size_t i = 0; i < 8; ++i) ASSERT_ROUNDED(weight(i), twin_.w[i]) << "w" << i + 1;
    for (std::size_t i = 0; i < 4; ++i) ASSERT_ROUNDED(bias(i), twin_.b[i]) << "bias " << i;
    for (std::size_t i = 0; i < 8; ++i) twin_.w[i] = weight(i);
    for (std::size_t i = 0; i < 4; ++i) twin_.b[i] = bias(i);
    ASSERT_ROUNDED(cost(), twin_.cost());
  }

  double cost() { return evaluate(model_, data_.train, *executor_).score.cost; }

  MazurTwin twin_;
  std::unique_ptr<Executor> executor_ = make_serial_executor();
  DataSplit data_ = only_train(one_row({.05, .10}, {.01, .99}));
  Model<double> model_ = make_model<double>({2, 2, 2}, {Activation::kSigmoid, Activation::kSigmoid},
                                            Cost::kQuadratic, Task::kRegression);
};

constexpr int kPublishedSteps = 10'000;
/// The sanitizers see in some steps what they would see in all.
constexpr int kSteps = NABLA_SANITIZED == 1 ? 300 : kPublishedSteps;

// Figures are given to half a unit of their last digit, and a cost of 0.3 rounds by less than 5e-15
// (some twenty operations). In 10000 steps, half a unit each moves weights below 4 by 5e-12 at
// most; times the six parameters of the output layer and the slope that the cost has for each by
// then (below 6e-5, with biases trained below 2e-5; those of the hidden layer are far below) that
// is 2e-15 and 6e-16. Steps of descent do not make a distance longer.
TEST_F(Mazur, BiasesFixed) {
  EXPECT_NEAR(cost(), 0.29837110876000, 1e-14);
  step();
  // Published as 0.291027924, which is off by 1.5e-7.
  EXPECT_NEAR(cost(), 0.29102777369360, 1e-14);
  constexpr double kWeights[] = {.14978072, .19956143, .24975114, .29950229,
                                 .35891648, .40866619, .51130127, .56137012};
  for (std::size_t i = 0; i < 8; ++i) EXPECT_NEAR(weight(i), kWeights[i], 5e-9) << "w" << i + 1;
  for (int i = 1; i < kSteps && !HasFatalFailure(); ++i) step();
  if (kSteps == kPublishedSteps) {
    EXPECT_NEAR(cost(), 3.510187783e-5, 5e-15 + 2e-15);
  }
}

TEST_F(Mazur, BiasesTrained) {
  twin_.trains_biases = true;
  EXPECT_NEAR(cost(), 0.29837110876000, 1e-14);
  step();
  EXPECT_NEAR(cost(), 0.28047144679143, 1e-14);
  for (int i = 1; i < kSteps && !HasFatalFailure(); ++i) step();
  if (kSteps == kPublishedSteps) {
    EXPECT_NEAR(cost(), 2.447562236e-6, 5e-16 + 6e-16);
  }
}

/// Lecture notes: 2-2-1, sigmoid, L = (y−ŷ)², x = (0.5, 0.8), y = 0, η = 0.7. Their backward pass
/// is wrong: the sign of ∂L/∂u moves ŷ away from y, and σ'(z) is not what they put in its place.
/// This asserts the chain rule, ∂L/∂u = 2(ŷ−y)ŷ(1−ŷ), and the finite differences.
class LectureNotes : public testing::Test {
 protected:
  LectureNotes() {
    constexpr double kWeights[] = {.2, .4, .6, .8};
    for (std::size_t i = 0; i < 4; ++i) model_.network.weight(0)(i / 2, i % 2) = kWeights[i];
    model_.network.bias(0)[0] = .1;
    model_.network.bias(0)[1] = .2;
    model_.network.weight(1)(0, 0) = .3;
    model_.network.weight(1)(0, 1) = .5;
    model_.network.bias(1)[0] = .4;
  }

  double loss() { return evaluate(model_, data_.train, *executor_).score.cost; }
  double output() { return predict(model_, data_.train, *executor_).outputs(0, 0); }

  std::unique_ptr<Executor> executor_ = make_serial_executor();
  DataSplit data_ = only_train(one_row({.5, .8}, {0}));
  Model<double> model_ = make_model<double>({2, 2, 1}, {Activation::kSigmoid, Activation::kSigmoid},
                                            Cost::kMse, Task::kRegression);
};

constexpr double kLossByU = .2892155200984344;

TEST_F(LectureNotes, Forward) {
  const NaiveEvaluation twin = naive_evaluation(model_, data_.train);
  const Scalar y_hat = naive_forward(NaiveNetwork(model_), model_, data_.train, 0).back()[0];
  EXPECT_ROUNDED(output(), Scalar(.7245179668535154, y_hat.error()));
  EXPECT_ROUNDED(loss(), Scalar(.5249262842935517, twin.cost.error()));
}

TEST_F(LectureNotes, DerivativeFromTheChainRule) {
  const double y_hat = output();
  EXPECT_LT(std::abs(2 * (y_hat - 0) * y_hat * (1 - y_hat) - kLossByU), 1e-14);
  NaiveNetwork twin(model_);
  train(model_, data_, {.epochs = 1, .batch_size = 1, .learning_rate = .7}, {}, *executor_);
  twin.step({features_of(data_.train, 0)}, {targets_of(data_.train, 0)}, .7, 0);
  // u = V·h + b, so the output's bias moves by −η ∂L/∂u, and every other parameter follows from it.
  // A parameter is off by what the twin says that a step rounds it by.
  const double h[] = {sigmoid(.52), sigmoid(1.14)}, v[] = {.3, .5}, x[] = {.5, .8};
  const auto moved = [](double before, double slope, const Scalar& after) {
    return Scalar(before - .7 * slope, after.error());
  };
  const auto& [hidden, last] = std::tie(twin.layers()[0], twin.layers()[1]);
  EXPECT_ROUNDED(model_.network.bias(1)[0], moved(.4, kLossByU, last.b[0]));
  for (std::size_t j = 0; j < 2; ++j) {
    EXPECT_ROUNDED(model_.network.weight(1)(0, j), moved(v[j], kLossByU * h[j], last.w[0][j]));
    const double delta = kLossByU * v[j] * h[j] * (1 - h[j]);
    EXPECT_ROUNDED(model_.network.bias(0)[j],
                   moved(.1 + .1 * static_cast<double>(j), delta, hidden.b[j]));
    for (std::size_t k = 0; k < 2; ++k) {
      const double before = .2 + .4 * static_cast<double>(j) + .2 * static_cast<double>(k);
      EXPECT_ROUNDED(model_.network.weight(0)(j, k), moved(before, delta * x[k], hidden.w[j][k]));
    }
  }
  EXPECT_LT(output(), y_hat) << "a step towards y = 0";
}

TEST_F(LectureNotes, DerivativeFromFiniteDifferences) {
  constexpr double kStep = 1e-5;
  model_.network.bias(1)[0] = .4 + kStep;
  const double above = loss();
  model_.network.bias(1)[0] = .4 - kStep;
  const double below = loss();
  // The third derivative of a sigmoid's square is below 1, which leaves kStep² / 6; either loss
  // rounds by less than 8ε.
  EXPECT_NEAR((above - below) / (2 * kStep), kLossByU,
              kStep * kStep / 6 + 8 * std::numeric_limits<double>::epsilon() / kStep);
}

}  // namespace
}  // namespace nabla
