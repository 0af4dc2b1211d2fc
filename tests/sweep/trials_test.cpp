// SPDX-License-Identifier: MIT
#include "sweep/trials.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <span>

#include "nabla/base/error.h"

#include "support/errors.h"
#include "support/temp_folder.h"
#include "sweep/results.h"

namespace nabla {
namespace {

Configuration configuration(const std::string& sweep) {
  return parse_configuration("[sweep]\n" + sweep, "a", {});
}

std::vector<std::vector<std::string>> values_of(const std::string& sweep) {
  std::vector<std::vector<std::string>> values;
  for (const Trial& trial : make_trials(configuration(sweep))) values.push_back(trial.values);
  return values;
}

TEST(SweepTrials, GridTurnsTheLastKeyFastest) {
  const auto trials =
      make_trials(configuration("network.hidden = ; 30,10\ntrain.learning-rate = 0.1; 1; 3\n"));
  ASSERT_EQ(trials.size(), 6U);
  EXPECT_EQ(trials[1].values, (std::vector<std::string>{"", "1"}));
  EXPECT_EQ(trials[3].values, (std::vector<std::string>{"30, 10", "0.1"}));
  EXPECT_EQ(trials[3].number, 4U);
  EXPECT_EQ(trials[3].options.network.hidden, (std::vector<std::size_t>{30, 10}));
  EXPECT_TRUE(trials[3].options.sweep.keys.empty());
}

TEST(SweepTrials, ARandomTrialDependsOnSeedNumberAndKeysOnly) {
  const std::string keys =
      "network.hidden = integer(5,7)\ntrain.learning-rate = loguniform(0.001,10)\n"
      "train.cost = auto; quadratic\n";
  const auto few = values_of("method = random\ntrials = 3\n" + keys);
  const auto many = values_of("method = random\ntrials = 300\n" + keys);
  EXPECT_TRUE(std::ranges::equal(few, std::span(many).first(3)));
  EXPECT_EQ(values_of("method = halving\ntrials = 300\n" + keys), many);
  EXPECT_NE(values_of("method = random\ntrials = 3\nseed = 2\n" + keys), few);

  std::size_t sevens = 0, below_one_tenth = 0, quadratic = 0;
  for (const auto& values : many) {
    EXPECT_TRUE(values[0] == "5" || values[0] == "6" || values[0] == "7") << values[0];
    const double rate = std::stod(values[1]);
    EXPECT_TRUE(rate >= 0.001 && rate <= 10) << values[1];
    EXPECT_LE(values[1].size(), 12U) << values[1];
    sevens += values[0] == "7";
    below_one_tenth += rate < 0.1;
    quadratic += values[2] == "quadratic";
  }
  // Each within five standard deviations: of 300 with 1/3, 1/2 and 1/2.
  EXPECT_NEAR(static_cast<double>(sevens), 100, 41);
  EXPECT_NEAR(static_cast<double>(below_one_tenth), 150, 44);
  EXPECT_NEAR(static_cast<double>(quadratic), 150, 44);
}

TEST(SweepTrials, UniformStaysWithinANarrowRange) {
  for (const auto& values :
       values_of("method = random\ntrain.learning-rate = uniform(1000000,1000001)\n")) {
    const double rate = std::stod(values[0]);
    EXPECT_TRUE(rate >= 1000000 && rate < 1000001 && rate != std::floor(rate)) << values[0];
  }
}

TEST(SweepTrials, AllAreCheckedAndNamed) {
  const auto error = [](const std::string& sweep) {
    return error_of<ConfigError>([&] { make_trials(configuration(sweep)); });
  };
  expect_in("no key to sweep", error(""));
  expect_in(
      "a.ini:3: sweep.network.activation: 2 activations for 3 hidden layers, expected one for all "
      "of them or one each (trial 4: network.hidden = 3, 3, 3; network.activation = tanh, relu)",
      error("network.hidden = 3,3; 3,3,3\nnetwork.activation = tanh; tanh,relu\n"));
  std::string many;
  for (const char* key : {"l1", "l2", "max-norm", "clip-norm"})
    many += "train." + std::string(key) + " = 0;1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19\n";
  expect_in("more than 100000 trials", error(many));
  // The first round of halving has few epochs.
  const std::string text =
      "[train]\nepochs = 9\n[schedule]\nwarmup-epochs = 4\n"
      "[sweep]\nmethod = halving\ntrain.l2 = 0; 1\n";
  expect_in("a.ini:4: schedule.warmup-epochs: more than train.epochs = 1",
            error_of<ConfigError>([&] { make_trials(parse_configuration(text, "a", {})); }));
}

TEST(SweepTrials, HalvingKeepsAThirdForThreeTimesTheEpochs) {
  ExperimentOptions options;
  options.sweep.method = SweepMethod::kHalving;
  const auto rounds = [&](std::size_t trials, std::size_t epochs) {
    options.train.epochs = epochs;
    std::vector<std::size_t> numbers;
    for (const SweepRound& round : sweep_rounds(options, trials))
      numbers.insert(numbers.end(), {round.trials, round.epochs});
    return numbers;
  };
  using Numbers = std::vector<std::size_t>;
  EXPECT_EQ(rounds(20, 30), (Numbers{20, 4, 6, 10, 2, 30}));
  EXPECT_EQ(rounds(27, 27), (Numbers{27, 1, 9, 3, 3, 9, 1, 27}));
  EXPECT_EQ(rounds(100, 5), (Numbers{100, 2, 33, 5}));
  EXPECT_EQ(rounds(2, 5), (Numbers{2, 5}));
  options.sweep.method = SweepMethod::kGrid;
  EXPECT_EQ(rounds(20, 30), (Numbers{20, 0}));
}

TEST(SweepResults, LinesReadBack) {
  const Configuration sweep =
      configuration("network.hidden = 3; 3,3; 4; 5; 6\ntrain.cost = quadratic; auto\n");
  const auto trials = make_trials(sweep);
  const SweepOptions& options = sweep.options.sweep;
  TrialResult good;
  good.trial = 3;
  good.status = "completed";
  good.epochs = 5;
  good.model_epoch = 4;
  good.train = Score{.cost = 0.25, .goodness = 0.9};
  good.test = Score{.cost = 0.1, .goodness = 0.30000000000000004};
  good.seconds = 1.5;
  TrialResult diverged, failed;
  diverged.status = "diverged";
  failed.status = "failed";
  failed.error = "a \"b\", c";
  const TempFolder folder;
  const auto file = folder.write(
      "trials.csv",
      results_header(options) + result_line(options, trials[2], good) +
          result_line(options, trials[0], diverged) + result_line(options, trials[1], failed) +
          // Lines of another sweep, of no trial, and cut short.
          "4,7,auto,completed,5,4,1,1,,,,,1,\n99,3,auto,completed,5,4,1,1,,,,,1,\n" + "5,4,quadr");
  const TrialResults results = read_results(file, options, trials);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results.at(1).status, "diverged");
  EXPECT_EQ(result_line(options, trials[2], results.at(3)), result_line(options, trials[2], good));
  EXPECT_EQ(results.at(3).test->goodness, 0.30000000000000004);
  EXPECT_TRUE(results.at(3).is_better_than(results.at(1)));
  EXPECT_FALSE(results.at(3).validation);
}

TEST(SweepResults, BestIsOfTheLastRoundThenOfLowestCostThenTheFirstOfEquals) {
  TrialResults results;
  const auto add = [&](std::size_t trial, std::size_t round, double accuracy,
                       const char* status = "completed") {
    results[trial] = {};
    results[trial].trial = trial;
    results[trial].status = status;
    results[trial].round = round;
    results[trial].train = Score{.cost = 1, .goodness = accuracy};
  };
  EXPECT_EQ(best_result(results), nullptr);
  add(1, 1, 0.99, "diverged");
  EXPECT_EQ(best_result(results), nullptr);
  add(2, 1, 0.9);
  add(3, 1, 0.95, "early-stopped");
  add(4, 1, 0.95);
  EXPECT_EQ(best_result(results)->trial, 3U);
  results[4].train->cost = 0.9;
  EXPECT_EQ(best_result(results)->trial, 4U);
  results[4].train->cost = std::nan("");
  EXPECT_EQ(best_result(results)->trial, 3U);
  add(5, 2, 0.5);
  EXPECT_EQ(best_result(results)->trial, 5U);
}

}  // namespace
}  // namespace nabla
