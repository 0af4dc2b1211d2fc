// SPDX-License-Identifier: MIT
//
// The result of a step does not depend on the threads that compute it.
#include <cstdlib>
#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "engine/step.h"
#include "math/onednn.h"
#include "support/allocation_counter.h"
#include "support/models.h"
#include "support/naive_network.h"
#include "support/naive_preprocess.h"
#include "support/steps.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

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
  model.preprocess.kind = Normalization::kScale;
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
template <class P>
std::vector<float> trained_with_everything(const Shape& shape, Reduction reduction,
                                           std::size_t threads) {
  auto model = make_model<float>(shape.widths, activations_of(shape.widths, kGelu, kSoftmax),
                                 Cost::kCrossEntropy, Task::kClassification);
  model.network =
      Network<float>(Topology(shape.widths, activations_of(shape.widths, kGelu, kSoftmax), true));
  initialize(model.network, Initializer::kAuto, {}, 1);
  model.preprocess.kind = Normalization::kScale;
  const auto executor = make_executor(threads);
  const Dataset data = random_bytes(shape.rows, shape.widths.front(), 10);
  const Topology& topology = model.network.topology();
  Step<P> step(topology, model.cost, data, model.preprocess,
               plan_step(topology, shape.batch, {0, 0, reduction}, TileCut::kWholeNeurons),
               everything(topology.layers().size()), *executor);
  step.take_weights(model.network);
  const auto rows = first_rows(data.rows());
  for (std::size_t epoch = 0; epoch < 2; ++epoch)
    for (std::size_t first = 0; first < rows.size(); first += shape.batch)
      step.run(model.network,
               std::span(rows).subspan(first, std::min(shape.batch, rows.size() - first)),
               {1e-3, epoch, first / shape.batch});
  const auto parameters = model.network.parameters();
  return {parameters.begin(), parameters.end()};
}

template <class P>
void expect_same_bytes_with_everything() {
  for (const Shape& shape : kShapes)
    for (const Reduction reduction : kReductions) {
      const auto expected = trained_with_everything<P>(shape, reduction, 1);
      for (const std::size_t threads : {2UL, 3UL, 8UL}) {
        const auto actual = trained_with_everything<P>(shape, reduction, threads);
        EXPECT_EQ(std::memcmp(actual.data(), expected.data(), actual.size() * sizeof(float)), 0)
            << name_of(reduction) << ", " << shape.widths[0] << " inputs, " << threads
            << " threads";
      }
    }
}

TEST(StepThreads, SameBytesForAnyNumberOfThreadsWithEverythingOn) {
  expect_same_bytes_with_everything<Float32>();
}
TEST(StepThreads, SameBytesForAnyNumberOfThreadsWithEverythingOnInBfloat16) {
  expect_same_bytes_with_everything<Bfloat16>();
}

TEST(StepThreads, SameBytesForAnyNumberOfThreadsInFloat) { expect_same_bytes<float>(); }
TEST(StepThreads, SameBytesForAnyNumberOfThreadsInDouble) { expect_same_bytes<double>(); }

// Either is the twin's step up to rounding, here for the last mini-batch of each shape.
TEST(StepThreads, ReductionsAgreeUpToRounding) {
  for (const Shape& shape : kShapes) {
    const std::size_t ragged = shape.rows % shape.batch;
    const Dataset data = random_bytes(ragged > 0 ? ragged : shape.batch, shape.widths.front(), 10);
    auto start = make_model<double>(shape.widths, activations_of(shape.widths, kSigmoid, kSoftmax),
                                    Cost::kCrossEntropy, Task::kClassification);
    start.preprocess.kind = Normalization::kScale;
    NaiveNetwork twin(start);
    std::vector<Vector> x, y;
    for (std::size_t i = 0; i < data.rows(); ++i) {
      x.push_back(naive_inputs(start.preprocess, plain_features_of(data, i)));
      y.push_back(targets_of(data, i));
    }
    twin.step(x, y, 0.5, 1e-3);
    for (const Reduction reduction : kReductions) {
      auto model = start;
      run_steps(model, data, {shape.batch, {0, 0, reduction}, 0.5, 1e-3, 1}, *make_executor(2));
      EXPECT_LE(twin.rounding_share(model.network), 1) << name_of(reduction);
    }
  }
}

template <class P>
void expect_no_allocations(bool by_onednn = false) {
  // A thread makes what it keeps of a shape of oneDNN's products when it first meets it, so that
  // only a single thread is surely warm.
  const std::size_t threads = by_onednn ? 1 : 2;
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
      auto model = make_model<float>(shape.widths, activations_of(shape.widths, kSigmoid, kSoftmax),
                                     Cost::kCrossEntropy, Task::kClassification);
      if (with_everything)
        model.network = Network<float>(
            Topology(shape.widths, activations_of(shape.widths, kGelu, kSoftmax), true));
      const auto executor = make_executor(threads);
      const Topology& topology = model.network.topology();
      Step<P> step(topology, model.cost, data, model.preprocess,
                   plan_step(topology, shape.batch, {0, 0, reduction}),
                   with_everything ? everything(topology.layers().size()) : StepOptions{},
                   *executor);
      step.take_weights(model.network);
      const auto run = [&](std::size_t count) {
        step.run(model.network, std::span(rows).first(count), {0.5});
      };
      for (int i = 0; i < 10; ++i) run(shape.batch);
      if (by_onednn) run(shape.batch - 5);
      const auto before = allocations();
      for (int i = 0; i < 10; ++i) run(i % 3 == 0 ? shape.batch - 5 : shape.batch);
      EXPECT_EQ(allocations(), before)
          << name_of(reduction) << (with_everything ? ", with everything" : "");
    }
}

TEST(StepThreads, AllocatesNothingOnceWarm) {
  if (!allocations()) GTEST_SKIP() << "a sanitizer is in the way of counting allocations";
  expect_no_allocations<Float32>();
}
TEST(StepThreads, AllocatesNothingOnceWarmInBfloat16) {
  if (!allocations()) GTEST_SKIP() << "a sanitizer is in the way of counting allocations";
  if (!onednn::is_used()) return expect_no_allocations<Bfloat16>();
  // oneDNN itself takes some memory for each product.
  ASSERT_TRUE(count_apart("libdnnl"));
  const std::size_t before = *allocations_apart();
  expect_no_allocations<Bfloat16>(/*by_onednn=*/true);
  EXPECT_GT(*allocations_apart(), before) << "those of oneDNN are not counted";
}

}  // namespace
}  // namespace nabla
