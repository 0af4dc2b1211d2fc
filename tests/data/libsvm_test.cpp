// SPDX-License-Identifier: MIT
#include "data/libsvm.h"

#include <gtest/gtest.h>
#include <string>
#include <variant>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/data/data_options.h"
#include "nabla/data/sparse_matrix.h"

#include "support/errors.h"
#include "support/features.h"
#include "support/hostile.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using namespace testing_support;

class Libsvm : public testing::Test {
 protected:
  Libsvm() {
    options_.source = DataSource::kLibsvm;
    options_.dir = folder_.path();
    options_.train = {"train"};
  }
  DataSplit load(const std::string& train) {
    folder_.write("train", train);
    return load_data(options_);
  }
  std::string refuse(const std::string& train) {
    return error_of<DataError>([&] { load(train); });
  }

  TempFolder folder_;
  DataOptions options_;
};

TEST_F(Libsvm, ReadsSparseRows) {
  const DataSplit data = load("# heart\n+1 1:0.5 3:-2 # first\n\n-1\t2:1e1  \r\n+1\n-1 4:0");
  ASSERT_EQ(data.train.rows(), 4U);
  ASSERT_EQ(data.train.inputs(), 4U);
  const Matrix<double> x = copy_of_features(data.train);
  const std::vector<double> expected{0.5, 0, -2, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  EXPECT_EQ(std::vector<double>(x.elements().begin(), x.elements().end()), expected);
  const auto& rows = std::get<SparseMatrix<float>>(data.train.features);
  EXPECT_EQ(rows.entries(), 3U) << "a value of 0 is no entry";
  EXPECT_EQ(rows.row(2).size(), 0U);
  EXPECT_EQ(data.train.classes, (std::vector<std::string>{"-1", "1"}));
  EXPECT_EQ(data.train.labels, (std::vector<std::uint32_t>{1, 0, 1, 0}));

  EXPECT_EQ(load("\xef\xbb\xbf"
                 "1 1:1\n")
                .train.rows(),
            1U)
      << "a byte order mark";

  const DataSplit exact = load(gzip("0.5 1:0.1\n2 1:1\n"));
  EXPECT_EQ(std::get<SparseMatrix<double>>(exact.train.features).row(0).value(0), 0.1);
  EXPECT_EQ(exact.train.task, Task::kRegression);
  EXPECT_EQ(exact.train.targets(0, 0), 0.5);
}

TEST_F(Libsvm, KeepsNoValuesThatAreAll1) {
  const auto values = [&](const std::string& text) {
    return std::get<SparseMatrix<float>>(load(text).train.features).row(0).values.size();
  };
  EXPECT_EQ(values("1 1:1 3:1\n2 2:1\n"), 0U);
  EXPECT_EQ(values("1 1:1 3:1\n2 2:2\n"), 2U);
}

TEST_F(Libsvm, LabelsThatDoubleDoesNotHoldAreDifferentClasses) {
  options_.csv.task = TaskChoice::kClassification;
  folder_.write("test", "9007199254740993 1:1\n");
  options_.test = {"test"};
  const DataSplit data = load("9007199254740993 1:1\n5 1:2\n9007199254740992 1:3\n");
  EXPECT_EQ(data.train.classes,
            (std::vector<std::string>{"5", "9007199254740992", "9007199254740993"}));
  EXPECT_EQ(data.train.labels, (std::vector<std::uint32_t>{2, 0, 1}));
  EXPECT_EQ(data.test.labels, (std::vector<std::uint32_t>{2}));
  folder_.write("test", "9007199254740994 1:1\n");
  expect_in("test:1: unknown class '9007199254740994'",
            refuse("9007199254740993 1:1\n9007199254740992 1:1\n"));
}

TEST_F(Libsvm, FilesOfAListAreOneTable) {
  options_.csv.task = TaskChoice::kClassification;
  folder_.write("more", "3 4:1\n");
  folder_.write("test", "2 1:7\n");
  options_.train = {"train", "more"};
  options_.test = {"test"};
  const DataSplit data = load("1 1:1\n2 2:1\n");
  EXPECT_EQ(data.train.rows(), 3U);
  EXPECT_EQ(data.train.inputs(), 4U);
  EXPECT_EQ(data.test.inputs(), 4U);
  EXPECT_EQ(data.test.labels, (std::vector<std::uint32_t>{1}));

  folder_.write("test", "2 1:1\n\n4 1:1\n");
  expect_in("test:3: unknown class '4'", refuse("1 1:1\n2 1:1\n"));
}

TEST_F(Libsvm, EntriesOfTestRowsBeyondTheFeaturesAreDroppedAndCounted) {
  folder_.write("test", "1 1:1 3:5\n2 2:4\n\n1 4:1 9:1\n");
  options_.test = {"test"};
  const auto warning = [&](const DataSplit& data) {
    EXPECT_EQ(data.train.warnings.size(), 0U);
    return data.test.warnings.empty() ? "" : data.test.warnings.front();
  };
  const DataSplit data = load("1 1:1\n2 2:3\n");
  EXPECT_EQ(data.test.inputs(), 2U);
  EXPECT_EQ(copy_of_features(data.test)(1, 1), 4);
  EXPECT_EQ(copy_of_features(data.test)(2, 1), 0);
  expect_in("test: 3 entries were dropped, whose indices are above 2, the largest of the training",
            warning(data));
  expect_in("the largest is 9 on line 4", warning(data));

  options_.features = 4;
  const DataSplit wide = load("1 1:1\n2 2:3\n");
  EXPECT_EQ(wide.train.inputs(), 4U);
  EXPECT_EQ(copy_of_features(wide.test)(0, 2), 5);
  expect_in("test: 1 entry was dropped, whose index is above 4, data.features", warning(wide));
  options_.features = 9;
  EXPECT_EQ(warning(load("1 1:1\n2 2:3\n")), "");
  options_.features = 1;
  expect_in("train:2: found the index 2; expected at most 1, which data.features says",
            refuse("1 1:1\n2 2:3\n"));
}

TEST_F(Libsvm, NamesTheLineOfWhatIsWrong) {
  const auto wrong = [&](const std::string& line) {
    const std::string message = refuse("1 1:1\n" + line + "\n1 1:1\n");
    EXPECT_TRUE(message.starts_with((folder_.path() / "train:2: ").string())) << message;
    expect_in("expected", message);
    return message;
  };
  expect_in("from 1 to 4294967295 (are the indices counted from 0?)", wrong("1 0:1"));
  expect_in("the index '-1'", wrong("1 -1:1"));
  expect_in("the index '4294967296'", wrong("1 4294967296:1"));
  expect_in("the index ''", wrong("1 :1"));
  expect_in("the index 2 after 2; expected ascending", wrong("1 2:1 2:1"));
  expect_in("'qid:3'", wrong("1 qid:3 2:1"));
  expect_in("found '5'", wrong("1 1:1 5"));
  expect_in("index 2: found 'nan'", wrong("1 2:nan"));
  expect_in("index 2: the value is missing", wrong("1 2:"));
  expect_in("the label '1:1' is not a number", wrong("1:1 2:1"));
  expect_in("the label '1,2'", wrong("1,2 1:1"));
  expect_in("no rows", refuse("# nothing\n"));
  expect_in("no features", refuse("1\n2\n"));
}

TEST_F(Libsvm, AHugeIndexIsASlip) {
  largest_allocation();
  expect_in("train:2: found the index 4294967295, which makes more features than the 2 entries",
            refuse("1 1:1\n1 4294967295:1\n1 1:0\n"));
  expect_in("or the number in data.features", refuse("1 1:1\n1 1048577:1\n"));
  EXPECT_EQ(load("1 1:1\n1 1048576:1\n").train.inputs(), 1048576U);
  options_.features = 2000000;
  EXPECT_EQ(load("1 1:1\n1 1048577:1\n").train.inputs(), 2000000U);
  EXPECT_LE(largest_allocation().value_or(0), 1'000'000U);
  options_.features = 4294967295;
  EXPECT_TRUE(error_of<ConfigError>([&] {
                load("1 1:1\n2 1:2\n");
              }).starts_with("data.features: 4294967295 features would take"));
}

TEST_F(Libsvm, DamagedFilesAreRefusedOrRead) {
  survive_changes("+1 1:0.5 3:-2 # x\n-1 2:1e1\n0.5\n", 300'000, 20'000,
                  [&](const std::string& damaged) {
                    LibsvmRows(LibsvmRows::Labels::kRequired).read(read_from(damaged), "a");
                  });
}

TEST_F(Libsvm, FeaturesForPrediction) {
  const std::string text = "1:1 3:2\n7 2:5\n";
  const Dataset rows = parse_libsvm_features(text, "x", 4);
  EXPECT_EQ(rows.inputs(), 4U);
  EXPECT_EQ(copy_of_features(rows)(0, 2), 2);
  EXPECT_EQ(copy_of_features(rows)(1, 1), 5);
  EXPECT_TRUE(rows.warnings.empty());

  const Dataset narrow = parse_libsvm_features(text, "x", 2);
  EXPECT_EQ(narrow.inputs(), 2U);
  EXPECT_EQ(copy_of_features(narrow)(0, 0), 1);
  EXPECT_EQ(narrow.warnings,
            (std::vector<std::string>{"x: 1 entry was dropped, whose index is above 2, the model's "
                                      "inputs; the largest is 3 on line 1"}));
}

}  // namespace
}  // namespace nabla
