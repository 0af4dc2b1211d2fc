// SPDX-License-Identifier: MIT
#include "engine/step.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "data/epoch_order.h"
#include "support/allocation_counter.h"
#include "support/models.h"
#include "support/naive_network.h"
#include "support/naive_preprocess.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

constexpr Reduction kReductions[] = {Reduction::kPerShard, Reduction::kTiled};

/// A classification in uint8, as MNIST is stored.
Dataset random_bytes(std::size_t rows, std::size_t inputs, std::size_t classes) {
  Dataset data = random_classes(rows, inputs, classes);
  Matrix<std::uint8_t> features(rows, inputs);
  Random random(2);
  for (std::uint8_t& x : features.elements()) x = static_cast<std::uint8_t>(random.below(256));
  data.features = std::move(features);
  return data;
}

/// Every part of a step at once.
StepOptions everything(std::size_t layers) {
  StepOptions options{.optimizer = {.algorithm = Algorithm::kAdamw},
                      .penalty = {.l1 = 1e-4, .l2 = 1e-3},
                      .bounds = {.neuron = 2, .nabla = 0.5},
                      .dropout = std::vector<double>(layers, 0.5),
                      .seed = 3};
  options.dropout.front() = 0.2;
  return options;
}

struct Config {
  std::size_t batch;
  ParallelOptions parallel;
  double rate = 0.5;
  double l2 = 0;
  std::size_t epochs = 2;
};

StepOptions options_of(const Config& config) {
  StepOptions options;
  options.penalty.l2 = config.l2;
  return options;
}

/// Steps the model through the data in order, mini-batch by mini-batch, the last one ragged where
/// it falls so. Returns what each mini-batch cost.
template <class T>
std::vector<BatchResult> run_steps(Model<T>& model, const Dataset& data, const Config& config,
                                   Executor& executor) {
  const Topology& topology = model.network.topology();
  Step<T> step(topology, model.cost, data, model.preprocess,
               plan_step(topology, config.batch, config.parallel), options_of(config), executor);
  const auto rows = first_rows(data.rows());
  std::vector<BatchResult> results;
  for (std::size_t epoch = 0; epoch < config.epochs; ++epoch)
    for (std::size_t first = 0; first < rows.size(); first += config.batch) {
      const std::size_t count = std::min(config.batch, rows.size() - first);
      results.push_back(
          step.run(model.network, std::span(rows).subspan(first, count), {config.rate}));
    }
  return results;
}

/// The same steps by the naive twin, compared.
void expect_equal_to_twin(Model<double> model, const Dataset& data, const Config& config) {
  NaiveNetwork twin(model);
  const auto executor = make_executor(2);
  const auto results = run_steps(model, data, config, *executor);
  std::size_t batch = 0;
  for (std::size_t epoch = 0; epoch < config.epochs; ++epoch)
    for (std::size_t first = 0; first < data.rows(); first += config.batch) {
      std::vector<Vector> x, y;
      for (std::size_t i = first; i < std::min(first + config.batch, data.rows()); ++i) {
        x.push_back(naive_inputs(model.preprocess, features_of(data, i)));
        y.push_back(targets_of(data, i));
        for (std::size_t j = 0; j < y.back().size(); ++j)
          y.back()[j] = model.preprocess.targets.standardized(y.back()[j], j);
      }
      const double cost = twin.step(x, y, config.rate, config.l2);
      ASSERT_NEAR(results.at(batch++).cost, cost, 1e-12 * (1 + cost));
    }
  EXPECT_EQ(batch, results.size());
  EXPECT_LT(twin.distance(model.network), 1e-12);
}

TEST(Step, EqualsTheNaiveTwin) {
  const Dataset data = random_classes(23, 6, 3);
  for (const Reduction reduction : kReductions)
    for (const std::size_t shards : {1UL, 2UL, 3UL, 7UL})
      for (const std::size_t batch : {1UL, 7UL, 10UL, 23UL})
        for (const double l2 : {0.0, 0.1}) {
          SCOPED_TRACE(testing::Message() << name_of(reduction) << ", " << shards
                                          << " shards, batch " << batch << ", l2 " << l2);
          expect_equal_to_twin(make_model<double>({6, 8, 5, 3}, {kSigmoid, kTanh, kSoftmax},
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
        expect_equal_to_twin(
            make_model<double>({6, 8, 3}, {kRelu, output}, cost, Task::kRegression), data,
            {8, {1, 3, reduction}, 0.1});
      }
}

TEST(Step, EqualsTheNaiveTwinForAllActivations) {
  const Dataset data = random_targets(20, 6, 3);
  for (const Activation hidden :
       {kIdentity, kSigmoid, kTanh, kRelu, kLeakyRelu, kElu, kGelu, kSoftplus})
    for (const Reduction reduction : kReductions) {
      SCOPED_TRACE(name_of(hidden));
      expect_equal_to_twin(make_model<double>({6, 8, 9, 3}, {hidden, hidden, kIdentity}, Cost::kMse,
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
  expect_equal_to_twin(model, random_targets(144, 64, 3), {144, {}, 0.01, 0, 1});
}

TEST(Step, EqualsTheNaiveTwinWithoutHiddenLayers) {
  for (const Reduction reduction : kReductions)
    expect_equal_to_twin(
        make_model<double>({6, 3}, {kSoftmax}, Cost::kQuadratic, Task::kClassification),
        random_classes(20, 6, 3), {8, {1, 3, reduction}});
}

TEST(Step, ScalesBytes) {
  auto model = make_model<double>({20, 8, 3}, {kSigmoid, kSoftmax}, Cost::kCrossEntropy,
                                  Task::kClassification);
  model.preprocess.kind = Preprocess::Kind::kScale;
  expect_equal_to_twin(model, random_bytes(20, 20, 3), {8, {1, 2, Reduction::kTiled}});
}

TEST(Step, PreprocessesInputsAndTargets) {
  const Dataset data = random_targets(40, 6, 3);
  for (const NormalizeChoice choice : kNormalizeChoices) {
    const std::size_t inputs = preprocessed_width(choice, 6, 4);
    auto model =
        make_model<double>({inputs, 8, 3}, {kTanh, kIdentity}, Cost::kMse, Task::kRegression);
    model.preprocess = fit_preprocess(choice, data, 4);
    model.preprocess.targets = fit_targets(data);
    expect_equal_to_twin(model, data, {16, {1, 2, Reduction::kTiled}, 0.05});
  }
}

TEST(Step, CountsMisses) {
  auto model = make_model<double>({6, 3}, {kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  const Dataset data = random_classes(20, 6, 3);
  const NaiveNetwork twin(model);
  double misses = 0;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    const Vector a = twin.forward(features_of(data, i)).back();
    misses += std::ranges::max_element(a) - a.begin() != std::ptrdiff_t{data.labels[i]} ? 1 : 0;
  }
  const auto results = run_steps(model, data, {20, {}, 0.5, 0, 1}, *make_serial_executor());
  EXPECT_EQ(results.at(0).miss, misses);
  EXPECT_GT(misses, 0);
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

/// A classification step by step, with one option changed.
Model<double> stepped(const StepOptions& options, const ParallelOptions& parallel,
                      TileCut cut = TileCut::kAny) {
  auto model =
      make_model<double>({6, 8, 3}, {kTanh, kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  const Dataset data = random_classes(20, 6, 3);
  const Topology& topology = model.network.topology();
  const auto executor = make_serial_executor();
  Step<double> step(topology, model.cost, data, model.preprocess,
                    plan_step(topology, 8, parallel, cut), options, *executor);
  const auto rows = first_rows(data.rows());
  for (std::size_t first : {0, 8, 16})
    step.run(model.network, std::span(rows).subspan(first, std::min(8UL, 20 - first)), {0.5});
  return model;
}

/// The largest difference between two networks' parameters.
double distance(const Model<double>& a, const Model<double>& b) {
  double largest = 0;
  for (std::size_t p = 0; p < a.network.parameters().size(); ++p)
    largest = std::max(largest, std::abs(a.network.parameters()[p] - b.network.parameters()[p]));
  return largest;
}

TEST(Step, BoundsThatAreNotReachedChangeNothingButRounding) {
  for (const Reduction reduction : kReductions)
    for (const std::size_t shards : {1UL, 3UL}) {
      const ParallelOptions parallel{1, shards, reduction};
      const auto plain = stepped({}, parallel);
      EXPECT_LT(distance(stepped({.bounds = {.nabla = 1e9}}, parallel), plain), 1e-14);
      EXPECT_LT(
          distance(stepped({.bounds = {.neuron = 1e9}}, parallel, TileCut::kWholeNeurons), plain),
          1e-14);
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
        double squares = 0;
        for (const double w : weight.row(r)) squares += w * w;
        EXPECT_LE(std::sqrt(squares), kBound * (1 + 1e-12));
        at_bound += std::sqrt(squares) > kBound * (1 - 1e-12) ? 1 : 0;
      }
    }
    EXPECT_GE(at_bound, 3U);
  }
}

struct Shape {
  std::vector<std::size_t> widths;
  std::size_t batch;
  std::size_t rows;
};

/// Mini-batches that are worth threads, so that the tasks really run on all of them; the second
/// does not divide into its shards, and the third has layers of several blocks and tiles and a
/// ragged last mini-batch.
const Shape kShapes[] = {
    {{784, 30, 10}, 256, 512}, {{200, 96, 10}, 250, 500}, {{128, 290, 256, 10}, 144, 400}};

template <class T>
std::vector<T> trained_parameters(const Shape& shape, const ParallelOptions& parallel,
                                  std::size_t threads) {
  auto model = make_model<T>(shape.widths, activations_of(shape.widths, kSigmoid, kSoftmax),
                             Cost::kCrossEntropy, Task::kClassification);
  model.preprocess.kind = Preprocess::Kind::kScale;
  const auto executor = make_executor(threads);
  run_steps(model, random_bytes(shape.rows, shape.widths.front(), 10),
            {shape.batch, parallel, 0.5, 1e-3}, *executor);
  const auto parameters = model.network.parameters();
  return {parameters.begin(), parameters.end()};
}

template <class T>
void expect_same_bytes() {
  for (const Shape& shape : kShapes)
    for (const Reduction reduction : kReductions)
      for (const std::size_t shards : {0UL, 7UL, 8UL}) {
        const ParallelOptions parallel{0, shards, reduction};
        const Topology topology(shape.widths, activations_of(shape.widths, kSigmoid, kSoftmax));
        ASSERT_TRUE(plan_step(topology, shape.batch, parallel).worth_threads);
        const auto expected = trained_parameters<T>(shape, parallel, 1);
        for (const std::size_t threads : {2UL, 3UL, 8UL, 32UL}) {
          const auto actual = trained_parameters<T>(shape, parallel, threads);
          EXPECT_EQ(std::memcmp(actual.data(), expected.data(), actual.size() * sizeof(T)), 0)
              << name_of(reduction) << ", " << shape.widths[0] << " inputs, " << shards
              << " shards, " << threads << " threads";
        }
      }
}

/// A network with batch normalisation after two epochs with everything that a step can do.
std::vector<float> trained_with_everything(const Shape& shape, Reduction reduction,
                                           std::size_t threads) {
  auto model = make_model<float>(shape.widths, activations_of(shape.widths, kGelu, kSoftmax),
                                 Cost::kCrossEntropy, Task::kClassification);
  model.network =
      Network<float>(Topology(shape.widths, activations_of(shape.widths, kGelu, kSoftmax), true));
  initialize(model.network, Initializer::kAuto, {}, 1);
  model.preprocess.kind = Preprocess::Kind::kScale;
  const auto executor = make_executor(threads);
  const Dataset data = random_bytes(shape.rows, shape.widths.front(), 10);
  const Topology& topology = model.network.topology();
  Step<float> step(topology, model.cost, data, model.preprocess,
                   plan_step(topology, shape.batch, {0, 0, reduction}, TileCut::kWholeNeurons),
                   everything(topology.layers().size()), *executor);
  const auto rows = first_rows(data.rows());
  for (std::size_t epoch = 0; epoch < 2; ++epoch)
    for (std::size_t first = 0; first < rows.size(); first += shape.batch)
      step.run(model.network,
               std::span(rows).subspan(first, std::min(shape.batch, rows.size() - first)),
               {1e-3, epoch, first / shape.batch});
  const auto parameters = model.network.parameters();
  return {parameters.begin(), parameters.end()};
}

TEST(Step, SameBytesForAnyNumberOfThreadsWithEverythingOn) {
  for (const Shape& shape : kShapes)
    for (const Reduction reduction : kReductions) {
      const auto expected = trained_with_everything(shape, reduction, 1);
      for (const std::size_t threads : {2UL, 3UL, 8UL}) {
        const auto actual = trained_with_everything(shape, reduction, threads);
        EXPECT_EQ(std::memcmp(actual.data(), expected.data(), actual.size() * sizeof(float)), 0)
            << name_of(reduction) << ", " << shape.widths[0] << " inputs, " << threads
            << " threads";
      }
    }
}

TEST(Step, SameBytesForAnyNumberOfThreadsInFloat) { expect_same_bytes<float>(); }
TEST(Step, SameBytesForAnyNumberOfThreadsInDouble) { expect_same_bytes<double>(); }

TEST(Step, ReductionsAgreeUpToRounding) {
  for (const Shape& shape : kShapes) {
    const auto a = trained_parameters<double>(shape, {0, 0, Reduction::kPerShard}, 2);
    const auto b = trained_parameters<double>(shape, {0, 0, Reduction::kTiled}, 2);
    for (std::size_t p = 0; p < a.size(); ++p) ASSERT_NEAR(a[p], b[p], 1e-12);
  }
}

TEST(Step, AllocatesNothingOnceWarm) {
  if (!allocations()) GTEST_SKIP() << "a sanitizer is in the way of counting allocations";
  const std::size_t none = *allocations();
  void* volatile const memory = std::malloc(1);
  std::free(memory);
  ASSERT_GT(*allocations(), none) << "malloc is not counted";
  const Shape& shape = kShapes[2];
  const Dataset data = random_bytes(shape.rows, shape.widths.front(), 10);
  ASSERT_GT(*allocations(), none + 1) << "operator new is not counted";
  const auto rows = first_rows(data.rows());
  for (const Reduction reduction : kReductions)
    for (const bool with_everything : {false, true}) {
      const std::size_t threads = 2;
      auto model = make_model<float>(shape.widths, activations_of(shape.widths, kSigmoid, kSoftmax),
                                     Cost::kCrossEntropy, Task::kClassification);
      if (with_everything)
        model.network = Network<float>(
            Topology(shape.widths, activations_of(shape.widths, kGelu, kSoftmax), true));
      const auto executor = make_executor(threads);
      const Topology& topology = model.network.topology();
      Step<float> step(topology, model.cost, data, model.preprocess,
                       plan_step(topology, shape.batch, {0, 0, reduction}),
                       with_everything ? everything(topology.layers().size()) : StepOptions{},
                       *executor);
      const auto run = [&](std::size_t count) {
        step.run(model.network, std::span(rows).first(count), {0.5});
      };
      for (int i = 0; i < 10; ++i) run(shape.batch);
      const auto before = allocations();
      for (int i = 0; i < 10; ++i) run(i % 3 == 0 ? shape.batch - 5 : shape.batch);
      EXPECT_EQ(allocations(), before)
          << name_of(reduction) << (with_everything ? ", with everything" : "");
    }
}

}  // namespace
}  // namespace nabla
