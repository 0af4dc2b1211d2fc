// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>
#include <memory>
#include <vector>

#include "data/digits.h"
#include "engine/step.h"
#include "support/allocation_counter.h"
#include "support/models.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

constexpr std::size_t kRows = 96, kBatch = 32, kEpochs = 2;
const AugmentOptions kBoth = {.affine = true, .elastic = true};

template <class T>
Model<T> start(Normalization preprocess = Normalization::kScale) {
  auto model =
      make_model<T>({784, 128, 10}, {kRelu, kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  model.preprocess.kind = preprocess;
  return model;
}

/// The parameters after kEpochs epochs in the order of the rows.
template <class T>
std::vector<T> trained(const Dataset& data, const AugmentOptions& augment, std::size_t threads) {
  Model<T> model = start<T>();
  const auto executor = make_executor(threads);
  const Topology& topology = model.network.topology();
  StepOptions options;
  options.augment = augment;
  StepPlan plan = plan_step(topology, kBatch, {threads, 2, Reduction::kTiled});
  plan.worth_threads = true;
  Step<Uniform<T>> step(topology, model.cost, data, model.preprocess, plan, options, *executor);
  const auto rows = first_rows(kRows);
  for (std::size_t epoch = 0; epoch < kEpochs; ++epoch)
    for (std::size_t first = 0; first < kRows; first += kBatch)
      step.run(model.network, std::span(rows).subspan(first, kBatch), {0.1, epoch, first / kBatch});
  return {model.network.parameters().begin(), model.network.parameters().end()};
}

TEST(StepAugmentation, GivesTheSameBytesForEveryNumberOfThreads) {
  const Dataset data = make_digits(1, 0, kRows);
  const auto expected = trained<float>(data, kBoth, 1);
  for (const std::size_t threads : {2UL, 3UL, 8UL})
    EXPECT_EQ(trained<float>(data, kBoth, threads), expected) << threads << " threads";
  EXPECT_NE(trained<float>(data, {}, 1), expected);
}

/// The rows as an epoch sees them, in the type of the parameters.
template <class T>
Dataset deformed(const Dataset& data, const Augmentation& augmentation, std::size_t epoch) {
  Dataset result = data;
  Matrix<T> images(kRows, data.inputs());
  const auto scratch = std::make_unique<AugmentScratch<T>>();
  for (std::uint32_t i = 0; i < kRows; ++i)
    augmentation.deform(std::get<FeatureMatrix<std::uint8_t>>(data.features).row(i), epoch, i,
                        images.row(i), *scratch);
  result.features = std::move(images);
  return result;
}

template <class T>
void expect_equal_to_deformed_rows() {
  const Dataset data = make_digits(1, 0, kRows);
  const Augmentation augmentation(kBoth, 28, 28, 1);
  const std::vector<std::uint32_t> rows = {90, 3, 41, 7, 8};
  for (const std::size_t epoch : {0UL, 5UL}) {
    Model<T> model = start<T>(), twin = start<T>();
    const Topology& topology = model.network.topology();
    const StepPlan plan = plan_step(topology, rows.size(), {});
    const auto executor = make_serial_executor();
    StepOptions options;
    options.augment = kBoth;
    const Dataset images = deformed<T>(data, augmentation, epoch);
    Step<Uniform<T>> step(topology, model.cost, data, model.preprocess, plan, options, *executor);
    Step<Uniform<T>> plain(topology, twin.cost, images, twin.preprocess, plan, {}, *executor);
    step.run(model.network, rows, {0.1, epoch});
    plain.run(twin.network, rows, {0.1, epoch});
    EXPECT_TRUE(std::ranges::equal(model.network.parameters(), twin.network.parameters()));
  }
}

TEST(StepAugmentation, DeformsEachRowAsItsEpochSeesItBeforePreprocessing) {
  expect_equal_to_deformed_rows<float>();
  expect_equal_to_deformed_rows<double>();
}

TEST(StepAugmentation, WithoutStrengthIsTheStepItself) {
  const Dataset data = make_digits(1, 0, kRows);
  const AugmentOptions nothing = {
      .affine = true, .elastic = true, .rotation = 0, .scale = 0, .shift = 0, .elastic_alpha = 0};
  EXPECT_EQ(trained<float>(data, nothing, 1), trained<float>(data, {}, 1));
}

TEST(StepAugmentation, AllocatesNothingOnceWarm) {
  if (!allocations()) GTEST_SKIP() << "a sanitizer is in the way of counting allocations";
  const Dataset data = make_digits(1, 0, kRows);
  Model<float> model = start<float>();
  const auto executor = make_serial_executor();
  StepOptions options;
  options.augment = kBoth;
  Step<Float32> step(model.network.topology(), model.cost, data, model.preprocess,
                     plan_step(model.network.topology(), kBatch, {}), options, *executor);
  const auto rows = first_rows(kBatch);
  step.run(model.network, rows, {0.1, 0});
  const auto before = allocations();
  for (std::size_t epoch = 0; epoch < 5; ++epoch) step.run(model.network, rows, {0.1, epoch});
  EXPECT_EQ(allocations(), before);
}

}  // namespace
}  // namespace nabla
