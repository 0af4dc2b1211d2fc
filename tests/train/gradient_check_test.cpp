// SPDX-License-Identifier: MIT
#include "nabla/train/gradient_check.h"

#include <cmath>
#include <gtest/gtest.h>

#include "nabla/base/error.h"
#include "nabla/train/evaluation.h"

#include "support/features.h"
#include "support/models.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

/// A two-sided difference with h = 1e-4 is off by h²/6, 2e-9, of the third derivative, and by what
/// some hundred roundings of the cost leave over h, γ_100 / h or 2e-10. Both count by what they are
/// of nabla's norm: the tolerance allows for third derivatives of 500 and costs of 5000 times that.
constexpr double kTolerance = 1e-6;

struct Case {
  Activation hidden;
  Activation output;
  Cost cost;
  Task task;
};

std::string describe(const Case& c) {
  std::string text;
  for (const std::string_view part : {name_of(c.hidden), name_of(c.output), name_of(c.cost)})
    (text += part) += '_';
  text += c.task == Task::kClassification ? "classification" : "regression";
  std::erase(text, '-');
  return text;
}

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const Activation hidden : hidden_activations())
    for (const Activation output : {kSigmoid, kSoftmax, kTanh, kIdentity})
      for (const Cost cost : all_costs())
        for (const Task task : {Task::kClassification, Task::kRegression}) {
          if (cost == Cost::kCrossEntropy && output != kSigmoid && output != kSoftmax) continue;
          if (output == kSoftmax && task == Task::kRegression) continue;
          cases.push_back({hidden, output, cost, task});
        }
  return cases;
}

/// Plain, and with penalties and, if they are defined, smoothed labels; the weights of rows
/// come with the penalties.
std::vector<TrainOptions> objectives(Activation output, Task task) {
  const bool smooths = task == Task::kClassification && (output == kSoftmax || output == kSigmoid);
  return {{}, {.l1 = 0.05, .l2 = 0.1, .label_smoothing = smooths ? 0.2 : 0.0}};
}

class GradientCheck : public testing::TestWithParam<Case> {};

TEST_P(GradientCheck, BackpropIsTheDerivativeOfTheCost) {
  const auto [hidden, output, cost, task] = GetParam();
  Dataset data =
      task == Task::kClassification ? random_classes(12, 6, 3) : random_targets(12, 6, 3);
  for (const auto& widths :
       std::vector<std::vector<std::size_t>>{{6, 3}, {6, 8, 3}, {6, 7, 9, 5, 3}})
    for (const TrainOptions& options : objectives(output, task)) {
      data.weights.clear();
      for (std::size_t i = 0; options.l2 > 0 && i < data.rows(); ++i)
        data.weights.push_back(static_cast<double>(i % 3) * 0.75);
      const auto model =
          make_model<double>(widths, activations_of(widths, hidden, output), {cost, 0.3}, task);
      const auto checks = check_gradients(model, data, options);
      ASSERT_EQ(checks.size(), widths.size() - 1);
      for (std::size_t i = 0; i < checks.size(); ++i) {
        EXPECT_EQ(checks[i].layer, i);
        EXPECT_LT(checks[i].relative_error, kTolerance) << "layer " << i << ", l2 " << options.l2;
        EXPECT_LE(checks[i].parameters, (widths[i] + 1) * widths[i + 1]);
        if (hidden != kRelu && hidden != kLeakyRelu && hidden != kElu && cost != Cost::kHuber &&
            options.l1 == 0)
          EXPECT_EQ(checks[i].parameters, (widths[i] + 1) * widths[i + 1]);
        else
          EXPECT_GT(checks[i].parameters, widths[i + 1]);
      }
    }
}

INSTANTIATE_TEST_SUITE_P(All, GradientCheck, testing::ValuesIn(all_cases()),
                         [](const auto& instance) { return describe(instance.param); });

TEST(GradientCheckLimits, LargeLayersAreSampled) {
  const auto model = make_model<double>({40, 30, 4}, {kSigmoid, kSoftmax}, Cost::kCrossEntropy,
                                        Task::kClassification);
  const Dataset data = random_classes(20, 40, 4);
  const auto checks = check_gradients(model, data, {});
  EXPECT_EQ(checks[0].parameters, 200U);
  EXPECT_EQ(checks[1].parameters, 124U);
  for (const LayerCheck& check : checks) EXPECT_LT(check.relative_error, kTolerance);
  EXPECT_NE(check_gradients(model, data, {.seed = 2})[0].relative_error, checks[0].relative_error)
      << "the seed chooses the parameters";
}

// Features so large, and weights so small, that a step of 1e-4 in a weight of the first layer
// bends the cost, which the two-sided difference takes for a part of the slope: analytic and
// numerical nabla differ, and the check has to say so, in that layer and not in the other.
TEST(GradientCheckLimits, SeesThatTheTwoDiffer) {
  auto model = make_model<double>({3, 4, 2}, {kTanh, kIdentity}, Cost::kMse, Task::kRegression);
  Dataset data = random_targets(10, 3, 2);
  Matrix<double> features = copy_of_features(data);
  for (double& x : features.elements()) x *= 1000;
  data.features = std::move(features);
  for (std::size_t r = 0; r < 4; ++r)
    for (double& w : model.network.weight(0).row(r)) w /= 1000;
  const auto checks = check_gradients(model, data, {});
  EXPECT_GT(checks[0].relative_error, 1e-4);
  EXPECT_LT(checks[1].relative_error, kTolerance);
}

// No step may carry a neuron across its kink: all weighted inputs are zero here, so that every
// step of the first layer would.
TEST(GradientCheckLimits, LeavesOutKinks) {
  auto model = make_model<double>({3, 4, 2}, {kRelu, kIdentity}, Cost::kMse, Task::kRegression);
  initialize(model.network, Initializer::kZero, {}, 1);
  const auto checks = check_gradients(model, random_targets(10, 3, 2), {});
  EXPECT_EQ(checks[0].parameters, 0U);
  EXPECT_TRUE(
      std::isnan(checks[0].relative_error));  // a check that compared nothing has not passed
  EXPECT_EQ(checks[1].parameters, 10U);
  EXPECT_LT(checks[1].relative_error, kTolerance);
}

// Nor a weight across the kink of |w|, or a difference across the end of huber's square.
TEST(GradientCheckLimits, LeavesOutKinksOfPenaltyAndCost) {
  auto model = make_model<double>({3, 2}, {kIdentity}, Cost::kMse, Task::kRegression);
  model.network.weight(0)(0, 1) = 0.5e-4;
  model.network.bias(0)[0] = 0.5e-4;
  const Dataset data = random_targets(10, 3, 2);
  EXPECT_EQ(check_gradients(model, data, {})[0].parameters, 8U);
  const LayerCheck check = check_gradients(model, data, {.l1 = 0.5})[0];
  EXPECT_EQ(check.parameters, 7U);
  EXPECT_LT(check.relative_error, kTolerance);

  const Matrix<double> outputs = predict(model, data, *make_serial_executor()).outputs;
  model.cost = {Cost::kHuber, std::abs(outputs(0, 0) - data.targets(0, 0))};
  EXPECT_LT(check_gradients(model, data, {})[0].parameters, 8U);
}

TEST(GradientCheckLimits, RefusesNoRows) {
  const auto model = make_model<double>({3, 2}, {kIdentity}, Cost::kMse, Task::kRegression);
  EXPECT_THROW(check_gradients(model, slice(random_targets(1, 3, 2), 0, 0), {}), DataError);
}

/// With batch normalisation, dropout and everything else that the cost has.
TEST(GradientCheck, CoversBatchNormalisationAndDropout) {
  const std::vector<std::size_t> widths = {6, 9, 7, 3};
  for (const Activation hidden : hidden_activations())
    for (const bool batch_norm : {false, true}) {
      auto model = make_model<double>(widths, activations_of(widths, hidden, kSoftmax),
                                      Cost::kCrossEntropy, Task::kClassification);
      if (batch_norm) {
        model.network =
            Network<double>(Topology(widths, activations_of(widths, hidden, kSoftmax), true));
        initialize(model.network, Initializer::kAuto, {.kind = BiasInitializer::Kind::kGaussian},
                   1);
      }
      TrainOptions options;
      options.l1 = 0.01;
      options.l2 = 0.1;
      options.label_smoothing = 0.1;
      model.dropout = {0.2, 0.5, 0.5};
      const Dataset data = random_classes(12, 6, 3);
      for (const LayerCheck& check : check_gradients(model, data, options)) {
        EXPECT_LT(check.relative_error, kTolerance)
            << name_of(hidden) << (batch_norm ? ", normalised" : "") << ", layer " << check.layer;
        if (batch_norm && check.layer == 0) {
          EXPECT_GT(check.parameters, 6U * 9U) << "γ and β are parameters too";
        }
      }
    }
}

}  // namespace
}  // namespace nabla
