// SPDX-License-Identifier: MIT
#include "nabla/train/resolved.h"

#include <cstddef>
#include <cstdint>
#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <variant>

#include "nabla/base/matrix.h"
#include "nabla/data/preprocess.h"
#include "nabla/train/make_model.h"
#include "nabla/train/trainer.h"

#include "support/models.h"

namespace nabla {
namespace {

using namespace testing_support;

/// The rows as if they came from a table.
Dataset as_table(Dataset rows) {
  rows.columns.count = rows.inputs() + 1;
  rows.columns.targets = {rows.inputs()};
  return rows;
}

TEST(ResolvedOptions, EpochsFollowFromTheMiniBatches) {
  const auto epochs = [](std::size_t rows, std::size_t batch, LastBatch last = LastBatch::kKeep) {
    return *resolved({.batch_size = batch, .last_batch = last}, random_classes(rows, 2, 2)).epochs;
  };
  EXPECT_EQ(epochs(150, 32), 200U);  // 5 mini-batches: 4000
  EXPECT_EQ(epochs(300, 2), 134U);   // 150: 133.3
  EXPECT_EQ(epochs(400, 2), 100U);   // 200: 100
  EXPECT_EQ(epochs(3000, 1), 10U);   // 3000: 6.7
  EXPECT_EQ(epochs(3000, 0), 200U);  // one
  EXPECT_EQ(epochs(301, 2), 133U);   // 151: 132.5
  EXPECT_EQ(epochs(301, 2, LastBatch::kDrop), 134U);
  EXPECT_EQ(*resolved({.epochs = 3}, random_classes(150, 2, 2)).epochs, 3U);
}

TEST(ResolvedOptions, TablesAreTrainedWithAdamAndTheRateFollows) {
  const Dataset rows = random_classes(20, 3, 2), table = as_table(rows);
  EXPECT_EQ(resolved(TrainOptions{}, rows).optimizer.algorithm, Algorithm::kSgd);
  EXPECT_EQ(resolved(TrainOptions{}, rows).learning_rate, 0.1);
  EXPECT_EQ(resolved(TrainOptions{}, table).optimizer.algorithm, Algorithm::kAdam);
  EXPECT_EQ(resolved(TrainOptions{}, table).learning_rate, 0.001);
  EXPECT_EQ(resolved({.learning_rate = 0.5}, table).learning_rate, 0.5);
  const auto rate = [&](Algorithm algorithm) {
    return *resolved({.optimizer = {.algorithm = algorithm}}, table).learning_rate;
  };
  EXPECT_EQ(rate(Algorithm::kSgd), 0.1);
  EXPECT_EQ(rate(Algorithm::kMomentum), 0.01);
  EXPECT_EQ(rate(Algorithm::kNesterov), 0.01);
  EXPECT_EQ(rate(Algorithm::kAdagrad), 0.01);
  EXPECT_EQ(rate(Algorithm::kRmsprop), 0.001);
  EXPECT_EQ(rate(Algorithm::kAdamw), 0.001);
}

TEST(ResolvedOptions, FeaturesOfTablesAreStandardised) {
  const auto normalization = [](const Dataset& rows, Normalization given = Normalization::kAuto) {
    return resolved(given, rows);
  };
  const Dataset rows = random_classes(20, 3, 2);
  EXPECT_EQ(normalization(rows), Normalization::kNone);
  EXPECT_EQ(normalization(as_table(rows)), Normalization::kStandardize);
  EXPECT_EQ(normalization(as_table(rows), Normalization::kUnit), Normalization::kUnit);
  Dataset bytes = rows;
  bytes.features = Matrix<std::uint8_t>(20, 3);
  EXPECT_EQ(normalization(bytes), Normalization::kScale);

  const auto wide = [](std::size_t columns, double first, double others) {
    Dataset table;
    Matrix<double> values(2, columns);
    for (std::size_t j = 0; j < columns; ++j) values(0, j) = j == 0 ? first : others;
    table.features = std::move(values);
    table.columns.count = columns + 1;
    return table;
  };
  EXPECT_EQ(normalization(wide(64, 255, 7)), Normalization::kScale);
  EXPECT_EQ(normalization(wide(63, 255, 7)), Normalization::kStandardize);
  EXPECT_EQ(normalization(wide(64, 256, 7)), Normalization::kStandardize);
  EXPECT_EQ(normalization(wide(64, -1, 7)), Normalization::kStandardize);
  EXPECT_EQ(normalization(wide(64, 0.5, 7)), Normalization::kStandardize);
  EXPECT_EQ(normalization(wide(64, 1, 1)), Normalization::kStandardize);
}

TEST(ResolvedOptions, TargetsOfTablesAreStandardisedIfTheOutputsTakeAnyNumber) {
  const Dataset values = as_table(random_targets(20, 3, 1));
  const auto chosen = [](const Dataset& rows, const NetworkOptions& network = {},
                         const TrainOptions& training = {}) {
    return resolved(DataOptions{}, network, training, rows).standardize_targets;
  };
  EXPECT_EQ(chosen(values), true);
  EXPECT_EQ(chosen(random_targets(20, 3, 1)), false);
  EXPECT_EQ(chosen(as_table(random_classes(20, 3, 2))), std::nullopt);
  EXPECT_EQ(chosen(values, {.output = Activation::kSigmoid}), false);
  EXPECT_EQ(chosen(values, {.output = Activation::kIdentity}), true);
  EXPECT_EQ(chosen(values, {}, {.cost = Cost::kCrossEntropy}), false);
  EXPECT_EQ(chosen(values, {}, {.cost = Cost::kHuber}), true);
}

TEST(ResolvedOptions, TrainingMakesTheSameChoices) {
  const DataSplit data = only_train(as_table(random_targets(40, 3, 1)));
  const TrainOptions given{.batch_size = 20};
  const auto trained = [&](const TrainOptions& options, const DataOptions& source) {
    AnyModel model = make_model(data.train, {.hidden = {4}}, options, source);
    const TrainSummary summary = train(model, data, options, {}, {.threads = 1});
    EXPECT_EQ(summary.epochs, 200U);
    return serialize_model(std::get<Model<float>>(model));
  };
  EXPECT_EQ(trained(given, {}),
            trained(resolved(given, data.train), resolved(DataOptions{}, {}, given, data.train)));
}

}  // namespace
}  // namespace nabla
