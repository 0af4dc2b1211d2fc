// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/errors.h"
#include "support/files.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;
using Strings = std::vector<std::string>;

Strings lines_of(const std::string& text) {
  Strings lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// Points of three classes with names around three corners, some of them beyond the border.
std::string flowers(unsigned seed, std::size_t rows) {
  const char* names[] = {"iris", "rose, red", "tulip"};
  std::string text;
  for (std::size_t i = 0; i < rows; ++i) {
    const unsigned label = (seed = seed * 1664525U + 1013904223U) >> 16 & 3U;
    const double x = ((seed = seed * 1664525U + 1013904223U) >> 16) / 65536.0;
    const double y = ((seed = seed * 1664525U + 1013904223U) >> 16) / 65536.0;
    const unsigned c = label % 3;
    text += std::to_string(x * 1.3 + (c == 1)) + "," + std::to_string(y * 1.3 + (c == 2)) + ",\"" +
            names[c] + "\"\n";
  }
  return text;
}

class PredictCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_.write("train.csv", flowers(1, 300));
    folder_.write("test.csv", flowers(2, 100));
    folder_.write(
        "a.ini",
        "[data]\nsource = csv\ntrain = train.csv\ntest = test.csv\n[network]\nhidden = 5\n"
        "[train]\nepochs = 20\n[output]\ndir = run\n");
    const ProgramResult trained = run_program({"train", "a.ini", "-q"}, folder_.path());
    ASSERT_EQ(trained.code, 0) << trained.err;
  }

  ProgramResult run(const Strings& arguments, const std::string& input = "") {
    return run_program(arguments, folder_.path(), input);
  }

  TempFolder folder_;
};

TEST_F(PredictCommand, NeverTakesThePlaceOfWhatItReads) {
  const std::string rows = read_text(folder_.path() / "test.csv");
  for (const auto& [output, what] :
       {std::pair{"test.csv", "INPUT"}, {"run/model.safetensors", "MODEL"}}) {
    const ProgramResult result = run({"predict", "run", "test.csv", "-o", output});
    EXPECT_EQ(result.code, 2) << output;
    expect_in("-o: " + std::string(output) + " is " + what + ", expected another file", result.err);
  }
  EXPECT_EQ(read_text(folder_.path() / "test.csv"), rows);
  EXPECT_EQ(run({"predict", "run", "test.csv", "-q"}).code, 0);
}

TEST_F(PredictCommand, AgreesWithTheSummary) {
  const ProgramResult result = run({"predict", "run/model.safetensors", "test.csv"});
  ASSERT_EQ(result.code, 0) << result.err;
  const Strings predicted = lines_of(result.out);
  const Strings rows = lines_of(read_text(folder_.path() / "test.csv"));
  ASSERT_EQ(predicted.size(), rows.size());
  std::size_t right = 0;
  for (std::size_t i = 0; i < rows.size(); ++i)
    right += rows[i].ends_with("\"" + predicted[i] + "\"") ? 1 : 0;
  const auto summary = nlohmann::json::parse(read_text(folder_.path() / "run/summary.json"));
  const double accuracy = static_cast<double>(right) / static_cast<double>(rows.size());
  EXPECT_DOUBLE_EQ(accuracy, summary["test_accuracy"].get<double>());
  EXPECT_GT(accuracy, 0.6);
  EXPECT_LT(accuracy, 1);
}

TEST_F(PredictCommand, TargetColumnAndWayOfInputMakeNoDifference) {
  const std::string file = run({"predict", "run/model.safetensors", "test.csv"}).out;
  std::string bare;
  for (const std::string& line : lines_of(read_text(folder_.path() / "test.csv")))
    bare += line.substr(0, line.find(",\"")) + "\n";
  EXPECT_EQ(run({"predict", "run/model.safetensors", "-"}, bare).out, file);
  folder_.write("bare.bin", bare);
  EXPECT_EQ(run({"predict", "run/model.safetensors", "bare.bin", "--data.source=csv"}).out, file);
  const ProgramResult unknown = run({"predict", "run/model.safetensors", "bare.bin"});
  EXPECT_EQ(unknown.code, 2);
  expect_in("--data.source", unknown.err);
  EXPECT_EQ(run({"predict", "run/model.safetensors", "test.csv", "-o", "out.txt"}).out, "");
  EXPECT_EQ(read_text(folder_.path() / "out.txt"), file);
}

TEST_F(PredictCommand, ProbabilitiesHaveAHeaderAndSumToOne) {
  const Strings lines =
      lines_of(run({"predict", "run/model.safetensors", "test.csv", "--proba"}).out);
  ASSERT_EQ(lines.size(), 101U);
  EXPECT_EQ(lines[0], "iris,\"rose, red\",tulip");
  for (std::size_t i = 1; i < lines.size(); ++i) {
    double a = 0, b = 0, c = 0;
    ASSERT_EQ(std::sscanf(lines[i].c_str(), "%lf,%lf,%lf", &a, &b, &c), 3) << lines[i];
    EXPECT_NEAR(a + b + c, 1, 1e-5);
  }
}

TEST_F(PredictCommand, AppendsToTheColumnsOfTheInput) {
  const std::string model = "run/model.safetensors";
  const std::string file = read_text(folder_.path() / "test.csv");
  const Strings rows = lines_of(file);
  const Strings predicted = lines_of(run({"predict", model, "test.csv"}).out);
  const Strings appended = lines_of(run({"predict", model, "test.csv", "--append"}).out);
  ASSERT_EQ(appended.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    EXPECT_EQ(appended[i],
              rows[i] + "," + (predicted[i] == "rose, red" ? "\"rose, red\"" : predicted[i]));
  // The input's separator, decimal mark, quotes and header stay.
  const std::string text = "\"x\"; y\r\n0,5 ;\"0,25\"\r\n";
  const std::string one = run({"predict", model, "-"}, "0.5,0.25\n").out;
  EXPECT_EQ(run({"predict", model, "-", "--append"}, text).out,
            "\"x\"; y;prediction\n0,5 ;\"0,25\";" + one);
  const Strings shares = lines_of(run({"predict", model, "-", "--append", "--proba"}, text).out);
  ASSERT_EQ(shares.size(), 2U);
  EXPECT_EQ(shares[0], "\"x\"; y;iris;\"rose, red\";tulip");
  EXPECT_TRUE(shares[1].starts_with("0,5 ;\"0,25\";0,")) << shares[1];
  EXPECT_EQ(shares[1].find('.'), std::string::npos);
}

TEST_F(PredictCommand, RefusesRowsOfAnotherWidth) {
  const ProgramResult result = run({"predict", "run/model.safetensors", "-"}, "1,2,3,4,5\n");
  EXPECT_EQ(result.code, 3);
  expect_in("standard input:1: found 5 columns; expected the model's 2 features", result.err);
}

TEST_F(PredictCommand, EvaluateTakesTheConfigBesideTheModel) {
  const ProgramResult result =
      run_program({"evaluate", (folder_.path() / "run/model.safetensors").string()}, "/");
  ASSERT_EQ(result.code, 0) << result.err;
  expect_in("run/config.ini", result.err);
  expect_in("100 test rows", result.out);
  expect_in("rose, red", result.out);
  expect_in("confusion matrix", result.out);
  // Without test rows the validation rows, else the training rows.
  expect_in(
      "30 validation rows",
      run({"evaluate", "run/model.safetensors", "--data.test=", "--data.validation=0.1"}).out);
  expect_in("300 training rows", run({"evaluate", "run/model.safetensors", "--data.test="}).out);
}

TEST_F(PredictCommand, EvaluateAsJsonHasTheFiguresOfTheSummary) {
  const ProgramResult result = run({"evaluate", "run/model.safetensors", "--json", "-q"});
  ASSERT_EQ(result.code, 0) << result.err;
  const auto json = nlohmann::ordered_json::parse(result.out);
  Strings keys;
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  EXPECT_EQ(keys, (Strings{"schema", "rows", "cost", "accuracy", "zero_rule", "balanced_accuracy",
                           "log_loss", "f1_macro", "f1_weighted", "roc_auc", "top5", "mcc",
                           "classes", "confusion"}));
  const auto summary =
      nlohmann::ordered_json::parse(read_text(folder_.path() / "run/summary.json"));
  EXPECT_EQ(json["accuracy"], summary["test_accuracy"]);
  EXPECT_EQ(json["cost"], summary["test_cost"]);
  EXPECT_EQ(json["classes"][1]["name"], "rose, red");
  EXPECT_EQ(json["top5"], nullptr);
}

TEST_F(PredictCommand, EvaluateTellsTheImportanceOfColumns) {
  const Strings arguments = {"evaluate", "run/model.safetensors", "--importance", "-q"};
  expect_in("feature 1", run(arguments).out);
  Strings as_json = arguments;
  as_json.emplace_back("--json");
  const auto json = nlohmann::json::parse(run(as_json).out)["importance"];
  ASSERT_EQ(json.size(), 2U);
  EXPECT_GT(json[1]["mean"].get<double>(), 0);
  EXPECT_GE(json[0]["mean"].get<double>(), json[1]["mean"].get<double>());
}

TEST_F(PredictCommand, EvaluateRefusesOtherClasses) {
  folder_.write("other.csv", "1,2,iris\n2,3,oak\n");
  const ProgramResult result =
      run({"evaluate", "run/model.safetensors", "--data.train=other.csv", "--data.test="});
  EXPECT_EQ(result.code, 3);
  expect_in("oak", result.err);
}

/// Each pair of color and size has its price or kind; w is the rows' weight.
const char* const kPriceTable =
    "kind,color,size,w\ncheap,red,1,1\ncheap,red,2,1\ndear,blue,1,2\ndear,blue,2,2\n"
    "cheap,red,3,1\ndear,blue,3,1\n";

TEST(Categories, TravelWithTheModel) {
  const TempFolder folder;
  folder.write("train.csv", kPriceTable);
  folder.write("test.csv", "size,kind,color,w\n2,dear,blue,1\n1,cheap,red,1\n");
  folder.write(
      "a.ini",
      "[data]\nsource = csv\ntrain = train.csv\ntest = test.csv\ntarget = kind\n"
      "one-hot = color\nweights = w\nnormalize = standardize\n[network]\nhidden =\n[train]\n"
      "epochs = 60\nlearning-rate = 0.1\n[output]\ndir = run\n");
  const auto run = [&](const Strings& arguments, const std::string& input = "") {
    return run_program(arguments, folder.path(), input);
  };
  const ProgramResult trained = run({"train", "a.ini"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  const std::string model = "run/model.safetensors";
  const ProgramResult evaluated = run({"evaluate", model});
  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  expect_in("2 test rows", evaluated.out);
  expect_in("100.00%", evaluated.out);
  for (const char* input :
       {"color,size\nblue,1\nred,3\n", "blue,1\nred,3\n", "size,color\n1,blue\n3,red\n",
        "kind,color,size,w\n?,blue,1,?\n?,red,3,?\n"}) {
    const ProgramResult predicted = run({"predict", model, "-"}, input);
    EXPECT_EQ(predicted.out, "dear\ncheap\n") << input << predicted.err;
  }
  const ProgramResult unseen = run({"predict", model, "-"}, "color,size\nred,1\ngreen,1\n");
  EXPECT_EQ(unseen.code, 3);
  expect_in("standard input:3: column 1 (color): unknown category 'green'", unseen.err);
  const std::string ignore = "--data.unknown-category=ignore";
  const ProgramResult ignored =
      run({"predict", model, "-", ignore}, "color,size\nred,1\ngreen,1\n");
  EXPECT_EQ(ignored.code, 0) << ignored.err;
  EXPECT_TRUE(ignored.out.starts_with("cheap\n")) << ignored.out;
  folder.write("test.csv", "size,kind,color,w\n2,dear,blue,1\n1,cheap,green,1\n");
  const ProgramResult refused = run({"evaluate", model});
  EXPECT_EQ(refused.code, 3);
  expect_in("test.csv:3: column 3 (color): unknown category 'green'", refused.err);
  EXPECT_EQ(run({"evaluate", model, ignore}).code, 0);
}

TEST(Categories, AreRefusedWhereTheyAreNone) {
  const TempFolder folder;
  folder.write("train.csv", kPriceTable);
  const auto code = [&](const std::string& column) {
    return run_program({"train", "--data.source=csv", "--data.train=train.csv", "-o", "run",
                        "--data.target=kind", "--data.one-hot=" + column},
                       folder.path())
        .code;
  };
  EXPECT_EQ(code("kind"), 2);
  EXPECT_EQ(code("colour"), 2);
  EXPECT_EQ(code("color,1"), 2);
  EXPECT_EQ(code("none"), 3);  // red is not a number
  EXPECT_FALSE(fs::exists(folder.path() / "run"));
}

TEST(Warnings, OfTargetsThatLookWrong) {
  const TempFolder folder;
  folder.write("one.csv", "1,a\n2,a\n");
  std::string many;
  for (int i = 0; i < 10'001; ++i) many += "0.5,u" + std::to_string(i) + "\n";
  folder.write("many.csv", many);
  const auto err = [&](const std::string& file) {
    return run_program({"train", "--data.source=csv", "--data.train=" + file, "-o", "run", "-e",
                        "1", "--network.hidden=1", "--train.batch-size=1000"},
                       folder.path())
        .err;
  };
  expect_in("all rows are of one class, 'a'", err("one.csv"));
  expect_in("10001 classes in 10001 rows", err("many.csv"));
}

TEST(Regression, EvaluateAndPredict) {
  const TempFolder folder;
  std::string rows;
  for (int i = 0; i < 40; ++i)
    rows += std::to_string(i / 40.0) + "," + std::to_string(0.5 + i / 80.0) + "\n";
  folder.write("line.csv", rows);
  folder.write(
      "a.ini",
      "[data]\nsource = csv\ntrain = line.csv\n[network]\nhidden =\n[train]\nepochs = 200\n"
      "learning-rate = 0.1\nprecision = float64\n[output]\ndir = run\n");
  const ProgramResult trained = run_program({"train", "a.ini", "-q"}, folder.path());
  ASSERT_EQ(trained.code, 0) << trained.err;
  expect_in("R² 1.0000", trained.out);
  const ProgramResult evaluated = run_program({"evaluate", "run/model.safetensors"}, folder.path());
  expect_in("RMSE", evaluated.out);
  expect_in("40 training rows", evaluated.out);
  const ProgramResult predicted =
      run_program({"predict", "run/model.safetensors", "-"}, folder.path(), "0.5\n");
  EXPECT_NEAR(std::stod(predicted.out), 0.75, 1e-3) << predicted.err;
  EXPECT_EQ(
      run_program({"predict", "run/model.safetensors", "-", "--proba"}, folder.path(), "0.5\n")
          .code,
      2);
}

TEST_F(PredictCommand, WritesThroughALinkAndRefusesAFolder) {
  folder_.write("target.txt", "old");
  fs::create_symlink("target.txt", folder_.path() / "link.txt");
  EXPECT_EQ(run({"predict", "run/model.safetensors", "test.csv", "-o", "link.txt"}).code, 0);
  EXPECT_TRUE(fs::is_symlink(folder_.path() / "link.txt"));
  EXPECT_EQ(lines_of(read_text(folder_.path() / "target.txt")).size(), 100U);
  for (const std::string output : {".", "none/x", ""}) {
    const ProgramResult result =
        run({"predict", "run/model.safetensors", "test.csv", "-o", output});
    EXPECT_EQ(result.code, 2);
    expect_in("nabla: error: -o: ", result.err);
  }
  const ProgramResult folder = run({"predict", "run/model.safetensors", "run"});
  EXPECT_EQ(folder.code, 3);
  expect_in("run: Is a directory", folder.err);
}

TEST_F(PredictCommand, RefusesToNameAClassForNan) {
  // The weighted inputs are beyond single precision, and infinities cancel to NaN.
  const ProgramResult result =
      run({"predict", "run/model.safetensors", "-"}, "0.5,0.5\n1.5e38,-1.5e38\n0,0\n");
  EXPECT_EQ(result.code, 3);
  expect_in("standard input:2: its prediction is NaN", result.err);
}

}  // namespace
}  // namespace nabla
