// SPDX-License-Identifier: MIT
#include <cstdio>
#include <filesystem>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <vector>

#include "support/errors.h"
#include "support/files.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using Strings = std::vector<std::string>;

/// Two targets in units that are far apart, of two features in units that are far apart.
std::string prices(unsigned seed, int rows) {
  std::ostringstream text;
  for (int i = 0; i < rows; ++i) {
    const double a = ((seed = seed * 1664525U + 1013904223U) >> 16) / 65536.0;
    const double b = ((seed = seed * 1664525U + 1013904223U) >> 16) / 65536.0;
    text << 1000 + 50 * a << "," << b / 100 << "," << 20000 + 3000 * (a - b) << ","
         << 0.001 * a + 0.5 << "\n";
  }
  return text.str();
}

class PreprocessedRun : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_.write("train.csv", prices(1, 200));
    folder_.write("test.csv", prices(2, 50));
  }

  ProgramResult train(const std::string& name, const Strings& more) {
    Strings arguments = {"train",
                         "-q",
                         "-o",
                         name,
                         "-e",
                         "20",
                         "--data.source=csv",
                         "--data.train=train.csv",
                         "--data.test=test.csv",
                         "--data.target=2,3",
                         "--data.standardize-targets=yes",
                         "--network.hidden=",
                         "--train.learning-rate=0.05"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(arguments, folder_.path());
  }

  std::string model(const std::string& name) const {
    return read_text(folder_.path() / name / "model.safetensors");
  }

  TempFolder folder_;
};

TEST_F(PreprocessedRun, TravelsWithTheModel) {
  const ProgramResult trained =
      train("run", {"--data.normalize=standardize", "--train.precision=float64"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  // The last column of metrics.csv is the test R², which `evaluate` finds again, whatever its
  // configuration says of the preprocessing.
  const std::string metrics = read_text(folder_.path() / "run/metrics.csv");
  const double accuracy = std::stod(metrics.substr(metrics.rfind(',') + 1));
  EXPECT_GT(accuracy, 0.999);
  for (const std::string more : {"--data.normalize=none", "--data.standardize-targets=no"}) {
    const ProgramResult evaluated =
        run_program({"evaluate", "run/model.safetensors", "-q", more}, folder_.path());
    ASSERT_EQ(evaluated.code, 0) << evaluated.err;
    EXPECT_NEAR(std::stod(evaluated.out.substr(evaluated.out.find("R²:") + 4)), accuracy, 1e-6);
  }
  const ProgramResult predicted =
      run_program({"predict", "run/model.safetensors", "-"}, folder_.path(), "1025,0.005\n");
  double first = 0, second = 0;
  ASSERT_EQ(std::sscanf(predicted.out.c_str(), "%lf,%lf", &first, &second), 2) << predicted.err;
  EXPECT_NEAR(first, 20000, 10);
  EXPECT_NEAR(second, 0.5005, 1e-5);
}

TEST_F(PreprocessedRun, ComponentsAreTheSameBitsForAnyThreads) {
  const Strings normalize = {"--data.normalize=whiten", "--data.components=1",
                             "--train.batch-size=64", "--parallel.shards=4"};
  for (const std::string threads : {"1", "2", "3", "8"}) {
    Strings more = normalize;
    more.insert(more.end(), {"-t", threads});
    ASSERT_EQ(train(threads, more).code, 0);
    EXPECT_EQ(model(threads), model("1")) << threads << " threads";
  }
  const ProgramResult check = run_program({"check", "1/config.ini"}, folder_.path());
  EXPECT_EQ(check.code, 0) << check.out << check.err;
  const ProgramResult wrong =
      run_program({"predict", "1/model.safetensors", "-"}, folder_.path(), "1,2,3,4,5\n");
  EXPECT_EQ(wrong.code, 3);
  expect_in("found 5 columns; expected the model's 2 features", wrong.err);
}

TEST_F(PreprocessedRun, ContradictionsAreExitTwo) {
  const std::pair<Strings, std::string> cases[] = {
      {{"--data.normalize=pca", "--data.components=3"}, "data.components: 3 components"},
      {{"--data.task=classification"}, "data.standardize-targets: contradicts data.task"},
      {{"--train.cost=cross-entropy"}, "data.standardize-targets: contradicts train.cost"},
      {{"--network.output=sigmoid"}, "data.standardize-targets: contradicts train.cost"}};
  for (const auto& [more, message] : cases) {
    const ProgramResult result = train("run", more);
    EXPECT_EQ(result.code, 2);
    expect_in(message, result.err);
  }
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "run"));
  const ProgramResult idle =
      run_program({"check", "--data.source=csv", "--data.train=train.csv", "--data.components=1"},
                  folder_.path());
  EXPECT_EQ(idle.code, 0);
  expect_in("data.components: has no effect with data.normalize = auto", idle.err);
}

}  // namespace
}  // namespace nabla
