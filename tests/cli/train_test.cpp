// SPDX-License-Identifier: MIT
#include <algorithm>
#include <csignal>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <thread>

#include "support/errors.h"
#include "support/files.h"
#include "support/places.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;
using Strings = std::vector<std::string>;

/// A training on few digits, with more arguments.
Strings small_training(const Strings& more = {}) {
  Strings arguments = {
      "train", "--data.digits-train=600", "--data.digits-test=100", "--network.hidden=12", "-e",
      "2"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

nlohmann::json run_summary(const fs::path& folder) {
  return nlohmann::json::parse(read_text(folder / "summary.json"));
}

std::size_t line_count(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

TEST(TrainCommand, LeavesARunFolder) {
  const TempFolder folder;
  const ProgramResult result = run_program(small_training(), folder.path());
  ASSERT_EQ(result.code, 0) << result.err;
  expect_in("run folder: ", result.out);
  expect_in("samples/s", result.out);
  // What was left to the data, and one line per epoch, no bar.
  EXPECT_EQ(line_count(result.err), 3U) << result.err;
  const fs::path run = folder.path() / "runs/digits";
  EXPECT_EQ(line_count(read_text(run / "metrics.csv")), 3U);
  const nlohmann::json summary = run_summary(run);
  EXPECT_EQ(summary["status"], "completed");
  EXPECT_EQ(summary["epochs"], 2);
  EXPECT_EQ(summary["parameters"], 784 * 12 + 12 + 12 * 10 + 10);
  EXPECT_EQ(summary["model_sha256"].get<std::string>().size(), 64U);
  EXPECT_TRUE(summary["validation_cost"].is_null());
  EXPECT_FALSE(summary["instruction_set"].get<std::string>().empty());
  const nlohmann::json& phases = summary["phase_seconds"];
  EXPECT_EQ(phases.size(), 7U);
  double sum = 0;
  for (const char* phase :
       {"gather", "feedforward", "backprop", "reduce_step", "exchange", "idle", "other"})
    sum += phases.at(phase).get<double>();
  EXPECT_NEAR(sum, summary["train_seconds"].get<double>(), 1e-9);
  // The last line of metrics.csv and the summary say the same number.
  const std::string metrics = read_text(run / "metrics.csv");
  EXPECT_EQ(std::stod(metrics.substr(metrics.rfind(',') + 1)),
            summary["test_accuracy"].get<double>());
}

TEST(TrainCommand, RunsFromConfigIniRepeatBitForBit) {
  const TempFolder folder;
  ASSERT_EQ(run_program(small_training({"-o", "first", "-q"}), folder.path()).code, 0);
  fs::create_directory(folder.path() / "elsewhere");
  const ProgramResult again =
      run_program({"train", "../first/config.ini", "-q"}, folder.path() / "elsewhere");
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(again.err, "");
  const std::string model = read_text(folder.path() / "first/model.safetensors");
  EXPECT_GT(model.size(), 1000U);
  EXPECT_EQ(read_text(folder.path() / "first-2/model.safetensors"), model);
  EXPECT_EQ(read_text(folder.path() / "first-2/config.ini"),
            read_text(folder.path() / "first/config.ini"));
}

TEST(TrainCommand, WhatWasLeftToTheDataIsSaidAndRecorded) {
  const TempFolder folder;
  std::string table;
  for (int i = 0; i < 30; ++i)
    table += std::to_string(i % 7) + "," + std::to_string(100 * i) + "," + "xyz"[i % 3] + "\n";
  folder.write("table.csv", table);
  const auto run = [&](Strings arguments) {
    arguments.insert(arguments.begin(), "train");
    return run_program(arguments, folder.path());
  };
  const ProgramResult first =
      run({"--data.source=csv", "--data.train=table.csv", "--data.validation=0.2", "-o", "first"});
  ASSERT_EQ(first.code, 0) << first.err;
  const std::string config = read_text(folder.path() / "first/config.ini");
  for (const char* choice :
       {"validation-shuffle = stratified", "task = classification", "normalize = standardize",
        "output = softmax", "cost = cross-entropy", "epochs = 200", "learning-rate = 0.001",
        "algorithm = adam", "monitor = validation-cost"}) {
    expect_in(choice, first.err);
    expect_in(choice, config);
  }
  // A choice that classes do not leave.
  EXPECT_EQ(first.err.find("standardize-targets"), std::string::npos) << first.err;
  const ProgramResult again = run({"first/config.ini", "-o", "again"});
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(again.err.find("warning"), std::string::npos) << again.err;
  EXPECT_EQ(again.err.find("train.epochs"), std::string::npos) << again.err;
  EXPECT_EQ(read_text(folder.path() / "again/model.safetensors"),
            read_text(folder.path() / "first/model.safetensors"));
}

TEST(TrainCommand, FeaturesOfOtherSourcesThatDifferInScaleAreMentioned) {
  const TempFolder folder;
  folder.write("wide.svm", "0 1:0.1 2:500\n1 1:0.9 2:100\n0 1:0.2 2:300\n1 1:0.7 2:200\n");
  Strings arguments = {"train", "--data.source=libsvm", "--data.train=wide.svm", "-e", "1"};
  expect_in("feature 0 spans 0.8, feature 1 400; data.normalize = max-abs",
            run_program(arguments, folder.path()).err);
  arguments.emplace_back("--data.normalize=none");
  EXPECT_EQ(run_program(arguments, folder.path()).err.find("spans"), std::string::npos);
}

TEST(TrainCommand, ThreadsNeverChangeTheModel) {
  const TempFolder folder;
  for (const std::string shards : {"0", "4"}) {
    std::string first;
    for (const std::string threads : {"1", "2", "3", "8"}) {
      const std::string name = shards + "-" + threads;
      ASSERT_EQ(run_program(small_training({"-t", threads, "--parallel.shards=" + shards,
                                            "--train.batch-size=64", "-q", "-o", name}),
                            folder.path())
                    .code,
                0);
      const std::string model = read_text(folder.path() / name / "model.safetensors");
      if (first.empty()) first = model;
      EXPECT_EQ(model, first) << shards << " shards, " << threads << " threads";
    }
  }
}

TEST(TrainCommand, LearnsXor) {
  const TempFolder folder;
  const std::string config = source_folder() / "configs/xor.ini";
  ASSERT_EQ(run_program({"train", config, "-q", "-o", "xor"}, folder.path()).code, 0);
  EXPECT_EQ(run_summary(folder.path() / "xor")["train_accuracy"], 1);
}

TEST(TrainCommand, StartsFromAnInitialModel) {
  const TempFolder folder;
  ASSERT_EQ(run_program(small_training({"-q", "-o", "a"}), folder.path()).code, 0);
  ASSERT_EQ(run_program(small_training({"-q", "-o", "b", "--train.learning-rate=1e-30",
                                        "--network.initial=a/model.safetensors"}),
                        folder.path())
                .code,
            0);
  EXPECT_EQ(run_summary(folder.path() / "b")["test_accuracy"],
            run_summary(folder.path() / "a")["test_accuracy"]);
}

TEST(TrainCommand, InterruptLeavesASummaryAndNoModel) {
  const std::pair<int, int> signals[] = {{SIGINT, 130}, {SIGTERM, 143}};
  for (const auto& [signal, code] : signals) {
    const TempFolder folder;
    Program program(
        {"train", "--data.digits-train=600", "--data.digits-test=0", "-e", "1000000", "-o", "run"},
        folder.path());
    for (int i = 0; i < 1000 && program.err().find("epoch 1/") == std::string::npos; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ::kill(program.id(), signal);
    const ProgramResult result = program.wait();
    EXPECT_EQ(result.code, code);
    const nlohmann::json summary = run_summary(folder.path() / "run");
    EXPECT_EQ(summary["status"], "interrupted");
    EXPECT_GE(summary["epochs"], 1);
    EXPECT_TRUE(summary["model_sha256"].is_null());
    EXPECT_FALSE(fs::exists(folder.path() / "run/model.safetensors"));
  }
}

TEST(TrainCommand, DivergenceIsExitFour) {
  const TempFolder folder;
  const ProgramResult result =
      run_program(small_training({"--network.activation=identity", "--network.output=identity",
                                  "--train.cost=mse", "--train.learning-rate=1e9", "-o", "run"}),
                  folder.path());
  EXPECT_EQ(result.code, 4);
  expect_in("nabla: error: training diverged in epoch 1, mini-batch ", result.err);
  expect_in("train.learning-rate", result.err);
  EXPECT_EQ(run_summary(folder.path() / "run")["status"], "diverged");
}

// In single precision the last row's weighted inputs are infinite.
TEST(TrainCommand, EvaluatedRowsWithoutAFinitePredictionEndIt) {
  const TempFolder folder;
  folder.write("train.csv", "1,2,0\n2,1,1\n1,3,0\n3,1,1\n");
  folder.write("beyond.csv", "1,2,0\n1e38,1e38,0\n");
  const Strings training = {"train", "-q", "-e", "2", "--data.source=csv"};
  const auto run = [&](Strings more) {
    more.insert(more.begin(), training.begin(), training.end());
    return run_program(more, folder.path());
  };
  ProgramResult result = run({"-o", "bad", "--data.train=train.csv,beyond.csv",
                              "--data.validation=1", "--data.validation-shuffle=no"});
  EXPECT_EQ(result.code, 4);
  expect_in("diverged in epoch 1, row 1 of the validation rows (", result.err);
  expect_in("beyond.csv:2): its prediction is NaN", result.err);
  EXPECT_EQ(run_summary(folder.path() / "bad")["diverged"],
            (nlohmann::json{{"epoch", 1}, {"rows", "validation"}, {"row", 1}}));
  EXPECT_EQ(line_count(read_text(folder.path() / "bad/metrics.csv")), 1U) << "the header alone";

  ASSERT_EQ(run({"-o", "good", "--data.train=train.csv"}).code, 0);
  result = run_program({"evaluate", "good/model.safetensors", "-q", "--data.source=csv",
                        "--data.train=train.csv", "--data.test=beyond.csv"},
                       folder.path());
  EXPECT_EQ(result.code, 3);
  EXPECT_EQ(result.out, "");
  expect_in("beyond.csv:2: its prediction is NaN or infinite", result.err);
}

TEST(TrainCommand, FailuresLeaveNoFolder) {
  const TempFolder folder;
  EXPECT_EQ(
      run_program({"train", "--data.source=csv", "--data.train=none.csv"}, folder.path()).code, 3);
  EXPECT_EQ(run_program(small_training({"--network.output=tanh", "--train.cost=cross-entropy"}),
                        folder.path())
                .code,
            2);
  EXPECT_EQ(run_program(small_training({"--network.initial=none.st"}), folder.path()).code, 3);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(TrainCommand, DivergenceIsExitFourWhereTheOutputIsFull) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  const TempFolder folder;
  const ProgramResult result =
      run_program(small_training({"--network.activation=identity", "--network.output=identity",
                                  "--train.cost=mse", "--train.learning-rate=1e9", "-q"}),
                  folder.path(), "", "/dev/full");
  EXPECT_EQ(result.code, 4);
  expect_in("diverged in epoch 1", result.err);
}

// The number is the data's fault, not the learning rate's, and no activation may hide it.
TEST(TrainCommand, NumbersBeyondThePrecisionAreErrorsOfTheData) {
  const TempFolder folder;
  folder.write("good.csv", "width,kind\n1,0\n\n2,1\n3,0\n4,1\n");
  folder.write("beyond.csv", "width,kind\n1,0\n\n1e39,1\n2,1\n3,0\n");
  folder.write("good.svm", "0 1:1\n1 1:2\n0 1:3\n1 1:1\n");
  folder.write("beyond.svm", "0 1:1\n# a comment\n1 1:1e39\n");
  const auto error = [&](Strings arguments) {
    arguments.push_back("-q");
    const ProgramResult result = run_program(arguments, folder.path());
    EXPECT_EQ(result.code, 3) << result.out;
    return result.err;
  };
  const Strings training = {"-e", "1", "-o", "run", "--network.activation=sigmoid"};
  const auto train = [&](Strings more) {
    more.insert(more.begin(), "train");
    more.insert(more.end(), training.begin(), training.end());
    return more;
  };
  const std::string csv_error = "beyond.csv:4: width: 1e+39 is beyond float32 after data.normalize";
  expect_in(csv_error + " = none; expected a magnitude of at most 3.4e+38",
            error(train({"beyond.csv", "--data.normalize=none"})));
  const ProgramResult good = run_program(train({"good.csv", "-q"}), folder.path());
  ASSERT_EQ(good.code, 0) << good.err;
  expect_in(csv_error, error({"evaluate", "run", "beyond.csv"}));
  expect_in(csv_error, error({"predict", "run", "beyond.csv"}));
  expect_in(
      "beyond.svm:3: feature 0: 1e+39 is beyond float32",
      error(train({"--data.source=libsvm", "--data.train=good.svm", "--data.test=beyond.svm"})));
}

TEST(TrainCommand, NamesARunWithoutConfigurationAfterItsData) {
  const TempFolder folder;
  folder.write("points.csv", "1,2,a\n3,4,b\n");
  const ProgramResult result = run_program(
      {"train", "-q", "-e", "1", "--data.source=csv", "--data.train=points.csv"}, folder.path());
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(fs::exists(folder.path() / "runs/points/model.safetensors"));
}

TEST(TrainCommand, RefusesWhatNoMachineHasTheMemoryFor) {
  const TempFolder folder;
  std::string rows;
  for (int i = 0; i < 50000; ++i) rows += "1,2,a\n3,4,b\n";
  folder.write("rows.csv", rows);
  // Each takes over a terabyte because of its key and little because of the others.
  const std::pair<std::string, Strings> cases[] = {
      {"network.hidden", {"--network.hidden=1000000,1000000", "--train.batch-size=1"}},
      {"train.batch-size", {"--network.hidden=1000000,1,1000000", "--train.batch-size=all"}},
  };
  for (const auto& [key, more] : cases) {
    Strings arguments = {"train", "-q", "--data.source=csv", "--data.train=rows.csv", "-o", "run"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const ProgramResult result = run_program(arguments, folder.path());
    EXPECT_EQ(result.code, 2) << key;
    expect_in("nabla: error: " + key + ": ", result.err);
    EXPECT_EQ(line_count(result.err), 1U);
    EXPECT_FALSE(fs::exists(folder.path() / "run"));
  }
}

TEST(TrainCommand, RefusesAnOutputFolderThatCannotBe) {
  const TempFolder folder;
  folder.write("file", "");
  const ProgramResult result = run_program(small_training({"-o", "file/run"}), folder.path());
  EXPECT_EQ(result.code, 2);
  expect_in("output.dir: ", result.err);
  EXPECT_EQ(line_count(result.err), 1U);
}

TEST(TrainCommand, TargetsThatCrossEntropyCannotHaveLeaveNoFolder) {
  const TempFolder folder;
  folder.write("prices.csv", "1,2,24.5\n3,4,0.5\n");
  const ProgramResult result = run_program({"train", "--data.source=csv", "--data.train=prices.csv",
                                            "--network.output=sigmoid", "-o", "run"},
                                           folder.path());
  EXPECT_EQ(result.code, 2);
  expect_in("train.cost: cross-entropy needs targets from 0 to 1", result.err);
  EXPECT_FALSE(fs::exists(folder.path() / "run"));
}

}  // namespace
}  // namespace nabla
