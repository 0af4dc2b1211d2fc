// SPDX-License-Identifier: MIT
#include <csignal>
#include <filesystem>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "support/errors.h"
#include "support/file_size_limit.h"
#include "support/files.h"
#include "support/places.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;
using Strings = std::vector<std::string>;

/// 30 rows of two features and, last, a class or a value.
std::string rows(bool is_regression) {
  std::ostringstream text;
  for (int i = 0; i < 30; ++i) {
    const int a = i * 7 % 30;
    text << a << "," << i * 11 % 17 << ",";
    if (is_regression)
      text << 0.5 * a + 0.25 << "\n";
    else
      text << (a < 18 ? "low" : "high") << "\n";
  }
  return text.str();
}

class CrossvalCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_.write("classes.csv", rows(false));
    folder_.write("values.csv", rows(true));
    folder_.write("classes.ini", config("classes.csv"));
    folder_.write("values.ini", config("values.csv") + "standardize-targets = yes\n");
  }

  static std::string config(const std::string& file) {
    return "[network]\nhidden = 3\n[train]\nepochs = 4\n[crossval]\nfolds = 3\n[data]\nsource = "
           "csv\n"
           "normalize = standardize\ntrain = " +
           file + "\n";
  }

  ProgramResult crossval(const Strings& more) const {
    Strings arguments = {"crossval"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(arguments, folder_.path());
  }

  /// Its cells but the last, which are seconds.
  std::vector<Strings> table(const std::string& run) const {
    std::vector<Strings> table;
    std::istringstream text(read_text(folder_.path() / run / "crossval.csv"));
    for (std::string line; std::getline(text, line);) {
      table.emplace_back();
      std::istringstream cells(line);
      for (std::string cell; std::getline(cells, cell, ',');) table.back().push_back(cell);
      table.back().pop_back();
    }
    return table;
  }

  nlohmann::json summary(const std::string& run) const {
    return nlohmann::json::parse(read_text(folder_.path() / run / "summary.json"));
  }

  TempFolder folder_;
};

TEST_F(CrossvalCommand, PrintsTheFoldsAndLeavesFiles) {
  const ProgramResult result = crossval({"classes.ini", "-o", "run", "--crossval.repeats=2"});
  ASSERT_EQ(result.code, 0) << result.err;
  for (const char* part :
       {"train rows", "accuracy", "zero rule", "mean ", "standard deviation", "run folder: "})
    expect_in(part, result.out);
  expect_in("6/6: repeat ", result.err);
  const std::vector<Strings> cells = table("run");
  EXPECT_EQ(cells[0], (Strings{"repeat", "fold", "train_rows", "test_rows", "accuracy", "cost",
                               "rmse", "mae", "zero_rule", "zero_rule_rmse", "status", "epochs"}));
  ASSERT_EQ(cells.size(), 7U);
  double sum = 0;
  for (std::size_t i = 1; i < 7; ++i) {
    EXPECT_EQ(cells[i][0], i < 4 ? "1" : "2");
    EXPECT_EQ(cells[i][1], std::to_string((i - 1) % 3 + 1));
    EXPECT_EQ(cells[i][2], "20");
    EXPECT_EQ(cells[i][3], "10");
    EXPECT_EQ(cells[i][6], "");
    EXPECT_EQ(cells[i][10], "completed");
    EXPECT_EQ(cells[i][11], "4");
    sum += std::stod(cells[i][4]);
  }
  const nlohmann::json json = summary("run");
  EXPECT_EQ(json["status"], "completed");
  EXPECT_NEAR(json["accuracy"]["mean"].get<double>(), sum / 6, 1e-12);
  EXPECT_TRUE(json["zero_rule"]["deviation"].is_number());
  expect_in("[crossval]\nfolds = 3\n", read_text(folder_.path() / "run/config.ini"));

  // Any thread count, and the folder's own configuration.
  for (const char* threads : {"-t1", "-t2", "-t3"}) {
    const std::string name = std::string("again") + threads;
    const ProgramResult again =
        crossval({"run/config.ini", "-q", "-o", name, "-t", std::string(threads).substr(2)});
    EXPECT_EQ(again.code, 0) << again.err;
    EXPECT_EQ(again.err, "");
    EXPECT_EQ(table(name), cells);
  }
}

TEST_F(CrossvalCommand, ScoresARegression) {
  const ProgramResult result = crossval({"values.ini", "-q", "-o", "run"});
  ASSERT_EQ(result.code, 0) << result.err;
  for (const char* part : {"R²", "RMSE", "MAE", "its RMSE"}) expect_in(part, result.out);
  const std::vector<Strings> cells = table("run");
  EXPECT_EQ(cells[0][4], "r2");
  for (const std::size_t column : {6, 7, 8, 9}) EXPECT_NE(cells[1][column], "");
  EXPECT_TRUE(summary("run")["rmse"]["mean"].is_number());
}

TEST_F(CrossvalCommand, InterruptKeepsTheFoldsThatEnded) {
  Program program({"crossval", "classes.ini", "-t", "1", "-o", "run", "--train.epochs=200",
                   "--crossval.repeats=10000"},
                  folder_.path());
  for (int i = 0; i < 2000 && program.err().find("1/30000: ") == std::string::npos; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ::kill(program.id(), SIGINT);
  const ProgramResult result = program.wait();
  EXPECT_EQ(result.code, 130) << result.err;
  expect_in("mean ", result.out);
  EXPECT_EQ(summary("run")["status"], "interrupted");
  EXPECT_GE(table("run").size(), 2U);
}

TEST_F(CrossvalCommand, GoesOnWhereItsFileCannotBeWritten) {
  const FileSizeLimit limit(2000);
  const ProgramResult result =
      run_program({"crossval", "classes.ini", "-q", "-o", "run", "--crossval.repeats=20"},
                  folder_.path(), "", "/dev/null");
  EXPECT_EQ(result.code, 1);
  expect_in("crossval.csv.tmp: File too large", result.err);
  EXPECT_GT(table("run").size(), 2U);
  EXPECT_EQ(summary("run")["ended"], 60);
}

TEST_F(CrossvalCommand, ItsFolderIsNoneToResume) {
  ASSERT_EQ(crossval({"classes.ini", "-q", "-o", "run"}).code, 0);
  const ProgramResult result = run_program({"train", "--resume", "run"}, folder_.path());
  EXPECT_EQ(result.code, 2);
  expect_in("run is the folder of nabla crossval, expected that of nabla train", result.err);
}

TEST_F(CrossvalCommand, DivergenceIsExitFour) {
  const ProgramResult result = crossval(
      {"values.ini", "-q", "-o", "run", "--train.learning-rate=1e30", "--network.activation=relu"});
  EXPECT_EQ(result.code, 4);
  expect_in("diverged in repeat 1, fold 1, epoch ", result.err);
  EXPECT_EQ(summary("run")["status"], "diverged");
  EXPECT_EQ(table("run")[1][10], "diverged");
}

TEST_F(CrossvalCommand, WrongUsageIsExitTwoAndLeavesNoFolder) {
  const std::pair<Strings, const char*> bad[] = {
      {{}, "CONFIG"},
      {{"classes.ini", "--crossval.folds=31"}, "crossval.folds: 31 folds of 30 rows"},
      {{"classes.ini", "--crossval.folds=1"}, "2 to 100000"},
      {{"classes.ini", "--crossval.repeats=0"}, "1 to"},
      {{"classes.ini", "--crossval.fold=3"}, "did you mean crossval.folds?"},
      {{"classes.ini", "--data.components=9", "--data.normalize=pca"}, "data.components"},
      {{"classes.ini", "--stop.patience=3"}, "stop.patience"},
      {{"values.ini", "--crossval.stratified=yes"}, "crossval.stratified"},
  };
  for (const auto& [arguments, part] : bad) {
    const ProgramResult result = crossval(arguments);
    EXPECT_EQ(result.code, 2) << part;
    expect_in(part, result.err);
  }
  EXPECT_FALSE(fs::exists(folder_.path() / "runs"));
}

/// Brownlee's figures; the folds, and with them the means, follow from the seed.
TEST_F(CrossvalCommand, WheatSeedsReachThePublishedAccuracy) {
  const fs::path data = test_data("tabular");
  if (!fs::exists(data / "wheat-seeds.csv")) GTEST_SKIP() << "no wheat-seeds.csv in " << data;
  const ProgramResult result = crossval({(source_folder() / "configs/wheat-seeds.ini").string(),
                                         "-q", "-o", "run", "--data.dir=" + data.string()});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_GE(summary("run")["accuracy"]["mean"].get<double>(), 0.93);
  // Each of the three varieties has 70 rows.
  EXPECT_DOUBLE_EQ(summary("run")["zero_rule"]["mean"].get<double>(), 1.0 / 3);
}

}  // namespace
}  // namespace nabla
