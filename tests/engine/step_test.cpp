// SPDX-License-Identifier: MIT
#include "engine/step.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "support/models.h"
#include "support/naive_network.h"
#include "support/naive_preprocess.h"
#include "support/steps.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

/// Each step, from where the last one led, against that of the naive twin.
void expect_steps_of_twin(Model<double> model, const Dataset& data, const StepsConfig& config) {
  const auto executor = make_executor(2);
  double worst = 0;
  run_steps(model, data, config, *executor,
            [&, before = NaiveNetwork(model)](std::size_t first, std::size_t count,
                                              const BatchResult& result) mutable {
              std::vector<Vector> x, y;
              for (std::size_t i = first; i < first + count; ++i) {
                x.push_back(naive_inputs(model.preprocess, plain_features_of(data, i)));
                y.push_back(targets_of(data, i));
                for (std::size_t j = 0; j < y.back().size(); ++j)
                  y.back()[j] = model.preprocess.targets.standardized(
                      static_cast<double>(y.back()[j].value()), j);
              }
              EXPECT_ROUNDED(result.cost, before.step(x, y, config.rate, config.l2));
              worst = std::max(worst, before.rounding_share(model.network));
              before = NaiveNetwork(model);
            });
  EXPECT_LE(worst, 1);
}

TEST(Step, EqualsTheNaiveTwin) {
  const Dataset data = random_classes(23, 6, 3);
  for (const Reduction reduction : kReductions)
    for (const std::size_t shards : {1UL, 2UL, 3UL, 7UL})
      for (const std::size_t batch : {1UL, 7UL, 10UL, 23UL})
        for (const double l2 : {0.0, 0.1}) {
          SCOPED_TRACE(testing::Message() << name_of(reduction) << ", " << shards
                                          << " shards, batch " << batch << ", l2 " << l2);
          expect_steps_of_twin(make_model<double>({6, 8, 5, 3}, {kSigmoid, kTanh, kSoftmax},
                                                  Cost::kCrossEntropy, Task::kClassification),
                               data, {batch, {1, shards, reduction}, 0.5, l2});
        }
}

TEST(Step, EqualsTheNaiveTwinForOtherOutputsAndCosts) {
  const Dataset data = random_targets(20, 6, 3);
  for (const Reduction reduction : kReductions)
    for (const Activation output : {kSigmoid, kTanh, kIdentity})
      for (const Cost cost : {Cost::kQuadratic, Cost::kMse, Cost::kCrossEntropy}) {
        if (cost == Cost::kCrossEntropy && output != kSigmoid) continue;
        expect_steps_of_twin(
            make_model<double>({6, 8, 3}, {kRelu, output}, cost, Task::kRegression), data,
            {8, {1, 3, reduction}, 0.1});
      }
}

TEST(Step, EqualsTheNaiveTwinForAllActivations) {
  const Dataset data = random_targets(20, 6, 3);
  for (const Activation hidden : hidden_activations())
    for (const Reduction reduction : kReductions) {
      SCOPED_TRACE(name_of(hidden));
      expect_steps_of_twin(make_model<double>({6, 8, 9, 3}, {hidden, hidden, kIdentity}, Cost::kMse,
                                              Task::kRegression),
                           data, {8, {1, 3, reduction}, 0.1});
    }
}

// Gelu keeps its weighted inputs; here its layers are worked on in blocks of neurons.
TEST(Step, EqualsTheNaiveTwinInBlocks) {
  const auto model = make_model<double>({64, 290, 256, 3}, {kGelu, kGelu, kIdentity}, Cost::kMse,
                                        Task::kRegression);
  const StepPlan plan = plan_step(model.network.topology(), 144, {});
  ASSERT_GT(plan.blocks[1].size(), 1U);
  ASSERT_GT(plan.blocks[2].size(), 1U);
  expect_steps_of_twin(model, random_targets(144, 64, 3), {144, {}, 0.01, 0, 1});
}

TEST(Step, EqualsTheNaiveTwinWithoutHiddenLayers) {
  for (const Reduction reduction : kReductions)
    expect_steps_of_twin(
        make_model<double>({6, 3}, {kSoftmax}, Cost::kQuadratic, Task::kClassification),
        random_classes(20, 6, 3), {8, {1, 3, reduction}});
}

TEST(Step, ScalesBytes) {
  auto model = make_model<double>({20, 8, 3}, {kSigmoid, kSoftmax}, Cost::kCrossEntropy,
                                  Task::kClassification);
  model.preprocess.kind = Normalization::kScale;
  expect_steps_of_twin(model, random_bytes(20, 20, 3), {8, {1, 2, Reduction::kTiled}});
}

TEST(Step, PreprocessesInputsAndTargets) {
  const Dataset data = random_targets(40, 6, 3);
  for (const Normalization choice : kNormalizations) {
    const std::size_t inputs = preprocessed_width(choice, 6, 4);
    auto model =
        make_model<double>({inputs, 8, 3}, {kTanh, kIdentity}, Cost::kMse, Task::kRegression);
    model.preprocess = fit_preprocess(choice, data, 4);
    model.preprocess.targets = fit_targets(data);
    expect_steps_of_twin(model, data, {16, {1, 2, Reduction::kTiled}, 0.05});
  }
}

TEST(Step, CountsMisses) {
  auto model = make_model<double>({6, 3}, {kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  const Dataset data = random_classes(20, 6, 3);
  const NaiveNetwork twin(model);
  double misfits = 0;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    const Vector a = twin.forward(features_of(data, i)).back();
    misfits +=
        std::max_element(a.begin(), a.end()) - a.begin() != std::ptrdiff_t{data.labels[i]} ? 1 : 0;
  }
  const auto results = run_steps(model, data, {20, {}, 0.5, 0, 1}, *make_serial_executor());
  EXPECT_EQ(results.at(0).misfit, misfits);
  EXPECT_GT(misfits, 0);
}

TEST(Step, PaddingStaysZero) {
  for (const Reduction reduction : kReductions) {
    auto model =
        make_model<float>({6, 8, 3}, {kTanh, kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
    run_steps(model, random_classes(20, 6, 3), {8, {1, 3, reduction}, 0.5, 0.1},
              *make_serial_executor());
    const auto& topology = model.network.topology();
    EXPECT_EQ(std::ranges::count(model.network.parameters(), 0.0F),
              static_cast<std::ptrdiff_t>(topology.storage() - topology.parameters()));
  }
}

/// A classification that a test changes one option of.
Model<double> steppable() {
  return make_model<double>({6, 8, 3}, {kTanh, kSoftmax}, Cost::kCrossEntropy,
                            Task::kClassification);
}

/// That classification after the three steps of an epoch.
Model<double> stepped(const StepOptions& options, const ParallelOptions& parallel,
                      TileCut cut = TileCut::kAny) {
  auto model = steppable();
  const Dataset data = random_classes(20, 6, 3);
  const Topology& topology = model.network.topology();
  const auto executor = make_serial_executor();
  Step<Float64> step(topology, model.cost, data, model.preprocess,
                     plan_step(topology, 8, parallel, cut), options, *executor);
  const auto rows = first_rows(data.rows());
  for (std::size_t first : {0, 8, 16})
    step.run(model.network, std::span(rows).subspan(first, std::min(8UL, 20 - first)), {0.5});
  return model;
}

TEST(Step, BoundsThatAreNotReachedChangeNothingButRounding) {
  // The twin goes three steps without the network: so few worst cases may multiply.
  NaiveNetwork twin(steppable());
  const Dataset data = random_classes(20, 6, 3);
  for (std::size_t first : {0, 8, 16}) {
    std::vector<Vector> x, y;
    for (std::size_t i = first; i < std::min(first + 8, data.rows()); ++i) {
      x.push_back(features_of(data, i));
      y.push_back(targets_of(data, i));
    }
    twin.step(x, y, 0.5, 0);
  }
  for (const Reduction reduction : kReductions)
    for (const std::size_t shards : {1UL, 3UL}) {
      const ParallelOptions parallel{1, shards, reduction};
      const auto nabla = stepped({.bounds = {.nabla = 1e9}}, parallel);
      const auto neuron = stepped({.bounds = {.neuron = 1e9}}, parallel, TileCut::kWholeNeurons);
      EXPECT_LE(twin.rounding_share(stepped({}, parallel).network), 1);
      EXPECT_LE(twin.rounding_share(nabla.network), 1);
      EXPECT_LE(twin.rounding_share(neuron.network), 1);
    }
}

TEST(Step, BoundsTheNormOfEachNeuron) {
  constexpr double kBound = 0.5;
  for (const Reduction reduction : kReductions) {
    const auto model =
        stepped({.bounds = {.neuron = kBound}}, {1, 3, reduction}, TileCut::kWholeNeurons);
    std::size_t at_bound = 0;
    for (std::size_t i = 0; i < model.network.layers(); ++i) {
      const auto weight = model.network.weight(i);
      for (std::size_t r = 0; r < weight.rows; ++r) {
        long double squares = 0;
        for (const long double w : weight.row(r)) squares += w * w;
        // The root of a sum of squares, what it divides, and a product round.
        const long double rounding = kBound * gamma<double>(weight.cols + 4);
        EXPECT_LE(std::sqrt(squares), kBound + rounding);
        at_bound += std::sqrt(squares) >= kBound - rounding ? 1 : 0;
      }
    }
    EXPECT_GE(at_bound, 3U);
  }
}

}  // namespace
}  // namespace nabla
