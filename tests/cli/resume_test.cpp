// SPDX-License-Identifier: MIT
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
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

Strings operator+(Strings some, const Strings& more) {
  some.insert(some.end(), more.begin(), more.end());
  return some;
}

/// A training in `run`, with momentum and early stopping, so that a checkpoint has all there is.
const Strings kTraining = {"train",
                           "-o",
                           "run",
                           "-t",
                           "2",
                           "--data.digits-train=400",
                           "--data.digits-test=50",
                           "--data.validation=50",
                           "--network.hidden=40",
                           "--train.learning-rate=0.1",
                           "--optimizer.algorithm=momentum",
                           "--schedule.policy=plateau",
                           "--stop.patience=1000",
                           "--train.epochs=12"};

/// metrics.csv without seconds and samples_per_second.
std::string figures_in(const fs::path& run) {
  std::istringstream stream(read_text(run / "metrics.csv"));
  std::string result;
  for (std::string line; std::getline(stream, line);) {
    const std::size_t epoch = line.find(',');
    const std::size_t rest = line.find(',', line.find(',', epoch + 1) + 1);
    if (rest == std::string::npos) return "bad line: " + line;
    result += line.substr(0, epoch) + line.substr(rest) + "\n";
  }
  return result;
}

nlohmann::json summary_in(const fs::path& run) {
  return nlohmann::json::parse(read_text(run / "summary.json"));
}

/// The undisturbed run, once for all tests.
const TempFolder& undisturbed() {
  static const TempFolder folder;
  static const bool trained = [] {
    const ProgramResult result = run_program(kTraining + Strings{"-q"}, folder.path());
    EXPECT_EQ(result.code, 0) << result.err;
    return true;
  }();
  (void)trained;
  return folder;
}

void expect_undisturbed(const fs::path& run) {
  const fs::path expected = undisturbed().path() / "run";
  EXPECT_GT(read_text(expected / "model.safetensors").size(), 1000U);
  EXPECT_TRUE(read_text(run / "model.safetensors") == read_text(expected / "model.safetensors"));
  EXPECT_EQ(figures_in(run), figures_in(expected));
  const nlohmann::json summary = summary_in(run), wanted = summary_in(expected);
  for (const char* key : {"status", "epochs", "best_epoch", "model_sha256", "train_cost",
                          "validation_cost", "best_validation_accuracy", "learning_rate"})
    EXPECT_EQ(summary[key], wanted[key]) << key;
}

/// Starts the training and ends it by a signal after some epochs.
ProgramResult interrupt(const fs::path& folder, int signal) {
  Program program(kTraining, folder);
  for (int i = 0; i < 30000 && program.err().find("epoch 3/") == std::string::npos; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  ::kill(program.id(), signal);
  return program.wait();
}

/// A folder in which a run of 12 epochs was ended after some of them.
class Resume : public testing::Test {
 protected:
  void SetUp() override {
    ProgramResult result = interrupt(folder_.path(), SIGTERM);
    // It may have come to its end before the signal came.
    for (int i = 0; i < 20 && result.code == 0; ++i) {
      fs::remove_all(run_);
      result = interrupt(folder_.path(), SIGTERM);
    }
    ASSERT_EQ(result.code, 143) << result.err;
    expect_in("nabla train --resume ", result.out);
  }

  ProgramResult resume(const Strings& more = {}) {
    return run_program(Strings{"train", "--resume", "run"} + more, folder_.path());
  }

  const TempFolder folder_;
  const fs::path run_ = folder_.path() / "run";
};

TEST_F(Resume, GoesOnToTheSameBytes) {
  EXPECT_EQ(summary_in(run_)["status"], "interrupted");
  EXPECT_FALSE(fs::exists(run_ / "model.safetensors"));
  const ProgramResult result = resume({"-t", "3"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.err.find("warning"), std::string::npos) << result.err;
  expect_undisturbed(run_);
  const std::string metrics = read_text(run_ / "metrics.csv");
  const ProgramResult again = resume();
  EXPECT_EQ(again.code, 0);
  EXPECT_EQ(again.out, "run: completed after 12 epochs, nothing is left to do\n");
  EXPECT_EQ(read_text(run_ / "metrics.csv"), metrics);
}

TEST_F(Resume, TakesThePreviousCheckpointWhereTheNewestIsDamaged) {
  fs::copy_file(run_ / "checkpoint.safetensors", run_ / "checkpoint.previous.safetensors",
                fs::copy_options::overwrite_existing);
  std::string bytes = read_text(run_ / "checkpoint.safetensors");
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
  std::ofstream(run_ / "checkpoint.safetensors", std::ios::binary) << bytes;
  const ProgramResult result = resume();
  EXPECT_EQ(result.code, 0) << result.err;
  expect_in("warning: run/checkpoint.safetensors: damaged", result.err);
  expect_undisturbed(run_);
}

TEST_F(Resume, StartsOverWithoutAGoodCheckpoint) {
  std::ofstream(run_ / "checkpoint.safetensors", std::ios::binary) << "nothing";
  fs::remove(run_ / "checkpoint.previous.safetensors");
  const ProgramResult result = resume();
  EXPECT_EQ(result.code, 0) << result.err;
  expect_in("run: no good checkpoint, starting over", result.err);
  expect_undisturbed(run_);
}

TEST_F(Resume, RefusesACheckpointOfAnotherVersion) {
  std::string bytes = read_text(run_ / "checkpoint.safetensors");
  const std::string key = "\"format_version\":\"";
  bytes[bytes.find(key) + key.size()] = '1';
  std::ofstream(run_ / "checkpoint.safetensors", std::ios::binary) << bytes;
  const ProgramResult result = resume();
  EXPECT_EQ(result.code, 3);
  expect_in("run/checkpoint.safetensors: a checkpoint of format version \"1\"", result.err);
  expect_in("nabla train run/config.ini trains the run anew", result.err);
  EXPECT_EQ(read_text(run_ / "checkpoint.safetensors"), bytes);
}

TEST(ResumeData, RefusesDataThatHaveChanged) {
  const TempFolder folder;
  const auto write = [&](const std::string& kind) {
    std::string text = "size,kind\n";
    for (int i = 0; i < 20; ++i)
      text += std::to_string(i) + (i < 10 ? ",iris\n" : "," + kind + "\n");
    folder.write("flowers.csv", text);
  };
  write("rose");
  const ProgramResult first = run_program({"train", "-o", "run", "-e", "1", "--data.source=csv",
                                           "--data.train=flowers.csv", "--network.hidden=3"},
                                          folder.path());
  ASSERT_EQ(first.code, 0) << first.err;
  const nlohmann::json data = summary_in(folder.path() / "run")["data"];
  EXPECT_EQ(data["columns"], (Strings{"size", "kind"}));
  EXPECT_EQ(data["classes"], (Strings{"iris", "rose"}));
  EXPECT_EQ(data["training"]["rows"], 20);
  write("daisy");
  const Strings resume = {"train", "--resume", "run", "-e", "2"};
  const ProgramResult refused = run_program(resume, folder.path());
  EXPECT_EQ(refused.code, 3);
  expect_in(
      "run/checkpoint.safetensors: the data have changed since: the class 'rose' is missing and "
      "'daisy' is new",
      refused.err);
  write("rose");
  EXPECT_EQ(run_program(resume, folder.path()).code, 0);
}

TEST_F(Resume, RefusesWhatChangesTheExperiment) {
  const std::string config = read_text(run_ / "config.ini");
  const std::pair<Strings, const char*> cases[] = {
      {{"--train.seed=2"}, "train.seed: cannot be given with --resume"},
      {{"-o", "elsewhere"}, "output.dir: cannot be given with --resume"},
      {{"some.ini"}, "unexpected argument 'some.ini'"},
  };
  for (const auto& [arguments, message] : cases) {
    const ProgramResult result = resume(arguments);
    EXPECT_EQ(result.code, 2);
    expect_in(message, result.err);
  }
  std::string changed = config;
  changed.replace(changed.find("momentum = 0.9"), 14, "momentum = 0.8");
  std::ofstream(run_ / "config.ini") << changed;
  const ProgramResult result = resume();
  EXPECT_EQ(result.code, 2);
  expect_in("run/config.ini: optimizer.momentum = 0.8, expected 0.9 as in run/checkpoint",
            result.err);
  EXPECT_EQ(run_program({"train", "--resume", "nowhere"}, folder_.path()).code, 2);
  EXPECT_EQ(run_program({"train", "--resume"}, folder_.path()).code, 2);
}

TEST_F(Resume, GoesOnWhereACheckpointCannotBeWritten) {
  const std::string checkpoint = read_text(run_ / "checkpoint.safetensors");
  // In the way of the temporary file.
  fs::create_directory(run_ / "checkpoint.safetensors.tmp");
  const ProgramResult result = resume();
  EXPECT_EQ(result.code, 1);
  expect_in("nabla: warning: cannot write run/checkpoint.safetensors.tmp: Is a directory",
            result.err);
  expect_in("nabla: error: cannot write run/checkpoint.safetensors.tmp", result.err);
  EXPECT_TRUE(read_text(run_ / "checkpoint.safetensors") == checkpoint);
  expect_undisturbed(run_);
}

TEST_F(Resume, GoesOnWhereTheDiskIsFull) {
  const std::string checkpoint = read_text(run_ / "checkpoint.safetensors");
  {
    const FileSizeLimit limit(20000);
    const ProgramResult result = resume();
    EXPECT_EQ(result.code, 1);
    expect_in("checkpoint.safetensors.tmp: File too large", result.err);
    expect_in("model.safetensors.tmp: File too large", result.err);
  }
  EXPECT_TRUE(read_text(run_ / "checkpoint.safetensors") == checkpoint);
  EXPECT_FALSE(fs::exists(run_ / "model.safetensors"));
  EXPECT_EQ(resume().code, 0);
  expect_undisturbed(run_);
}

TEST(ResumeCommand, MoreEpochsGoOnWithACompletedRun) {
  const TempFolder folder;
  ASSERT_EQ(run_program(kTraining + Strings{"-q"}, folder.path()).code, 0);
  fs::rename(folder.path() / "run", folder.path() / "first");
  {
    // A model of fewer epochs does not pass for that of all if the latter found no room.
    const FileSizeLimit limit(20000);
    EXPECT_EQ(run_program({"train", "--resume", "first", "-e", "15", "-q"}, folder.path()).code, 1);
  }
  Strings longer = kTraining;
  longer.back() = "--train.epochs=15";
  const ProgramResult at_once = run_program(longer + Strings{"-q"}, folder.path());
  ASSERT_EQ(at_once.code, 0);
  const ProgramResult result =
      run_program({"train", "--resume", "first", "-e", "15", "-q"}, folder.path());
  EXPECT_EQ(result.code, 0) << result.err;
  const std::size_t costs = at_once.out.find("cost:  ");
  ASSERT_NE(costs, std::string::npos);
  expect_in(at_once.out.substr(costs, at_once.out.find('\n', costs) - costs), result.out);
  EXPECT_TRUE(read_text(folder.path() / "first/model.safetensors") ==
              read_text(folder.path() / "run/model.safetensors"));
  EXPECT_EQ(figures_in(folder.path() / "first"), figures_in(folder.path() / "run"));
  EXPECT_EQ(read_text(folder.path() / "first/config.ini"),
            read_text(folder.path() / "run/config.ini"));
}

TEST(ResumeCommand, AnEpochEvaluatedOnlyAsTheLastLeavesNoTraceInALongerRun) {
  const TempFolder folder;
  Strings shorter = kTraining;
  shorter.back() = "--train.epochs=9";
  const Strings every = {"--train.evaluate-every=4", "-q"};
  ASSERT_EQ(run_program(shorter + every, folder.path()).code, 0);
  EXPECT_TRUE(summary_in(folder.path() / "run")["validation_cost"].is_number());
  fs::rename(folder.path() / "run", folder.path() / "first");
  ASSERT_EQ(run_program(kTraining + every, folder.path()).code, 0);
  const ProgramResult result =
      run_program({"train", "--resume", "first", "-e", "12"}, folder.path());
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.err.find("warning"), std::string::npos) << result.err;
  EXPECT_TRUE(read_text(folder.path() / "first/model.safetensors") ==
              read_text(folder.path() / "run/model.safetensors"));
  EXPECT_EQ(figures_in(folder.path() / "first"), figures_in(folder.path() / "run"));
}

TEST_F(Resume, FewerEpochsEndTheRunAfterThoseCompleted) {
  const auto done = summary_in(run_)["epochs"].get<std::size_t>();
  const ProgramResult result = resume({"-e", "1", "-q"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(summary_in(run_)["status"], "completed");
  EXPECT_EQ(summary_in(run_)["epochs"], done);
  expect_in("epochs = " + std::to_string(done) + "\n", read_text(run_ / "config.ini"));
  Strings shorter = kTraining;
  shorter[2] = "short";
  shorter.back() = "--train.epochs=" + std::to_string(done);
  ASSERT_EQ(run_program(shorter + Strings{"-q"}, folder_.path()).code, 0);
  EXPECT_TRUE(read_text(run_ / "model.safetensors") ==
              read_text(folder_.path() / "short/model.safetensors"));
  EXPECT_EQ(figures_in(run_), figures_in(folder_.path() / "short"));
}

TEST_F(Resume, AnInterruptedRunIsAModel) {
  const ProgramResult of_run = run_program({"evaluate", "run", "--json", "-q"}, folder_.path());
  EXPECT_EQ(of_run.code, 0) << of_run.err;
  const nlohmann::json scores = nlohmann::json::parse(of_run.out), summary = summary_in(run_);
  // The test rows' cost after the epoch that the validation rows chose.
  EXPECT_EQ(summary["model_epoch"], summary["best_epoch"]);
  EXPECT_EQ(scores["cost"], summary["best_test_cost"]);
  EXPECT_EQ(
      run_program({"evaluate", "run/checkpoint.safetensors", "--json", "-q"}, folder_.path()).out,
      of_run.out);
  expect_in("784 inputs, 40", run_program({"info", "run"}, folder_.path()).out);
  expect_in("\"interrupted\"", run_program({"info", "run", "--json"}, folder_.path()).out);
  const ProgramResult report = run_program({"report", "run"}, folder_.path());
  EXPECT_EQ(report.code, 0);
  expect_in("the model is that of checkpoint.safetensors", report.err);
  fs::remove(run_ / "checkpoint.safetensors");
  fs::remove(run_ / "checkpoint.previous.safetensors");
  const ProgramResult none = run_program({"evaluate", "run"}, folder_.path());
  EXPECT_EQ(none.code, 3);
  expect_in("run: holds no model, expected model.safetensors or checkpoint", none.err);
}

TEST(ResumeCommand, OneProcessAtATimeAndNoCheckpointsWhereNoneAreWanted) {
  const TempFolder folder;
  Strings endless = kTraining;
  endless.back() = "--train.epochs=1000000";
  Program program(endless + Strings{"--output.checkpoint-every=0"}, folder.path());
  for (int i = 0; i < 3000 && program.err().find("epoch 3/") == std::string::npos; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  const ProgramResult other = run_program({"train", "--resume", "run"}, folder.path());
  EXPECT_EQ(other.code, 2);
  expect_in("another process is working in it", other.err);
  EXPECT_EQ(run_program(endless + Strings{"--output.overwrite=yes"}, folder.path()).code, 2);
  EXPECT_FALSE(fs::exists(folder.path() / "run/checkpoint.safetensors"));
  ::kill(program.id(), SIGINT);
  EXPECT_EQ(program.wait().code, 130);
  EXPECT_TRUE(fs::exists(folder.path() / "run/checkpoint.safetensors"));
}

// The promise in full: whenever the process is killed, also while it writes a checkpoint, the run
// goes on to the bytes of the undisturbed one. $NABLA_KILLED_RUNS sets their number.
TEST(ResumeCommand, KilledRunsEndWithTheSameBytes) {
  const char* wanted = std::getenv("NABLA_KILLED_RUNS");
  const int runs = wanted != nullptr ? std::atoi(wanted) : 3;
  const auto start = std::chrono::steady_clock::now();
  const TempFolder timed;
  ASSERT_EQ(run_program(kTraining + Strings{"-q"}, timed.path()).code, 0);
  const double length =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::mt19937 random(1);
  int kills = 0;
  for (int i = 0; i < runs; ++i) {
    const TempFolder folder;
    const fs::path run = folder.path() / "run";
    for (bool is_ended = false; !is_ended;) {
      const bool is_begun = fs::exists(run / "config.ini") && fs::file_size(run / "config.ini") > 0;
      if (!is_begun) fs::remove_all(run);
      Program program(is_begun ? Strings{"train", "--resume", "run"} : kTraining, folder.path());
      // Now and then for longer than a whole run takes, so that each one ends.
      const double delay = std::uniform_real_distribution(0.0, 1.3 * length)(random);
      std::this_thread::sleep_for(std::chrono::duration<double>(delay));
      ::kill(program.id(), SIGKILL);
      const ProgramResult result = program.wait();
      is_ended = result.code == 0;
      if (is_ended) continue;
      ASSERT_EQ(result.code, 128 + SIGKILL) << result.err;
      ++kills;
    }
    expect_undisturbed(run);
  }
  RecordProperty("kills", kills);
  std::printf("%d runs, killed %d times\n", runs, kills);
}

}  // namespace
}  // namespace nabla
