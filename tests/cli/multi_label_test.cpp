// SPDX-License-Identifier: MIT
#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "support/errors.h"
#include "support/files.h"
#include "support/places.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using Strings = std::vector<std::string>;

/// Trains on a table of two features and three labels that each follow from them.
class MultiLabelProgram : public testing::Test {
 protected:
  MultiLabelProgram() {
    std::string table = "x,y,left,low,both\n";
    for (int i = 0; i < 64; ++i) {
      const int x = i % 8, y = i / 8;
      const bool left = x < 4, low = y < 4;
      table += std::to_string(x) + "," + std::to_string(y) + "," + (left ? "1," : "0,") +
               (low ? "1," : "0,") + (left && low ? "1\n" : "0\n");
    }
    folder_.write("table.csv", table);
  }

  ProgramResult train(const Strings& more, const std::string& target = "left,low,both") {
    Strings arguments = {"train",
                         "--data.source=csv",
                         "--data.train=table.csv",
                         "--data.target=" + target,
                         "--data.normalize=standardize",
                         "--optimizer.algorithm=adam",
                         "--train.learning-rate=0.05",
                         "--train.epochs=60",
                         "-o",
                         "run"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(arguments, folder_.path());
  }

  TempFolder folder_;
};

TEST_F(MultiLabelProgram, TrainsEvaluatesAndPredictsByItself) {
  const ProgramResult trained = train({"--output.report=yes"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  expect_in("subset accuracy", trained.out);
  const auto json = nlohmann::ordered_json::parse(
      run_program({"evaluate", "run/model.safetensors", "--json", "-q"}, folder_.path()).out);
  Strings keys;
  for (const auto& [key, value] :
       {std::pair<std::string, std::string>{"data.class-weights", "balanced"},
        {"train.label-smoothing", "0.1"},
        {"network.output", "softmax"},
        {"train.cost", "quadratic"}}) {
    const ProgramResult result = train({"--" + key + "=" + value});
    EXPECT_EQ(result.code, 2) << key;
    expect_in(key, result.err);
    expect_in("multi-label", result.err);
  }
}

TEST_F(MultiLabelProgram, TheReportShowsTheRowsWithTheMostWrongLabels) {
  // The last row's labels contradict those of the first, and of all rows around it.
  folder_.write("table.csv", read_text(folder_.path() / "table.csv") + "0,0,0,0,0\n");
  const ProgramResult trained = train({"--output.report=yes"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  const std::string html = read_text(folder_.path() / "run/report.html");
  const std::string mistakes = html.substr(html.find("<section id=\"mistakes\">"));
  expect_in(" of 65 training rows have a wrong label", mistakes);
  for (const char* column : {"row", "wrong labels", "true", "predicted", "x", "y"})
    expect_in("<button type=\"button\">" + std::string(column) + "</button>", mistakes);
  const std::string first = mistakes.substr(mistakes.find("<tbody>"));
  const std::string row = first.substr(0, first.find("</tr>"));
  expect_in(">65</th>", row);
  expect_in(">3</td>", row);
  expect_in(">–</td>", row);
  expect_in(">left, low, both</td>", row);
}

TEST_F(MultiLabelProgram, SeveralValuesHaveTheirScoresAndColumns) {
  const ProgramResult trained =
      train({"--data.task=regression", "--data.standardize-targets=yes"}, "x,y");
  ASSERT_EQ(trained.code, 0) << trained.err;
  const auto json = nlohmann::json::parse(
      run_program({"evaluate", "run/model.safetensors", "--json", "-q"}, folder_.path()).out);
  ASSERT_EQ(json["targets"].size(), 2U);
  EXPECT_EQ(json["targets"][1]["name"], "y");
  EXPECT_TRUE(json["targets"][0]["r2"].is_number());
  const std::string line = run_program({"predict", "run/model.safetensors", "-"}, folder_.path(),
                                       "left,low,both\n1,1,1\n")
                               .out;
  EXPECT_EQ(std::count(line.begin(), line.end(), ','), 1);
}

TEST_F(MultiLabelProgram, OtherCommandsNameTheTask) {
  const Strings table = {"--data.source=csv", "--data.train=table.csv",
                         "--data.target=left,low,both", "--json", "-q"};
  for (const Strings& command : {Strings{"data"}, Strings{"crossval", "table.csv", "-e", "1"}}) {
    Strings arguments = command;
    arguments.insert(arguments.end(), table.begin() + (command.size() > 1 ? 2 : 0), table.end());
    const ProgramResult result = run_program(arguments, folder_.path());
    ASSERT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(nlohmann::json::parse(result.out)["task"], "multi-label") << command[0];
  }
}

TEST_F(MultiLabelProgram, ATableAsPeopleHaveIt) {
  const auto table = test_data("tables") / "multilabel.csv";
  if (!std::filesystem::exists(table)) GTEST_SKIP() << "no " << table;
  const ProgramResult trained =
      run_program({"train", "--data.source=csv", "--data.train=" + table.string(),
                   "--data.target=sports,news,music", "-e", "3", "-o", "run"},
                  folder_.path());
  ASSERT_EQ(trained.code, 0) << trained.err;
  const ProgramResult evaluated =
      run_program({"evaluate", "run/model.safetensors"}, folder_.path());
  for (const char* part : {"F1 micro", "F1 macro", "sports"}) expect_in(part, evaluated.out);
  const std::string predicted =
      run_program({"predict", "run/model.safetensors", table.string()}, folder_.path()).out;
  EXPECT_EQ(predicted.find_first_not_of("01,\n"), std::string::npos);
  EXPECT_EQ(predicted.find('\n'), 5U);
}

}  // namespace
}  // namespace nabla
