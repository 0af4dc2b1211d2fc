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
constexpr double kSparseDistance = 6 * 4 * 64 * static_cast<double>(std::numeric_limits<T>::epsilon());

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

}  // namespace
}  // namespace nabla
