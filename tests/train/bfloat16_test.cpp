// SPDX-License-Identifier: MIT
//
// Trainings in mixed precision: what is saved, evaluated and resumed is what was trained.
#include <cstring>
#include <gtest/gtest.h>

#include "nabla/base/error.h"
#include "nabla/train/evaluation.h"
#include "nabla/train/make_model.h"
#include "nabla/train/trainer.h"

#include "support/errors.h"
#include "support/models.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using namespace testing_support;

const Dataset& classes() {
  static const Dataset data = random_classes(300, 20, 3);
  return data;
}

TrainOptions options(std::size_t epochs) {
  TrainOptions result;
  result.precision = Precision::kBfloat16;
  result.epochs = epochs;
  result.batch_size = 32;
  result.learning_rate = 0.1;
  return result;
}

Model<float> new_model() {
  return make_model<float>(classes(), {.hidden = std::vector<std::size_t>{24}}, options(1), {});
}

DataSplit split() {
  return {.train = slice(classes(), 0, 200), .validation = {}, .test = slice(classes(), 200, 100)};
}

bool same_parameters(const Model<float>& a, const Model<float>& b) {
  const auto x = a.network.parameters(), y = b.network.parameters();
  return x.size() == y.size() && std::memcmp(x.data(), y.data(), x.size_bytes()) == 0;
}

TEST(Bfloat16Training, FileKeepsPrecisionAndScore) {
  Model<float> model = new_model();
  EXPECT_EQ(model.precision, Precision::kBfloat16);
  const DataSplit data = split();
  const TrainSummary summary = train(model, data, options(3));
  const TempFolder folder;
  save_model(model, folder.path() / "model.safetensors");
  const AnyModel loaded = load_model(folder.path() / "model.safetensors");
  EXPECT_EQ(loaded.precision(), Precision::kBfloat16);
  EXPECT_EQ(serialize_model(loaded), serialize_model(model));
  const Evaluation evaluation = evaluate(loaded, data.test);
  ASSERT_TRUE(summary.last.test);
  EXPECT_EQ(evaluation.score.cost, summary.last.test->cost);
  EXPECT_EQ(evaluation.score.goodness, summary.last.test->goodness);
  Model<float> narrow = model;
  narrow.precision = Precision::kFloat32;
  EXPECT_NE(evaluate(AnyModel(narrow), data.test).score.cost, evaluation.score.cost)
      << "the products do not round";
}

TEST(Bfloat16Training, ResumedIsUninterrupted) {
  const DataSplit data = split();
  Model<float> whole = new_model(), resumed = new_model();
  train(whole, data, options(3));
  TrainState<float> state;
  {
    Trainer<float> trainer(resumed, data, options(3));
    int batches = 0;
    TrainCallbacks callbacks;
    callbacks.on_batch = [&](const BatchReport&) {
      return ++batches == 10 ? Flow::kStop : Flow::kContinue;
    };
    EXPECT_EQ(trainer.run(callbacks).status, TrainStatus::kInterrupted);
    state = trainer.state();
  }
  resumed = new_model();
  Trainer<float> trainer(resumed, data, options(3));
  trainer.resume(state);
  EXPECT_EQ(trainer.run().status, TrainStatus::kCompleted);
  EXPECT_TRUE(same_parameters(whole, resumed));

  // Another precision would go on otherwise without a word.
  Model<float> narrow = new_model();
  narrow.precision = Precision::kFloat32;
  Trainer<float> other(narrow, data, options(3));
  expect_in("training state: of a training in bfloat16, expected one in the model's float32",
            error_of<DataError>([&] { other.resume(state); }));
}

}  // namespace
}  // namespace nabla
