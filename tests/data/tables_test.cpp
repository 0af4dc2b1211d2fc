// SPDX-License-Identifier: MIT
//
// Small tables as people have them, each with a peculiarity.
#include <algorithm>
#include <filesystem>
#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/data/data_options.h"

#include "data/csv_tokens.h"
#include "support/errors.h"
#include "support/places.h"

namespace nabla {
namespace {

using Names = std::vector<std::string>;

class Tables : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(folder_)) GTEST_SKIP() << "no tables at " << folder_;
  }

  Dataset load(const std::string& file, const std::function<void(DataOptions&)>& set = {}) {
    DataOptions options;
    options.source = DataSource::kCsv;
    options.dir = folder_;
    options.train = {file};
    if (set) set(options);
    return load_data(options).train;
  }

  std::filesystem::path folder_ = test_data("tables");
};

TEST_F(Tables, MissingNumbersAndNames) {
  const auto fill = [](DataOptions& o) {
    o.csv.targets = {"mpg"};
    o.missing = Missing::kMedian;
    o.csv.ignored = {"car name"};
  };
  const Dataset data = load("mpg.csv", fill);
  EXPECT_EQ(data.task, Task::kRegression);
  EXPECT_EQ(data.inputs(), 7U);
  const std::string message = error_of<DataError>(
      [&] { load("mpg.csv", [](DataOptions& o) { o.csv.targets = {"mpg"}; }); });
  expect_in("mpg.csv:3: column 4 (horsepower): the value is missing ('?'", message);
  EXPECT_TRUE(message.ends_with("expected data.missing = median and data.ignore = car name"))
      << message;
}

TEST_F(Tables, ColumnsOfBlanks) {
  const Dataset mpg = load("mpg.data", [](DataOptions& o) {
    o.csv.targets = {"0"};
    o.csv.ignored = {"-1"};
    o.missing = Missing::kMedian;
    o.csv.task = TaskChoice::kRegression;
  });
  EXPECT_EQ(mpg.inputs(), 7U);
  const Dataset seeds = load("seeds.txt");
  EXPECT_EQ(seeds.inputs(), 7U);
  EXPECT_EQ(seeds.classes, (Names{"1", "2"}));
  const Dataset houses = load("houses.data");
  EXPECT_EQ(houses.inputs(), 13U);
  EXPECT_EQ(houses.task, Task::kRegression);
}

TEST_F(Tables, TextIsCategoriesOrNamed) {
  const Dataset passengers = load("passengers.csv", [](DataOptions& o) {
    o.csv.targets = {"Survived"};
    o.csv.ignored = {"PassengerId", "Name", "Ticket", "Cabin"};
    o.missing = Missing::kMedian;
  });
  ASSERT_EQ(passengers.one_hot.columns.size(), 2U);
  EXPECT_EQ(passengers.one_hot.columns[0].categories, (Names{"female", "male"}));
  EXPECT_EQ(passengers.one_hot.columns[1].categories, (Names{"C", "S", ""}));
  const auto label = [](DataOptions& o) { o.csv.targets = {"label"}; };
  const std::string groups = error_of<DataError>([&] { load("groups.csv", label); });
  expect_in("column 5 (IGNORE_0): text of 30 categories", groups);
  EXPECT_TRUE(groups.ends_with("data.ignore = IGNORE_0")) << groups;
  EXPECT_EQ(load("groups.csv", [](DataOptions& o) { o.csv.ignored = {"IGNORE_0"}; }).inputs(), 4U);
  expect_in("multi.csv:2: column 1 (content): text of 2 categories, no two cells alike",
            error_of<DataError>([&] { load("multi.csv"); }));
}

TEST_F(Tables, TruthsDecimalCommasQuotesAndRowNumbers) {
  const Dataset truths = load("bool.csv");
  EXPECT_EQ(truths.one_hot.columns[0].categories, (Names{"False", "True"}));
  EXPECT_EQ(truths.classes, (Names{"FALSE", "TRUE"}));
  const Dataset euro = load("euro.csv");
  EXPECT_EQ(euro.inputs(), 2U);
  EXPECT_EQ(euro.columns.names.size(), 3U);
  EXPECT_EQ(euro.classes, (Names{"ja", "nein"}));
  EXPECT_EQ(load("strlab.csv").classes, (Names{"not urgent", "urgent"}));
  const Dataset pandas = load("pandas.csv");
  EXPECT_TRUE(std::ranges::any_of(pandas.warnings, [](const std::string& warning) {
    return warning.find("data.ignore = 0") != std::string::npos;
  }));
  CsvTokens tokens = open_csv(folder_ / "semi.csv");
  ASSERT_TRUE(tokens.next_row() && tokens.next_row());
  EXPECT_EQ(tokens.cells()[1], "hi i am not working;\n\" i dont see why \"");
  EXPECT_FALSE(tokens.next_row());
}

}  // namespace
}  // namespace nabla
