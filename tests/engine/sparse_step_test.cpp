// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <vector>

#include "data/entry_counts.h"
#include "engine/step.h"
#include "support/allocation_counter.h"
#include "support/models.h"
#include "support/steps.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

/// Rows of which one number in five is not 0. The first row and the last two columns have none.
Dataset few_numbers(std::size_t rows, std::size_t inputs) {
  Dataset data = random_classes(rows, inputs, 3);
  Random random(3);
  Matrix<float> features(rows, inputs);
  for (std::size_t i = 1; i < rows; ++i)
    for (std::size_t j = 0; j + 2 < inputs; ++j)
      if (random.below(5) == 0) features(i, j) = static_cast<float>(random.uniform(-1.0, 1.0));
  data.features = std::move(features);
  return data;
}

struct SparseCase {
  std::string name;
  StepOptions options;
  ParallelOptions parallel = {1, 3, Reduction::kTiled};
  bool batch_norm = false;
};

std::vector<SparseCase> sparse_cases() {
  std::vector<SparseCase> cases;
  for (const AlgorithmTraits& algorithm : kAlgorithms)
    for (const Penalty penalty : {Penalty{}, Penalty{0.01, 0}, Penalty{0, 0.5}})
      for (const NormBounds bounds : {NormBounds{}, NormBounds{0.6, 0}, NormBounds{0, 0.05}})
        for (const Reduction reduction : kReductions) {
          StepOptions options;
          options.optimizer.algorithm = algorithm.kind;
          options.penalty = penalty;
          options.bounds = bounds;
          // A quotient of two small nablas would multiply their rounding.
          options.optimizer.epsilon = 1e-3;
          cases.push_back({std::string(algorithm.name) + ", l1 " + std::to_string(penalty.l1) +
                               ", l2 " + std::to_string(penalty.l2) + ", max-norm " +
                               std::to_string(bounds.neuron) + ", clip-norm " +
                               std::to_string(bounds.nabla) + ", " +
                               std::string(name_of(reduction)),
                           options,
                           {1, 3, reduction}});
        }
  cases.push_back({"dropout", {.dropout = {0.4, 0.3}}});
  cases.push_back({"batch-norm", {.penalty = {0, 0.1}}, {1, 3, Reduction::kPerShard}, true});
  return cases;
}

constexpr std::size_t kSparseInputs = 40, kSparseRows = 22, kSparseBatch = 8;

template <class T>
Model<T> sparse_model(bool batch_norm) {
  const std::vector<std::size_t> widths = {kSparseInputs, 18, 3};
  Model<T> model =
      make_model<T>(widths, {kTanh, kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  if (!batch_norm) return model;
  model.network = Network<T>(Topology(widths, {kTanh, kSoftmax}, true));
  initialize(model.network, Initializer::kLecun, {}, 1);
  return model;
}

/// The model after two epochs of mini-batches of kSparseBatch rows, the last of which is ragged.
template <class P>
Model<ParameterOf<P>> trained(const SparseCase& test, const Dataset& data, bool sparse,
                              Executor& executor) {
  using T = ParameterOf<P>;
  Model<T> model = sparse_model<T>(test.batch_norm);
  const Topology& topology = model.network.topology();
  const TileCut cut = test.options.bounds.neuron > 0 ? TileCut::kWholeNeurons : TileCut::kAny;
  const EntryCounts entries = count_entries(data, kSparseInputs, kSparseBatch);
  Step<P> step(topology, model.cost, data, model.preprocess,
               plan_step(topology, kSparseBatch, test.parallel, cut, sparse ? &entries : nullptr),
               test.options, executor);
  step.take_weights(model.network);
  const auto rows = first_rows(data.rows());
  for (std::size_t epoch = 0; epoch < 2; ++epoch)
    for (std::size_t first = 0; first < rows.size(); first += kSparseBatch)
      step.run(model.network,
               std::span(rows).subspan(first, std::min(kSparseBatch, rows.size() - first)),
               {0.1, epoch, first / kSparseBatch});
  step.give_weights(model.network);
  return model;
}

template <class T>
double largest_distance(const Model<T>& a, const Model<T>& b) {
  double largest = 0;
  const auto x = a.network.parameters(), y = b.network.parameters();
  for (std::size_t i = 0; i < x.size(); ++i)
    largest = std::max(largest, static_cast<double>(std::abs(x[i] - y[i])));
  return largest;
}

// Weights and nablas are below 4, sums have at most 40 terms, and six steps pass errors on.
template <class T>
constexpr double kSparseDistance = 6 * 4 * 64 *
                                   static_cast<double>(std::numeric_limits<T>::epsilon());

TEST(SparseStep, EqualsTheDenseStepToRounding) {
  const Dataset dense = few_numbers(kSparseRows, kSparseInputs);
  const Dataset sparse = to_sparse(dense);
  const auto executor = make_serial_executor();
  for (const SparseCase& test : sparse_cases()) {
    SCOPED_TRACE(test.name);
    const auto expected = trained<Float64>(test, dense, false, *executor);
    EXPECT_LE(largest_distance(trained<Float64>(test, sparse, true, *executor), expected),
              kSparseDistance<double>);
    // Dense steps take sparse rows, too.
    EXPECT_EQ(largest_distance(trained<Float64>(test, sparse, false, *executor), expected), 0);
  }
}

TEST(SparseStep, EqualsTheDenseStepToRoundingInFloat) {
  const Dataset dense = few_numbers(kSparseRows, kSparseInputs);
  const auto executor = make_serial_executor();
  for (const SparseCase& test : sparse_cases()) {
    if (test.options.optimizer.rule() != Algorithm::kSgd) continue;
    SCOPED_TRACE(test.name);
    EXPECT_LE(largest_distance(trained<Float32>(test, to_sparse(dense), true, *executor),
                               trained<Float32>(test, dense, false, *executor)),
              kSparseDistance<float>);
  }
}

// Operands round to bfloat16 alike, so that only the order of the sums differs. A weight on the
// edge of two bfloat16 may round either way after a step, which is 2⁻⁸ of it.
TEST(SparseStep, EqualsTheDenseStepInBfloat16) {
  const Dataset dense = few_numbers(kSparseRows, kSparseInputs);
  const auto executor = make_serial_executor();
  const SparseCase test{"plain", {.penalty = {0, 0.1}}};
  EXPECT_LE(largest_distance(trained<Bfloat16>(test, to_sparse(dense), true, *executor),
                             trained<Bfloat16>(test, dense, false, *executor)),
            0.1 * 6 * 0x1p-8);
}

TEST(SparseStep, RowsOfZerosAloneMoveTheBiases) {
  const Dataset dense = slice(few_numbers(kSparseRows, kSparseInputs), 0, 1);
  const auto executor = make_serial_executor();
  const SparseCase test{"plain", {}};
  const auto model = trained<Float64>(test, to_sparse(dense), true, *executor);
  EXPECT_LE(largest_distance(model, trained<Float64>(test, dense, false, *executor)),
            kSparseDistance<double>);
  EXPECT_GT(largest_distance(model, sparse_model<double>(false)), 0);
}

// Weights fall below the smallest factor within an epoch and are brought up to date.
TEST(SparseStep, DecaysWithoutLimit) {
  const Dataset dense = few_numbers(kSparseRows, kSparseInputs);
  const auto executor = make_serial_executor();
  for (const double l2 : {9.0, 9.99, 10.0, 11.0}) {
    const SparseCase test{"l2", {.penalty = {0, l2}}};
    EXPECT_LE(largest_distance(trained<Float64>(test, to_sparse(dense), true, *executor),
                               trained<Float64>(test, dense, false, *executor)),
              kSparseDistance<double>);
  }
}

TEST(SparseStep, LazyStepsLeaveUntouchedInputsAlone) {
  const Dataset data = to_sparse(few_numbers(kSparseRows, kSparseInputs));
  const auto executor = make_serial_executor();
  const Model<double> start = sparse_model<double>(false);
  for (const AlgorithmTraits& algorithm : kAlgorithms) {
    SparseCase test{std::string(algorithm.name), {}};
    test.options.optimizer.algorithm = algorithm.kind;
    test.options.optimizer.lazy = true;
    test.options.penalty = {0.01, 0.1};
    const auto model = trained<Float64>(test, data, true, *executor);
    const auto before = start.network.weight(0), after = model.network.weight(0);
    for (std::size_t neuron = 0; neuron < before.rows; ++neuron) {
      // No row has a number in the last two columns.
      EXPECT_EQ(after(neuron, kSparseInputs - 1), before(neuron, kSparseInputs - 1));
      EXPECT_EQ(after(neuron, kSparseInputs - 2), before(neuron, kSparseInputs - 2));
      EXPECT_NE(after(neuron, 0), before(neuron, 0));
    }
  }
}

// A touched input moves by the same rule, its step count being that of all: with every input
// touched in each mini-batch, lazy is like the rule itself.
TEST(SparseStep, LazyStepsMoveTouchedInputsByTheRule) {
  const Dataset data = to_sparse(random_classes(kSparseRows, kSparseInputs, 3));
  const auto executor = make_serial_executor();
  for (const AlgorithmTraits& algorithm : kAlgorithms) {
    SparseCase test{std::string(algorithm.name), {}};
    test.options.optimizer.algorithm = algorithm.kind;
    test.options.penalty = {0.01, 0.1};
    const auto expected = trained<Float64>(test, data, true, *executor);
    test.options.optimizer.lazy = true;
    EXPECT_EQ(largest_distance(trained<Float64>(test, data, true, *executor), expected), 0);
  }
}

template <class P>
void expect_same_sparse_bytes(const StepOptions& options, TileCut cut, Reduction reduction) {
  constexpr std::size_t inputs = 300, row_count = 512, batch = 256;
  const Dataset data = to_sparse(few_numbers(row_count, inputs));
  const EntryCounts entries = count_entries(data, inputs, batch);
  const std::vector<std::size_t> widths = {inputs, 200, 3};
  std::vector<float> expected;
  for (const std::size_t threads : {1UL, 2UL, 3UL, 8UL}) {
    Model<float> model =
        make_model<float>(widths, {kRelu, kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
    const Topology& topology = model.network.topology();
    const StepPlan plan = plan_step(topology, batch, {0, 0, reduction}, cut, &entries);
    ASSERT_TRUE(plan.worth_threads);
    ASSERT_GT(plan.tiles.size(), 4U);
    const auto executor = make_executor(threads);
    Step<P> step(topology, model.cost, data, model.preprocess, plan, options, *executor);
    step.take_weights(model.network);
    const auto rows = first_rows(row_count);
    for (std::size_t first = 0; first < row_count; first += batch)
      step.run(model.network, std::span(rows).subspan(first, batch), {0.1, 0, first / batch});
    step.give_weights(model.network);
    const auto parameters = model.network.parameters();
    if (expected.empty()) expected.assign(parameters.begin(), parameters.end());
    EXPECT_EQ(std::memcmp(parameters.data(), expected.data(), parameters.size_bytes()), 0)
        << threads << " threads";
  }
}

TEST(SparseStep, SameBytesForAnyNumberOfThreads) {
  StepOptions everything{.penalty = {1e-4, 1e-4}, .bounds = {2, 1}, .dropout = {0.2, 0.5}};
  everything.optimizer.algorithm = Algorithm::kAdamw;
  StepOptions lazy;
  lazy.optimizer.algorithm = Algorithm::kMomentum;
  lazy.optimizer.lazy = true;
  for (const Reduction reduction : kReductions) {
    expect_same_sparse_bytes<Float32>({.penalty = {0, 1e-3}}, TileCut::kAny, reduction);
    expect_same_sparse_bytes<Float32>(everything, TileCut::kWholeNeurons, reduction);
    expect_same_sparse_bytes<Float32>(lazy, TileCut::kAny, reduction);
    expect_same_sparse_bytes<Bfloat16>({.penalty = {0, 1e-3}}, TileCut::kAny, reduction);
  }
}

// A step that takes over another one's state goes on as that one would have.
TEST(SparseStep, GoesOnFromACopiedState) {
  const Dataset data = to_sparse(few_numbers(kSparseRows, kSparseInputs));
  const auto executor = make_serial_executor();
  const EntryCounts entries = count_entries(data, kSparseInputs, kSparseBatch);
  for (const Algorithm algorithm : {Algorithm::kSgd, Algorithm::kAdam}) {
    StepOptions options{.penalty = {0, 0.3}};
    options.optimizer.algorithm = algorithm;
    Model<float> model = sparse_model<float>(false);
    const Topology& topology = model.network.topology();
    const StepPlan plan = plan_step(topology, kSparseBatch, {}, TileCut::kAny, &entries);
    const auto make = [&] {
      return Step<Float32>(topology, model.cost, data, model.preprocess, plan, options, *executor);
    };
    const auto rows = first_rows(kSparseBatch);
    auto first = make();
    first.take_weights(model.network);
    first.run(model.network, rows, {0.1});
    StepState<float> state;
    first.copy_state(state);
    EXPECT_EQ(state.weight_factor != 1, algorithm == Algorithm::kSgd);
    first.run(model.network, rows, {0.1});
    first.give_weights(model.network);

    Model<float> other = sparse_model<float>(false);
    std::ranges::copy(state.parameters.span(), other.network.parameters().data());
    auto second = make();
    second.restore_optimizer(state);
    second.take_weights(other.network, state.weight_factor);
    second.run(other.network, rows, {0.1});
    second.give_weights(other.network);
    EXPECT_EQ(largest_distance(model, other), 0);
  }
}

TEST(SparseStep, AllocatesNothing) {
  if (!allocations()) GTEST_SKIP() << "a sanitizer is in the way of counting allocations";
  const Dataset data = to_sparse(few_numbers(kSparseRows, kSparseInputs));
  const auto executor = make_serial_executor();
  const EntryCounts entries = count_entries(data, kSparseInputs, kSparseBatch);
  StepOptions everything{.penalty = {1e-4, 1e-4}, .bounds = {2, 1}, .dropout = {0.2, 0.5}};
  everything.optimizer.algorithm = Algorithm::kAdam;
  for (const StepOptions& options : {StepOptions{.penalty = {0, 0.1}}, everything})
    for (const Reduction reduction : kReductions) {
      Model<float> model = sparse_model<float>(false);
      const Topology& topology = model.network.topology();
      Step<Float32> step(
          topology, model.cost, data, model.preprocess,
          plan_step(topology, kSparseBatch, {1, 3, reduction}, TileCut::kWholeNeurons, &entries),
          options, *executor);
      step.take_weights(model.network);
      const auto rows = first_rows(kSparseBatch);
      step.run(model.network, rows, {0.1});
      const auto before = allocations();
      step.run(model.network, rows, {0.1});
      EXPECT_EQ(allocations(), before);
    }
}

// Weights of 96 neurons and 2,000 inputs are beyond the cache that takes them without blocks.
TEST(SparseStep, EqualsTheDenseStepInBlocksOfInputs) {
  constexpr std::size_t inputs = 2000;
  const Dataset dense = few_numbers(kSparseRows, inputs);
  const Dataset sparse = to_sparse(dense);
  const EntryCounts entries = count_entries(dense, inputs, kSparseRows);
  const auto executor = make_serial_executor();
  const auto rows = first_rows(kSparseRows);
  const auto after_step = [&](const Dataset& data, const EntryCounts* counts) {
    Model<double> model = make_model<double>({inputs, 96, 3}, {kTanh, kSoftmax},
                                             Cost::kCrossEntropy, Task::kClassification);
    const Topology& topology = model.network.topology();
    const StepPlan plan = plan_step(topology, kSparseRows, {}, TileCut::kAny, counts);
    EXPECT_EQ(plan.input_block > 0, counts != nullptr);
    Step<Float64> step(topology, model.cost, data, model.preprocess, plan, {}, *executor);
    step.take_weights(model.network);
    step.run(model.network, rows, {0.1});
    step.give_weights(model.network);
    return model;
  };
  // Sums have 400 terms on average.
  EXPECT_LE(largest_distance(after_step(sparse, &entries), after_step(dense, nullptr)),
            1024 * std::numeric_limits<double>::epsilon());
}

}  // namespace
}  // namespace nabla
