// SPDX-License-Identifier: MIT
#include <algorithm>
#include <csignal>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <thread>

#include "support/errors.h"
#include "support/file_size_limit.h"
#include "support/files.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;
using Strings = std::vector<std::string>;

// Few checkpoints, as each waits for the disk.
const std::string kSmall =
    "[output]\ncheckpoint-every = 0\n[data]\ndigits-train = 300\ndigits-test = "
    "100\n[network]\nhidden = 12\n[train]\nepochs = 3\n";

std::string model(const fs::path& run) { return read_text(run / "model.safetensors"); }

Strings lines_in(const fs::path& file) {
  Strings lines;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

nlohmann::json summary_of(const fs::path& folder) {
  return nlohmann::json::parse(read_text(folder / "summary.json"));
}

TEST(SweepCommand, EachTrialIsTheRunThatItWouldBeAlone) {
  const TempFolder folder;
  folder.write("a.ini", kSmall +
                            "[sweep]\nnetwork.hidden = 5; 600,300\ntrain.batch-size = 10; 100\n"
                            "train.precision = float32; float64\n");
  const ProgramResult result = run_program({"sweep", "a.ini", "-t", "3"}, folder.path());
  ASSERT_EQ(result.code, 0) << result.err;
  const fs::path sweep = folder.path() / "runs/a";
  const Strings lines = lines_in(sweep / "trials.csv");
  ASSERT_EQ(lines.size(), 9U);
  EXPECT_EQ(lines[0],
            "trial,network.hidden,train.batch-size,train.precision,status,epochs,model_epoch,"
            "train_cost,train_accuracy,validation_cost,validation_accuracy,test_cost,"
            "test_accuracy,seconds,error");
  for (std::size_t i = 1; i < lines.size(); ++i)
    EXPECT_TRUE(lines[i].starts_with(std::to_string(i) + ",")) << lines[i];
  expect_in("7,\"600, 300\",100,float32,completed,3,", lines[7]);
  for (const char* trial : {"trial-001", "trial-004", "trial-007"}) {
    const ProgramResult alone = run_program({"train", (sweep / trial / "config.ini").string(), "-o",
                                             "alone", "-q", "--output.overwrite=yes"},
                                            folder.path());
    ASSERT_EQ(alone.code, 0) << alone.err;
    EXPECT_FALSE(model(sweep / trial).empty());
    EXPECT_EQ(model(folder.path() / "alone"), model(sweep / trial)) << trial;
  }
  const auto summary = summary_of(sweep);
  EXPECT_EQ(summary["completed"], 8);
  EXPECT_EQ(summary["ranked_by"], "test_accuracy");
  const std::string best = std::to_string(summary["best_trial"].get<int>());
  EXPECT_EQ(summary["data"], summary_of(sweep / ("trial-00" + best))["data"]);
  expect_in("trial " + best + ", completed, test accuracy", result.out);
  EXPECT_EQ(run_program({"report", "runs/a"}, folder.path()).code, 0);
  expect_in("8 runs; the best by test accuracy is trial " + best, read_text(sweep / "report.html"));
}

TEST(SweepCommand, RunsOnlyWhatIsMissing) {
  const TempFolder folder;
  folder.write("a.ini", kSmall +
                            "[sweep]\nmethod = random\ntrials = 4\n"
                            "train.learning-rate = loguniform(0.01,1)\n");
  const auto sweep = [&](const Strings& more) {
    Strings arguments = {"sweep", "a.ini", "-o", "out"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(arguments, folder.path());
  };
  ASSERT_EQ(sweep({}).code, 0);
  const fs::path out = folder.path() / "out";
  const Strings lines = lines_in(out / "trials.csv");
  const std::string second = model(out / "trial-002");
  // One model gone, one line cut short.
  fs::remove(out / "trial-002/model.safetensors");
  std::string text = read_text(out / "trials.csv");
  folder.write("out/trials.csv", text.substr(0, text.rfind(",completed") + 3));
  ProgramResult result = sweep({"-t", "1", "--sweep.parallel=2"});
  ASSERT_EQ(result.code, 0) << result.err;
  expect_in("2/4 done earlier, 2 left", result.err);
  for (const char* part : {"trial 2/4: completed", "trial 4/4: completed"})
    expect_in(part, result.err);
  EXPECT_EQ(result.err.find("trial 1/4"), std::string::npos);
  EXPECT_EQ(model(out / "trial-002"), second);
  EXPECT_EQ(lines_in(out / "trials.csv")[1], lines[1]);
  EXPECT_EQ(lines_in(out / "trials.csv").size(), 5U);

  // A random sweep may grow; nothing else may differ, but for an overwrite.
  result = sweep({"--sweep.trials=5"});
  EXPECT_EQ(result.code, 0);
  expect_in("4/5 done earlier, 1 left", result.err);
  result = sweep({"--sweep.trials=5", "-e", "2"});
  EXPECT_EQ(result.code, 2);
  expect_in("out holds a different sweep (train.epochs = '3' there and '2' here), expected",
            result.err);
  EXPECT_EQ(sweep({"--sweep.train.l2=0;1"}).code, 2);
  folder.write("out/trial-003/notes.txt", "mine");
  result = sweep({"--sweep.trials=2", "-e", "2", "--output.overwrite=yes"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(lines_in(out / "trials.csv").size(), 3U);
  EXPECT_FALSE(fs::exists(out / "trial-005"));
  EXPECT_EQ(read_text(out / "trial-003/notes.txt"), "mine");
}

TEST(SweepCommand, DoesNotGoOnWithOtherData) {
  const TempFolder folder;
  const auto write = [&](int rows) {
    std::string text = "size,kind\n";
    for (int i = 0; i < rows; ++i) text += std::to_string(i) + (i % 2 == 0 ? ",iris\n" : ",rose\n");
    folder.write("flowers.csv", text);
  };
  folder.write(
      "a.ini",
      "[data]\nsource = csv\ntrain = flowers.csv\n[network]\nhidden = 3\n[train]\nepochs = "
      "2\n[sweep]\ntrain.seed = 1; 2\ndata.limit = 0; 20\n");
  const auto sweep = [&] {
    return run_program({"sweep", "a.ini", "-o", "out", "-q"}, folder.path());
  };
  write(30);
  ASSERT_EQ(sweep().code, 0);
  const fs::path out = folder.path() / "out";
  const std::string trials = read_text(out / "trials.csv");
  write(31);
  const ProgramResult refused = sweep();
  EXPECT_EQ(refused.code, 3);
  expect_in("out: the data have changed since trial 1: 31 training rows, expected 30", refused.err);
  EXPECT_EQ(read_text(out / "trials.csv"), trials);
  EXPECT_TRUE(fs::exists(out / "summary.json"));
  // A trial that was interrupted has a checkpoint alone.
  fs::remove(out / "trial-001/summary.json");
  fs::remove(out / "trial-001/model.safetensors");
  EXPECT_EQ(sweep().code, 3);
  write(30);
  EXPECT_EQ(sweep().code, 0);
}

TEST(SweepCommand, InterruptedItGoesOnToTheSameModels) {
  const TempFolder folder;
  folder.write("a.ini", kSmall + "[sweep]\ntrain.seed = 1; 2; 3; 4; 5; 6; 7; 8\n");
  const auto arguments = [](const std::string& out) {
    return Strings{"sweep", "a.ini", "-o", out, "-e", "800", "--sweep.parallel=1", "-t", "1"};
  };
  ASSERT_EQ(run_program(arguments("whole"), folder.path()).code, 0);
  Program program(arguments("out"), folder.path());
  const fs::path out = folder.path() / "out";
  for (int i = 0; i < 6000 && lines_in(out / "trial-001/metrics.csv").size() < 3; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ::kill(program.id(), SIGINT);
  const ProgramResult stopped = program.wait();
  EXPECT_EQ(stopped.code, 130);
  expect_in(" missing", stopped.out);
  expect_in("go on: ", stopped.out);
  EXPECT_LT(lines_in(out / "trials.csv").size(), 9U);
  EXPECT_EQ(summary_of(out)["status"], "interrupted");
  EXPECT_FALSE(fs::exists(out / "trial-008"));

  const ProgramResult again = run_program(arguments("out"), folder.path());
  EXPECT_EQ(again.code, 0) << again.err;
  for (const char* trial : {"trial-001", "trial-002", "trial-003", "trial-008"}) {
    EXPECT_EQ(model(out / trial), model(folder.path() / "whole" / trial));
    EXPECT_EQ(lines_in(out / trial / "metrics.csv").size(), 801U);
  }
}

TEST(SweepCommand, HalvingGivesTheModelsOfRunsAlone) {
  const TempFolder folder;
  folder.write("a.ini", kSmall +
                            "[sweep]\nmethod = halving\ntrials = 7\n"
                            "train.learning-rate = loguniform(0.001,1)\n");
  const ProgramResult result =
      run_program({"sweep", "a.ini", "-e", "6", "--output.checkpoint-every=1"}, folder.path());
  ASSERT_EQ(result.code, 0) << result.err;
  const fs::path sweep = folder.path() / "runs/a";
  std::size_t with_six = 0;
  const Strings lines = lines_in(sweep / "trials.csv");
  ASSERT_EQ(lines.size(), 8U);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    with_six += lines[i].find(",completed,2,6,") != std::string::npos;
    if (lines[i].find(",completed,2,6,") == std::string::npos) {
      expect_in(",completed,1,2,", lines[i]);
    }
  }
  EXPECT_EQ(with_six, 2U);
  const int best = summary_of(sweep)["best_trial"];
  const fs::path run = sweep / ("trial-00" + std::to_string(best));
  ASSERT_EQ(
      run_program({"train", (run / "config.ini").string(), "-o", "alone"}, folder.path()).code, 0);
  EXPECT_EQ(model(run), model(folder.path() / "alone"));
  // Nothing is left to do.
  const ProgramResult again =
      run_program({"sweep", "a.ini", "-e", "6", "--output.checkpoint-every=1"}, folder.path());
  EXPECT_EQ(again.code, 0);
  expect_in("9/9 done earlier, 0 left", again.err);
}

TEST(SweepCommand, HalvingGoesOnFromNoEpochEvaluatedOnlyAsTheLast) {
  const TempFolder folder;
  folder.write("a.ini", kSmall +
                            "evaluate-every = 4\n[sweep]\nmethod = halving\ntrials = 3\n"
                            "train.learning-rate = loguniform(0.001,1)\n");
  const ProgramResult result =
      run_program({"sweep", "a.ini", "-e", "6", "--output.checkpoint-every=1"}, folder.path());
  ASSERT_EQ(result.code, 0) << result.err;
  const fs::path sweep = folder.path() / "runs/a";
  const int best = summary_of(sweep)["best_trial"];
  const Strings epochs = lines_in(sweep / ("trial-00" + std::to_string(best)) / "metrics.csv");
  ASSERT_EQ(epochs.size(), 7U);
  // The second epoch was the last one of the first round.
  EXPECT_TRUE(epochs[2].ends_with(",,,,")) << epochs[2];
}

TEST(SweepCommand, GoesOnWhereATrialsFilesCannotBeWritten) {
  const TempFolder folder;
  folder.write("a.ini", kSmall + "[sweep]\nnetwork.hidden = 5; 60; 6\n");
  {
    const FileSizeLimit limit(50000);
    const ProgramResult result = run_program({"sweep", "a.ini", "-o", "out"}, folder.path());
    EXPECT_EQ(result.code, 1);
    expect_in("nabla: error: cannot write ", result.err);
    expect_in("trials:       2 completed, 1 failed", result.out);
  }
  expect_in("2,60,failed,", lines_in(folder.path() / "out/trials.csv")[2]);
  const ProgramResult again = run_program({"sweep", "a.ini", "-o", "out"}, folder.path());
  EXPECT_EQ(again.code, 0) << again.err;
  expect_in("2/3 done earlier, 1 left", again.err);
  EXPECT_EQ(summary_of(folder.path() / "out")["completed"], 3);
}

TEST(SweepCommand, GoesOnPastTrialsThatDivergeOrFail) {
  const TempFolder folder;
  folder.write("good.csv", "1,2,a\n2,1,b\n1,3,a\n3,1,b\n");
  folder.write("bad.csv", "1,2,a\nx,1,b\n");
  folder.write("a.ini",
               "[data]\nsource = csv\n[train]\nepochs = 2\ncost = quadratic\n[network]\n"
               "activation = relu\noutput = identity\n[sweep]\n"
               "data.train = good.csv; bad.csv\ntrain.learning-rate = 0.1; 1e30\n");
  const ProgramResult result = run_program({"sweep", "a.ini", "-o", "out"}, folder.path());
  EXPECT_EQ(result.code, 0) << result.err;
  const Strings lines = lines_in(folder.path() / "out/trials.csv");
  ASSERT_EQ(lines.size(), 5U);
  expect_in("good.csv,0.1,completed,", lines[1]);
  expect_in("good.csv,1e+30,diverged,", lines[2]);
  expect_in("bad.csv:2", lines[3]);
  expect_in(",failed,", lines[4]);
  expect_in("1 completed, 1 diverged, 2 failed", result.out);
  EXPECT_EQ(run_program({"report", "out"}, folder.path()).code, 0);
  // A failed trial is tried again.
  folder.write("bad.csv", "1,2,a\n3,1,b\n");
  const ProgramResult again = run_program({"sweep", "a.ini", "-o", "out"}, folder.path());
  expect_in("2/4 done earlier, 2 left", again.err);
  expect_in("bad.csv,0.1,completed,", lines_in(folder.path() / "out/trials.csv")[3]);

  const ProgramResult all = run_program(
      {"sweep", "a.ini", "-o", "all", "--sweep.train.learning-rate=1e29;1e30"}, folder.path());
  EXPECT_EQ(all.code, 4);
  expect_in("all 4 trials diverged", all.err);
}

TEST(SweepCommand, ChecksAllTrialsBeforeTheFirstOne) {
  const TempFolder folder;
  const auto fails = [&](const std::string& sweep, const std::string& part) {
    folder.write("a.ini", kSmall + "[sweep]\n" + sweep);
    const ProgramResult result = run_program({"sweep", "a.ini"}, folder.path());
    EXPECT_EQ(result.code, 2) << sweep;
    expect_in(part, result.err);
    EXPECT_FALSE(fs::exists(folder.path() / "runs"));
  };
  fails("train.learning-rate = 0.1; none\n", "a.ini:11: sweep.train.learning-rate: 'none' is not");
  fails("train.learning-rat = 0.1\n", "did you mean sweep.train.learning-rate?");
  fails("network.dropout = 0.1; 0.1,0.2\n", "a.ini:11: sweep.network.dropout: 2 fractions for 1");
  // Known only with the data.
  fails("network.output = softmax; tanh\ntrain.cost = cross-entropy\n",
        "(trial 2: network.output = tanh; train.cost = cross-entropy)");
  fails("network.hidden = 10; 1000000,1000000\n", "a.ini:11: sweep.network.hidden: training ");
  fails("", "no key to sweep");
  EXPECT_EQ(run_program({"sweep"}, folder.path()).code, 2);
}

TEST(SweepCommand, LeavesOtherFoldersAlone) {
  const TempFolder folder;
  folder.write("a.ini", kSmall + "[sweep]\ntrain.l2 = 0; 1\n");
  ASSERT_EQ(run_program({"train", "a.ini", "-q", "-o", "out"}, folder.path()).code, 0);
  ASSERT_EQ(run_program({"sweep", "a.ini", "-q", "-o", "out"}, folder.path()).code, 0);
  EXPECT_TRUE(fs::exists(folder.path() / "out-2/trials.csv"));
  const ProgramResult again = run_program({"sweep", "a.ini", "-o", "out"}, folder.path());
  expect_in("2/2 done earlier, 0 left", again.err);
  EXPECT_FALSE(fs::exists(folder.path() / "out-3"));
  const ProgramResult resumed = run_program({"train", "--resume", "out-2"}, folder.path());
  EXPECT_EQ(resumed.code, 2);
  expect_in("nabla sweep out-2/config.ini goes on with it", resumed.err);
  // As its configuration does, from anywhere.
  const ProgramResult from_config =
      run_program({"sweep", "out-2/config.ini", "--output.report=yes"}, folder.path());
  EXPECT_EQ(from_config.code, 0) << from_config.err;
  expect_in("2/2 done earlier, 0 left", from_config.err);
  expect_in("2 runs; the best by test accuracy is trial 1",
            read_text(folder.path() / "out-2/report.html"));
}

TEST(SweepCommand, LeavesTheWinnersRun) {
  const TempFolder folder;
  folder.write("a.ini", kSmall + "[sweep]\ntrain.seed = 1; 2; 3; 4; 5; 6; 7; 8; 9; 10; 11; 12\n");
  const ProgramResult result = run_program({"sweep", "a.ini", "-e", "1"}, folder.path());
  ASSERT_EQ(result.code, 0) << result.err;
  expect_in("… and 2 more in trials.csv\n", result.out);
  const fs::path sweep = folder.path() / "runs/a";
  const std::string number = std::to_string(summary_of(sweep)["best_trial"].get<int>());
  const std::string trial = std::string("trial-") + (number.size() < 2 ? "00" : "0") + number;
  EXPECT_EQ(fs::read_symlink(sweep / "best"), trial);
  // The link is relative.
  fs::rename(sweep, folder.path() / "moved");
  EXPECT_EQ(model(folder.path() / "moved/best"), model(folder.path() / "moved" / trial));
}

TEST(SweepCommand, RanksByCrossValidation) {
  const TempFolder folder;
  folder.write("a.ini", kSmall +
                            "[sweep]\nscore = crossval\nnetwork.hidden = 5; 12\n"
                            "train.learning-rate = 0.1; 1e30\n[crossval]\nfolds = 3\n");
  const ProgramResult result = run_program({"sweep", "a.ini", "-o", "out"}, folder.path());
  ASSERT_EQ(result.code, 0) << result.err;
  const fs::path out = folder.path() / "out";
  const Strings lines = lines_in(out / "trials.csv");
  ASSERT_EQ(lines.size(), 5U);
  expect_in("crossval_cost,crossval_accuracy,crossval_deviation", lines[0]);
  const auto summary = summary_of(out);
  EXPECT_EQ(summary["ranked_by"], "crossval_accuracy");
  // The same as nabla crossval says.
  const std::string best = "trial-00" + std::to_string(summary["best_trial"].get<int>());
  ASSERT_EQ(
      run_program({"crossval", "out/" + best + "/config.ini", "-o", "folds", "-q"}, folder.path())
          .code,
      0);
  EXPECT_EQ(summary_of(folder.path() / "folds")["accuracy"]["mean"],
            summary["best_crossval_accuracy"]);
  EXPECT_EQ(read_text(out / best / "config.ini").find("[sweep]\nnetwork"), std::string::npos);
  // best/ is a run on all training rows.
  ASSERT_EQ(run_program({"train", "out/best/config.ini", "-o", "alone", "-q"}, folder.path()).code,
            0);
  EXPECT_EQ(model(out / "best"), model(folder.path() / "alone"));
  EXPECT_EQ(run_program({"report", "out"}, folder.path()).code, 0);
  expect_in("the best by crossval accuracy is trial", read_text(out / "report.html"));

  const auto written = fs::last_write_time(out / "best/model.safetensors");
  const ProgramResult again = run_program({"sweep", "a.ini", "-o", "out"}, folder.path());
  EXPECT_EQ(again.code, 0) << again.err;
  expect_in("4/4 done earlier, 0 left", again.err);
  EXPECT_EQ(fs::last_write_time(out / "best/model.safetensors"), written);
  const ProgramResult refused =
      run_program({"sweep", "a.ini", "-o", "no", "--data.validation=0.2"}, folder.path());
  EXPECT_EQ(refused.code, 2);
  expect_in("sweep.score: crossval contradicts validation rows", refused.err);
}

TEST(SweepCommand, HalvingRanksByCrossValidation) {
  const TempFolder folder;
  folder.write("a.ini", kSmall +
                            "[sweep]\nmethod = halving\ntrials = 3\nscore = crossval\n"
                            "train.learning-rate = loguniform(0.01, 1)\n[crossval]\nfolds = 2\n");
  const ProgramResult result =
      run_program({"sweep", "a.ini", "-o", "out", "-e", "3"}, folder.path());
  ASSERT_EQ(result.code, 0) << result.err;
  expect_in("(4/4 done", result.err);
  const fs::path out = folder.path() / "out";
  const std::string best = std::to_string(summary_of(out)["best_trial"].get<int>());
  const Strings lines = lines_in(out / "trials.csv");
  std::size_t promoted = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const bool is_best = lines[i].starts_with(best + ",");
    expect_in(is_best ? ",completed,2,3," : ",completed,1,1,", lines[i]);
    promoted += is_best ? 1 : 0;
  }
  EXPECT_EQ(promoted, 1U);
  expect_in("epochs = 3\n", read_text(out / "best/config.ini"));
}

TEST(SweepCommand, ATerminalShowsTheFoldsOfATrial) {
  const TempFolder folder;
  folder.write("a.ini", kSmall +
                            "[sweep]\nscore = crossval\ntrain.l2 = 0; 1\n"
                            "[crossval]\nfolds = 3\n");
  const std::string shown = run_on_terminal({"sweep", "a.ini", "-e", "400"}, folder.path(), 60);
  expect_in("/3 folds  ", shown);
}

TEST(SweepCommand, ATerminalShowsATable) {
  const TempFolder folder;
  folder.write("a.ini", kSmall + "[sweep]\ntrain.l2 = 0; 1; 2\n");
  const std::string shown = run_on_terminal({"sweep", "a.ini"}, folder.path(), 60);
  expect_in("trial 3/3: completed, test accuracy", shown);
  expect_in("\x1b[J", shown);
  expect_in("3/3 done  0 running", shown);
  expect_in("best: trial ", shown);
}

}  // namespace
}  // namespace nabla
