// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "nabla/train/model_data.h"

#include "run/stopped_run.h"
#include "run/training_run.h"
#include "support/files.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t count) { return engine_() % count; }
  bool coin() { return below(2) == 0; }
  template <class Value>
  Value one_of(std::initializer_list<Value> values) {
    return values.begin()[below(values.size())];
  }

 private:
  std::mt19937 engine_;
};

/// Rows of three features and a target that depends on them, noise aside.
std::string random_table(Dice& dice, std::size_t rows, bool is_regression) {
  std::string text;
  for (std::size_t i = 0; i < rows; ++i) {
    double sum = static_cast<double>(dice.below(100)) / 100;
    for (int j = 0; j < 3; ++j) {
      const double feature = static_cast<double>(dice.below(1000)) / 500 - 1;
      sum += feature;
      text += std::to_string(feature) + ",";
    }
    const char* name = sum > 0.8 ? "high" : sum > 0 ? "middle" : "low";
    text += (is_regression ? std::to_string(sum) : name) + "\n";
  }
  return text;
}

ExperimentOptions random_experiment(Dice& dice, const TempFolder& folder) {
  ExperimentOptions options;
  options.output.dir = folder.path() / "run";
  DataOptions& data = options.data;
  data.dir = folder.path();
  const bool has_test = dice.coin();
  if (dice.coin()) {
    data.digits_train = 110;
    data.digits_test = has_test ? 30 : 0;
  } else {
    const bool is_regression = dice.coin();
    data.source = DataSource::kCsv;
    data.train = {folder.write("train.csv", random_table(dice, 110, is_regression))};
    if (has_test) data.test = {folder.write("test.csv", random_table(dice, 30, is_regression))};
    data.standardize_targets = is_regression && dice.coin();
    if (dice.coin()) data.normalize = Normalization::kStandardize;
  }
  data.validation = dice.one_of({0.0, 25.0, 0.3});
  if (dice.coin())
    data.validation_shuffle = dice.one_of({SplitOrder::kAsRead, SplitOrder::kShuffled});
  if (data.test.empty() && data.source == DataSource::kCsv)
    data.test_fraction = dice.one_of({0.0, 0.2});
  options.network.hidden = {8};
  options.network.activation = {dice.one_of({Activation::kTanh, Activation::kRelu})};
  options.network.batch_norm = dice.coin();
  TrainOptions& train = options.train;
  train.epochs = 1 + dice.below(9);
  train.batch_size = dice.one_of<std::size_t>({0, 9, 40});
  train.learning_rate = dice.one_of({0.01, 0.2, 3.0, 1e3, 1e6});
  train.evaluate_every = dice.below(4);
  train.precision = dice.one_of({Precision::kFloat32, Precision::kFloat64});
  train.optimizer.algorithm = dice.one_of({Algorithm::kSgd, Algorithm::kMomentum});
  StopOptions& stop = train.stop;
  stop.restore_best = dice.below(4) > 0;
  stop.monitor = dice.one_of<std::optional<Monitor>>({std::nullopt, Monitor::kValidationAccuracy});
  if (data.validation > 0 && train.evaluate_every > 0 && dice.coin())
    stop.patience = 1 + dice.below(2);
  return options;
}

/// Trains to the end, stopped and gone on with up to three times.
TrainStatus train_with_stops(const ExperimentOptions& options, Dice& dice, int& interruptions) {
  std::size_t stops = dice.below(4);
  RunCallbacks callbacks;
  callbacks.train.on_batch = [&](const BatchReport&) {
    if (stops == 0 || dice.below(15) > 0) return Flow::kContinue;
    --stops;
    return Flow::kStop;
  };
  TrainStatus status = run_training(options, callbacks).summary.status;
  while (status == TrainStatus::kInterrupted) {
    ++interruptions;
    status = resume_training(open_stopped_run(options.output.dir, {}), callbacks).summary.status;
  }
  return status;
}

// The figures that a run names are those of the model that it leaves, to the last digit.
TEST(SavedModel, HasTheScoresOfTheSummary) {
  std::map<std::string, int> seen;
  int interruptions = 0;
  for (unsigned seed = 1; seed <= 120; ++seed) {
    SCOPED_TRACE("experiment " + std::to_string(seed));
    Dice dice(seed);
    const TempFolder folder;
    const ExperimentOptions options = random_experiment(dice, folder);
    const TrainStatus status = train_with_stops(options, dice, interruptions);
    ++seen[std::string(name_of(status))];

    const fs::path run = options.output.dir;
    const std::string metrics = read_text(run / "metrics.csv");
    EXPECT_EQ(metrics.find("nan"), std::string::npos);
    EXPECT_EQ(metrics.find("inf"), std::string::npos);
    const nlohmann::json summary = nlohmann::json::parse(read_text(run / "summary.json"));
    const AnyModel model = load_model(run / "model.safetensors");
    if (summary.at("epochs") == 0) {
      EXPECT_EQ(status, TrainStatus::kDiverged);
      EXPECT_TRUE(summary.at("model_epoch").is_null()) << "the start is no epoch's model";
      continue;
    }
    const DataSplit data = load_data_for(model, options.data);
    const bool is_best = summary.at("model_epoch") == summary.at("best_epoch");
    if (!is_best) {
      EXPECT_EQ(summary.at("model_epoch"), summary.at("epochs"));
      ++seen["last"];
    } else if (summary.at("model_epoch") != summary.at("epochs")) {
      ++seen["best"];
    }
    const bool restores = options.train.stop.restore_best && data.validation.rows() > 0;
    if (restores && !summary.at("best_epoch").is_null()) {
      EXPECT_TRUE(is_best);
    }
    if (!restores) {
      EXPECT_EQ(summary.at("model_epoch"), summary.at("epochs"));
    }
    for (const auto& [name, rows] :
         {std::pair<std::string, const Dataset&>{"validation", data.validation},
          {"test", data.test}}) {
      const std::string figure = (is_best ? "best_" : "") + name;
      const nlohmann::json& cost = summary.at(figure + "_cost");
      if (rows.rows() == 0 || cost.is_null()) {
        EXPECT_TRUE(cost.is_null());
        // A training that diverges may leave the model of an epoch that was not to be evaluated.
        EXPECT_TRUE(rows.rows() == 0 || status == TrainStatus::kDiverged);
        continue;
      }
      const Score score = evaluate(model, rows).score;
      EXPECT_EQ(cost.get<double>(), score.cost) << name;
      EXPECT_EQ(summary.at(figure + "_accuracy").get<double>(), score.goodness) << name;
    }
  }
  for (const char* ending : {"completed", "early-stopped", "diverged", "last", "best"})
    EXPECT_GT(seen[ending], 3) << ending;
  EXPECT_GT(interruptions, 30);
}

}  // namespace
}  // namespace nabla
