// SPDX-License-Identifier: MIT
//
// Steps whose products take operands rounded to bfloat16.
#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "engine/step.h"
#include "support/models.h"
#include "support/steps.h"

namespace nabla {
namespace {

using namespace testing_support;

const std::vector<std::size_t> kIntegerWidths = {40, 36, 50, 3};
constexpr std::size_t kIntegerRows = 64;

/// Relu layers whose weights are −1, 0 and 1, few of them other than 0, so that on inputs of 0 to 3
/// every number of a step is an integer below 256 but for powers of two: exact in bfloat16.
Model<float> small_integers() {
  auto model = make_model<float>(kIntegerWidths,
                                 {Activation::kRelu, Activation::kRelu, Activation::kIdentity},
                                 Cost::kQuadratic, Task::kRegression);
  Random random(11);
  for (std::size_t i = 0; i < model.network.layers(); ++i) {
    const MatrixView<float> weight = model.network.weight(i);
    for (std::size_t r = 0; r < weight.rows; ++r) {
      std::ranges::fill(weight.row(r), 0.0F);
      for (int n = 0; n < 2; ++n)
        weight(r, random.below(static_cast<std::uint32_t>(weight.cols))) =
            random.below(2) == 0 ? -1.0F : 1.0F;
      model.network.bias(i)[r] = static_cast<float>(random.below(2));
    }
  }
  return model;
}

Dataset integer_rows() {
  Random random(12);
  Matrix<float> features(kIntegerRows, kIntegerWidths.front());
  for (float& x : features.elements()) x = static_cast<float>(random.below(4));
  Dataset data;
  data.features = std::move(features);
  data.task = Task::kRegression;
  data.targets = Matrix<double>(kIntegerRows, kIntegerWidths.back());
  for (double& y : data.targets.elements()) y = static_cast<double>(random.below(4));
  return data;
}

struct Way {
  const char* name;
  Reduction reduction;
  StepOptions options;
};

/// All ways in which an update moves the weights.
std::vector<Way> ways() {
  const OptimizerOptions momentum{.algorithm = Algorithm::kMomentum, .momentum = 0.5};
  return {{"direct", Reduction::kTiled, {}},
          {"strips", Reduction::kTiled, {.optimizer = momentum}},
          {"max-norm", Reduction::kTiled, {.bounds = {.neuron = 1}}},
          {"clip-norm", Reduction::kTiled, {.bounds = {.nabla = 1e6}}},
          {"per-shard", Reduction::kPerShard, {.optimizer = momentum}}};
}

void expect_rounded(MatrixView<const bfloat16_t> image, MatrixView<const float> numbers,
                    const std::string& name) {
  for (std::size_t r = 0; r < numbers.rows; ++r)
    for (std::size_t j = 0; j < numbers.cols; ++j)
      ASSERT_EQ(image(r, j).bits, to_bfloat16(numbers(r, j)).bits)
          << name << ", " << r << ", " << j;
}

template <class P>
Model<float> after_one_step(const Way& way) {
  Model<float> model = small_integers();
  const Dataset data = integer_rows();
  const auto executor = make_executor(2);
  const Topology& topology = model.network.topology();
  Step<P> step(topology, model.cost, data, model.preprocess,
               plan_step(topology, kIntegerRows, {0, 3, way.reduction}, TileCut::kWholeNeurons),
               way.options, *executor);
  step.take_weights(model.network);
  const auto rows = first_rows(kIntegerRows);
  step.run(model.network, rows, {0.25});
  if constexpr (kHasImages<P>)
    for (std::size_t i = 0; i < model.network.layers(); ++i)
      expect_rounded(step.workspace().weight_operand(model.network, i), model.network.weight(i),
                     way.name);
  return model;
}

TEST(Bfloat16Step, IsThatOfFloat32IfAllOperandsAreExact) {
  for (const Way& way : ways()) {
    const Model<float> expected = after_one_step<Float32>(way);
    const Model<float> actual = after_one_step<Bfloat16>(way);
    const Model<float> start = small_integers();
    bool has_moved = false;
    for (std::size_t i = 0; i < expected.network.parameters().size(); ++i) {
      ASSERT_EQ(actual.network.parameters()[i], expected.network.parameters()[i]) << way.name;
      has_moved = has_moved || actual.network.parameters()[i] != start.network.parameters()[i];
    }
    EXPECT_TRUE(has_moved) << way.name;
  }
}

// Dropout and batch normalisation change activations and deltas after the products that made them.
TEST(Bfloat16Step, ImagesAreOfTheFinalNumbers) {
  const std::vector<Activation> activations = {Activation::kGelu, Activation::kGelu,
                                               Activation::kIdentity};
  Model<float> model = small_integers();
  model.network = Network<float>(Topology(kIntegerWidths, activations, true));
  initialize(model.network, Initializer::kAuto, {}, 1);
  const Dataset data = integer_rows();
  const auto executor = make_executor(2);
  const Topology& topology = model.network.topology();
  Step<Bfloat16> step(topology, model.cost, data, model.preprocess,
                      plan_step(topology, kIntegerRows, {0, 3, Reduction::kTiled}),
                      {.optimizer = {.algorithm = Algorithm::kAdamw}, .dropout = {0.2, 0.5, 0.5}},
                      *executor);
  step.take_weights(model.network);
  step.run(model.network, first_rows(kIntegerRows), {0.01});
  Workspace<Bfloat16>& workspace = step.workspace();
  const RowRange rows{0, kIntegerRows};
  for (std::size_t i = 0; i < model.network.layers(); ++i) {
    const std::string layer = "layer " + std::to_string(i);
    // The inputs of the first layer are nothing but their image.
    if (i > 0)
      expect_rounded(workspace.activation_operand(i, rows), workspace.activation(i, rows),
                     "inputs of " + layer);
    expect_rounded(workspace.delta_operand(i, rows), workspace.delta(i, rows), "delta of " + layer);
    expect_rounded(workspace.weight_operand(model.network, i), model.network.weight(i),
                   "weights of " + layer);
  }
}

// 1 + 2⁻⁹ is 1 in bfloat16, so that neither the activation nor the cost sees the rest; the weight
// keeps it, and it grows by steps that bfloat16 could not hold.
TEST(Bfloat16Step, RoundsOperandsButNotParameters) {
  auto model =
      make_model<float>({1, 1}, {Activation::kIdentity}, Cost::kQuadratic, Task::kRegression);
  model.network.weight(0)(0, 0) = 1 + 0x1p-9F;
  model.network.bias(0)[0] = 0;
  Dataset data;
  Matrix<float> features(1, 1);
  features(0, 0) = 1 + 0x1p-9F;
  data.features = std::move(features);
  data.task = Task::kRegression;
  data.targets = Matrix<double>(1, 1);
  data.targets(0, 0) = 0.5;
  const auto executor = make_executor(1);
  const Topology& topology = model.network.topology();
  Step<Bfloat16> step(topology, model.cost, data, model.preprocess, plan_step(topology, 1, {}), {},
                      *executor);
  step.take_weights(model.network);
  const std::vector<std::uint32_t> rows = {0};
  EXPECT_EQ(step.run(model.network, rows, {0x1p-10}).cost, 0.125);
  EXPECT_EQ(model.network.weight(0)(0, 0), 1 + 0x1p-9F - 0x1p-11F);
  EXPECT_EQ(model.network.bias(0)[0], -0x1p-11F);
}

}  // namespace
}  // namespace nabla
