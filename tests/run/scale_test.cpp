// SPDX-License-Identifier: MIT
#include "run/scale.h"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/engine/executor.h"

#include "config/configuration.h"
#include "run/columns.h"
#include "support/errors.h"
#include "support/files.h"
#include "support/temp_folder.h"
#include "support/thread_ranks.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;
using Sizes = std::vector<std::size_t>;

ExperimentOptions tiny_digits(const fs::path& folder) {
  ExperimentOptions options;
  options.data.digits_train = 100;
  options.network.hidden = {12};
  options.output.dir = folder;
  options.scale.seconds = 0.2;
  options.scale.threads = {1, 2, 3};
  options.scale.batch_sizes = {10, 0};
  return options;
}

TEST(Scale, MeasuresEachBatchSizeWithEachThreadCount) {
  const TempFolder folder;
  const fs::path run = folder.path() / "scale";
  std::vector<ScaleRound> rounds;
  ScaleCallbacks callbacks;
  callbacks.on_round = [&](const ScaleRound& round) { rounds.push_back(round); };
  const ScaleResult result = run_scale(tiny_digits(run), callbacks);
  EXPECT_EQ(result.folder, run);
  EXPECT_FALSE(result.interrupted);
  EXPECT_EQ(rounds.size(), 18U);
  EXPECT_EQ(rounds[0].threads, 1U);  // thread counts take turns
  EXPECT_EQ(rounds[1].threads, 2U);

  ASSERT_EQ(result.rows.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) {
    const ScaleRow& row = result.rows[i];
    EXPECT_EQ(row.batch_size, i < 3 ? 10U : 100U);
    EXPECT_EQ(row.threads, i % 3 + 1);
    EXPECT_GE(row.shards, 1U);
    EXPECT_NE(row.reduction, Reduction::kAuto);
    EXPECT_NEAR(row.efficiency, row.speedup / static_cast<double>(row.threads), 1e-12);
    EXPECT_EQ(row.samples % (i < 3 ? 10 : 100), 0U);
    // A third for each round; a step that runs past its end is not an error.
    EXPECT_GT(row.seconds, 0.02);
    double sum = 0;
    for (const NamedPhase& phase : kPhases) {
      EXPECT_GE(row.phase_seconds.*phase.seconds, 0) << phase.name;
      sum += row.phase_seconds.*phase.seconds;
    }
    EXPECT_NEAR(sum * row.samples_per_second, 1e6, 1);
  }
  EXPECT_EQ(result.rows[0].speedup, 1);
  EXPECT_EQ(result.rows[3].speedup, 1);
  EXPECT_NEAR(result.rows[2].speedup,
              result.rows[2].samples_per_second / result.rows[0].samples_per_second, 1e-12);
  ASSERT_EQ(result.fits.size(), 2U);
  EXPECT_EQ(result.fits[0].serial.has_value(), available_cores() > 1);

  EXPECT_EQ(read_text(run / "scale.csv"), scale_csv(result.rows));
  const Configuration again = read_configuration(run / "config.ini", {});
  EXPECT_EQ(again.options.scale.threads, (Sizes{1, 2, 3}));
  EXPECT_EQ(again.options.scale.batch_sizes, (Sizes{10, 0}));
}

TEST(Scale, RanksTakeTurns) {
  const TempFolder folder;
  ExperimentOptions options = tiny_digits(folder.path() / "scale");
  options.scale.threads = {1};
  options.scale.batch_sizes = {50};
  options.parallel.reduction = Reduction::kPerShard;
  options.scale.shards = 4;
  testing_support::run_ranks(3, [&](Ranks& ranks) {
    const ScaleResult result = run_scale(options, {}, ranks);
    EXPECT_FALSE(result.interrupted);
    ASSERT_EQ(result.rows.size(), ranks.rank() == 0 ? 3U : 0U);
    if (ranks.rank() > 0) return;
    for (std::size_t i = 0; i < 3; ++i) {
      const ScaleRow& row = result.rows[i];
      EXPECT_EQ(row.ranks, i + 1);
      EXPECT_NEAR(row.efficiency, row.speedup / static_cast<double>(row.ranks), 1e-12);
      EXPECT_EQ(row.waited > 0, i > 0);
      EXPECT_EQ(row.waited_without_overlap > 0, i > 0);
    }
    EXPECT_EQ(read_text(result.folder / "scale.csv"), scale_csv(result.rows));
  });
}

TEST(Scale, RefusesMoreRanksThanThereAre) {
  const TempFolder folder;
  ExperimentOptions options = tiny_digits(folder.path() / "scale");
  options.scale.ranks = {1, 2};
  expect_in("scale.ranks: 2, expected at most the number of ranks that a launcher has started, 1",
            error_of<ConfigError>([&] { run_scale(options, {}); }));
}

TEST(Scale, StoppedKeepsTheRoundsMeasured) {
  const TempFolder folder;
  const fs::path run = folder.path() / "scale";
  std::size_t rounds = 0;
  ScaleCallbacks callbacks;
  callbacks.on_round = [&](const ScaleRound&) { ++rounds; };
  callbacks.stop = [&] { return rounds == 2; };
  const ScaleResult result = run_scale(tiny_digits(run), callbacks);
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(rounds, 2U);
  ASSERT_EQ(result.rows.size(), 2U);
  EXPECT_EQ(result.rows[1].threads, 2U);
  EXPECT_EQ(read_text(run / "scale.csv"), scale_csv(result.rows));
}

TEST(Scale, FailuresLeaveNoFolder) {
  const TempFolder folder;
  const fs::path run = folder.path() / "scale";
  ExperimentOptions diverging = tiny_digits(run);
  diverging.network.activation = {Activation::kIdentity};
  diverging.network.output = Activation::kIdentity;
  diverging.train.cost = Cost::kMse;
  diverging.train.learning_rate = 1e9;
  expect_in("mini-batches of 10 rows", error_of<DivergedError>([&] { run_scale(diverging, {}); }));
  ScaleCallbacks stopped;
  stopped.stop = [] { return true; };
  EXPECT_TRUE(run_scale(tiny_digits(run), stopped).interrupted);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(Scale, WarnsOfMoreThreadsThanCores) {
  const TempFolder folder;
  ExperimentOptions options = tiny_digits(folder.path() / "scale");
  options.scale.seconds = 0.001;
  options.scale.threads = {1, available_cores() + 1};
  std::string warnings;
  ScaleCallbacks callbacks;
  callbacks.on_warning = [&](const std::string& text) { warnings += text; };
  run_scale(options, callbacks);
  expect_in("scale.threads: " + std::to_string(available_cores() + 1) + " threads, but", warnings);
}

TEST(Scale, ShardsAreItsOwnOrThoseOfTheExperiment) {
  const TempFolder folder;
  ExperimentOptions options = tiny_digits(folder.path() / "scale");
  options.scale.seconds = 0.001;
  options.scale.threads = {1};
  options.scale.batch_sizes = {};
  options.train.batch_size = 20;
  options.parallel.shards = 5;
  EXPECT_EQ(run_scale(options, {}).rows.at(0).shards, 5U);
  options.scale.shards = 3;
  const ScaleResult result = run_scale(options, {});
  EXPECT_EQ(result.rows.at(0).shards, 3U);
  EXPECT_EQ(result.rows.at(0).batch_size, 20U);
}

TEST(Scale, ThreadsDoubleUpToAllCores) {
  EXPECT_EQ(doubled_up_to(1), (Sizes{1}));
  EXPECT_EQ(doubled_up_to(2), (Sizes{1, 2}));
  EXPECT_EQ(doubled_up_to(6), (Sizes{1, 2, 4, 6}));
  EXPECT_EQ(doubled_up_to(8), (Sizes{1, 2, 4, 8}));
}

TEST(Scale, SaysWhichBatchSizesAreSplit) {
  EXPECT_EQ(unsplit_text(51, 51, 2000), "");
  expect_in("batch size 10 is never split", unsplit_text(10, 51, 2000));
  expect_in("below 51 rows", unsplit_text(10, 51, 2000));
  expect_in("try --scale.batch-sizes=64,128,256,", unsplit_text(10, 51, 2000));
  expect_in("try --scale.batch-sizes=64,", unsplit_text(10, 64, 127));
  expect_in("try --scale.batch-sizes=all,", unsplit_text(10, 51, 60));
  expect_in("only 50 training rows, so one thread is best", unsplit_text(50, 51, 50));
}

TEST(Scale, KnowsFromWhichBatchSizeOnMiniBatchesAreSplit) {
  const TempFolder folder;
  ExperimentOptions options = tiny_digits(folder.path() / "scale");
  options.scale.seconds = 0.001;
  options.data.sparse = false;
  const ScaleResult result = run_scale(options, {});
  for (const ScaleRow& row : result.rows) {
    EXPECT_EQ(row.rows, 100U);
    // 16 MFLOP by 4·784·12 + 6·12·10 a row
    EXPECT_EQ(row.split_from, 418U);
  }
}

TEST(Amdahl, FindsTheFractionOfAnExactCurve) {
  std::vector<ThreadTime> measured;
  for (const double n : {1.0, 2.0, 4.0, 8.0}) measured.push_back({n, 5 * (0.1 + 0.9 / n)});
  const auto fit = fit_amdahl(measured);
  ASSERT_TRUE(fit && fit->error);
  EXPECT_NEAR(fit->value, 0.1, 1e-14);
  EXPECT_NEAR(*fit->error, 0, 1e-7);
}

// T = 1, 0.6, 0.35 at n = 1, 2, 4. With x = 1/n: mean x = 7/12, mean T = 13/20, Sxx = 7/24,
// SxT = 1/4, STT = 43/200. So the slope is (1/4)/(7/24) = 6/7, the intercept 13/20 − 1/2 = 3/20,
// and T(1) = 141/140. The residual variance, of one degree of freedom, is 43/200 − 6/28 = 1/1400;
// in units of it Var(intercept) = 1/3 + (49/144)/(7/24) = 3/2, Var(slope) = 24/7 and
// Cov = −(7/12)/(7/24) = −2.
TEST(Amdahl, GivesTheFractionAndErrorDerivedByHand) {
  const auto fit = fit_amdahl(std::vector<ThreadTime>{{1, 1.0}, {2, 0.6}, {4, 0.35}});
  ASSERT_TRUE(fit && fit->error);
  EXPECT_NEAR(fit->value, 7.0 / 47, 1e-14);
  const double slope = 6.0 / 7;
  const double intercept = 3.0 / 20;
  const double variance =
      slope * slope * 1.5 + intercept * intercept * 24 / 7 + 4 * slope * intercept;
  EXPECT_NEAR(*fit->error, std::sqrt(variance / 1400) / std::pow(141.0 / 140, 2), 1e-13);
}

TEST(Amdahl, TwoCountsHaveNoErrorAndOneHasNoFit) {
  const auto fit = fit_amdahl(std::vector<ThreadTime>{{1, 4.0}, {2, 3.0}});
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->value, 0.5, 1e-14);
  EXPECT_FALSE(fit->error);
  EXPECT_FALSE(fit_amdahl(std::vector<ThreadTime>{{2, 3.0}}));
  EXPECT_FALSE(fit_amdahl(std::vector<ThreadTime>{{2, 3.0}, {2, 3.5}, {2, 4.0}}));
  EXPECT_FALSE(fit_amdahl({}));
}

TEST(Amdahl, MoreThanLinearIsBelowZero) {
  const auto fit = fit_amdahl(std::vector<ThreadTime>{{1, 4.0}, {2, 1.5}});
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->value, -0.25, 1e-14);
}

}  // namespace
}  // namespace nabla
