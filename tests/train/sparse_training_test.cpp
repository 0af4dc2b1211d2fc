// SPDX-License-Identifier: MIT
//
// Trainings on sparse rows: what is chosen, saved, evaluated and resumed is what was trained.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <string>

#include "nabla/base/error.h"
#include "nabla/train/evaluation.h"
#include "nabla/train/gradient_check.h"
#include "nabla/train/importance.h"
#include "nabla/train/make_model.h"
#include "nabla/train/resolved.h"
#include "nabla/train/trainer.h"

#include "data/entry_counts.h"
#include "support/models.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using namespace testing_support;

/// Rows of which one number in `every` is not 0.
Dataset rare_numbers(std::size_t every) {
  Dataset data = random_classes(300, 20, 3);
  Random random(7);
  Matrix<float> features(300, 20);
  for (float& x : features.elements())
    if (random.below(static_cast<std::uint32_t>(every)) == 0)
      x = static_cast<float>(random.uniform(-1.0, 1.0));
  data.features = std::move(features);
  return data;
}

TrainOptions sparse_options(std::size_t epochs) {
  TrainOptions result;
  result.epochs = epochs;
  result.batch_size = 32;
  result.learning_rate = 0.1;
  result.l2 = 0.05;
  return result;
}

const NetworkOptions kNetwork{.hidden = std::vector<std::size_t>{24}};

bool chosen(const Dataset& train, const TrainOptions& options = sparse_options(1),
            const DataOptions& data = {}) {
  return *resolved(data, kNetwork, options, train).sparse;
}

std::string refusal(const Dataset& train, const TrainOptions& options, const DataOptions& data) {
  try {
    resolved(data, kNetwork, options, train);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(SparseTraining, IsChosenByDensityAndWork) {
  EXPECT_TRUE(chosen(rare_numbers(8)));
  EXPECT_FALSE(chosen(rare_numbers(2)));
  EXPECT_TRUE(chosen(to_sparse(rare_numbers(2)))) << "sparse rows stay sparse";
  TrainOptions split = sparse_options(1);
  split.batch_size = 300;
  NetworkOptions wide{.hidden = std::vector<std::size_t>{4000}};
  EXPECT_FALSE(*resolved(DataOptions{}, wide, split, rare_numbers(8)).sparse);
  EXPECT_TRUE(*resolved(DataOptions{}, wide, split, rare_numbers(40)).sparse);
  DataOptions asked;
  asked.sparse = false;
  EXPECT_FALSE(chosen(rare_numbers(8), split, asked));
  asked.sparse = true;
  EXPECT_TRUE(chosen(rare_numbers(2), split, asked));
}

TEST(SparseTraining, RefusesWhatMovesZeros) {
  const Dataset dense = rare_numbers(8);
  DataOptions data;
  data.normalize = Normalization::kStandardize;
  EXPECT_FALSE(chosen(dense, sparse_options(1), data));
  data.sparse = true;
  EXPECT_EQ(refusal(dense, sparse_options(1), data),
            "data.sparse: yes contradicts data.normalize = standardize, which makes other numbers "
            "of zeros, expected no, or data.normalize as one of none, scale, max-abs, unit");
  data.sparse.reset();
  for (const Normalization kind : {Normalization::kMinmax, Normalization::kCenter,
                                   Normalization::kStandardize, Normalization::kPca}) {
    data.normalize = kind;
    EXPECT_EQ(refusal(to_sparse(dense), sparse_options(1), data),
              "data.normalize: " + std::string(name_of(kind)) +
                  " would make other numbers of the zeros of sparse rows, expected none, scale, "
                  "max-abs, unit");
  }
  TrainOptions lazy = sparse_options(1);
  lazy.optimizer.lazy = true;
  EXPECT_EQ(refusal(rare_numbers(2), lazy, {}),
            "optimizer.lazy: yes without sparse rows, expected data.sparse = yes, or no");
}

DataSplit split_of(const Dataset& data) {
  return {.train = slice(data, 0, 200), .validation = {}, .test = slice(data, 200, 100)};
}

TEST(SparseTraining, FileKeepsTheChoiceAndScore) {
  const DataSplit data = split_of(rare_numbers(8));
  Model<float> model = make_model<float>(data.train, kNetwork, sparse_options(3), {});
  ASSERT_TRUE(model.sparse);
  const TrainSummary summary = train(model, data, sparse_options(3));
  const TempFolder folder;
  save_model(model, folder.path() / "model.safetensors");
  const AnyModel loaded = load_model(folder.path() / "model.safetensors");
  EXPECT_EQ(serialize_model(loaded), serialize_model(model));
  EXPECT_TRUE(std::get<Model<float>>(loaded).sparse);
  ASSERT_TRUE(summary.last.test);
  for (const Dataset& test : {data.test, to_sparse(data.test)}) {
    const Evaluation evaluation = evaluate(loaded, test);
    EXPECT_EQ(evaluation.score.cost, summary.last.test->cost);
    EXPECT_EQ(evaluation.score.goodness, summary.last.test->goodness);
  }
}

TEST(SparseTraining, ResumedIsUninterrupted) {
  for (const Algorithm algorithm : {Algorithm::kSgd, Algorithm::kNesterov}) {
    const DataSplit data = split_of(to_sparse(rare_numbers(8)));
    TrainOptions options = sparse_options(3);
    options.optimizer.algorithm = algorithm;
    Model<float> whole = make_model<float>(data.train, kNetwork, options, {}), resumed = whole;
    train(whole, data, options);
    TrainState<float> state;
    {
      Trainer<float> trainer(resumed, data, options);
      int batches = 0;
      TrainCallbacks callbacks;
      callbacks.on_batch = [&](const BatchReport&) {
        return ++batches == 10 ? Flow::kStop : Flow::kContinue;
      };
      EXPECT_EQ(trainer.run(callbacks).status, TrainStatus::kInterrupted);
      state = trainer.state();
      EXPECT_EQ(state.weight_factor != 1, algorithm == Algorithm::kSgd);
    }
    Trainer<float> trainer(resumed, data, options);
    trainer.resume(state);
    trainer.run();
    const auto x = whole.network.parameters(), y = resumed.network.parameters();
    EXPECT_EQ(std::memcmp(x.data(), y.data(), x.size_bytes()), 0);
  }
}

TEST(SparseTraining, GoesOnWithinAnEpochInOneTrainer) {
  const DataSplit data = split_of(to_sparse(rare_numbers(8)));
  const TrainOptions options = sparse_options(2);
  Model<float> whole = make_model<float>(data.train, kNetwork, options, {}), stopped = whole;
  train(whole, data, options);
  Trainer<float> trainer(stopped, data, options);
  TrainCallbacks callbacks;
  callbacks.on_batch = [](const BatchReport&) { return Flow::kStop; };
  while (trainer.run(callbacks).status == TrainStatus::kInterrupted) {
  }
  const auto x = whole.network.parameters(), y = stopped.network.parameters();
  EXPECT_EQ(std::memcmp(x.data(), y.data(), x.size_bytes()), 0);
}

TEST(SparseTraining, GradientsAreThoseOfTheCost) {
  const Dataset data = to_sparse(rare_numbers(8));
  TrainOptions options = sparse_options(1);
  options.precision = Precision::kFloat64;
  NetworkOptions network = kNetwork;
  network.activation = {Activation::kTanh};
  network.input_dropout = 0.2;
  Model<double> model = make_model<double>(data, network, options, {});
  ASSERT_TRUE(model.sparse);
  for (const LayerCheck& check : check_gradients(model, data, options))
    EXPECT_LT(check.relative_error, 1e-6);
}

TEST(SparseTraining, ImportanceIsThatOfDenseRows) {
  const Dataset dense = rare_numbers(8);
  Model<double> model = make_model<double>(dense, kNetwork, sparse_options(1), {});
  const auto executor = make_serial_executor();
  const auto expected = permutation_importance(model, dense, {.repeats = 2}, *executor);
  const auto actual = permutation_importance(model, to_sparse(dense), {.repeats = 2}, *executor);
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) EXPECT_EQ(actual[i].mean, expected[i].mean);
}

// A model that was trained on the entries of standardised rows reads dense rows whole.
TEST(SparseTraining, ReadsRowsWholeWhoseZerosMove) {
  const Dataset dense = rare_numbers(8);
  DataOptions standardized;
  standardized.normalize = Normalization::kStandardize;
  Model<float> model = make_model<float>(dense, kNetwork, sparse_options(1), standardized);
  ASSERT_FALSE(model.sparse);
  Model<float> marked = model;
  marked.sparse = true;
  train(model, only_train(dense), sparse_options(1));
  train(marked, only_train(dense), sparse_options(1));
  const auto x = model.network.parameters(), y = marked.network.parameters();
  EXPECT_EQ(std::memcmp(x.data(), y.data(), x.size_bytes()), 0);
}

TEST(SparseTraining, ResumedModelIsThatOfTheStop) {
  const DataSplit data = split_of(to_sparse(rare_numbers(8)));
  const TrainOptions options = sparse_options(3);
  Model<float> model = make_model<float>(data.train, kNetwork, options, {}), resumed = model;
  Trainer<float> trainer(model, data, options);
  TrainCallbacks callbacks;
  callbacks.on_batch = [](const BatchReport&) { return Flow::kStop; };
  trainer.run(callbacks);
  TrainState<float> state = trainer.state();
  Trainer<float> other(resumed, data, options);
  other.resume(state);
  const auto x = model.network.parameters(), y = resumed.network.parameters();
  EXPECT_EQ(std::memcmp(x.data(), y.data(), x.size_bytes()), 0);
  for (const double factor : {0.0, -1.0, HUGE_VAL}) {
    state.weight_factor = factor;
    EXPECT_THROW(other.resume(state), DataError);
  }
}

}  // namespace
}  // namespace nabla
