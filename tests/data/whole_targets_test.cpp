// SPDX-License-Identifier: MIT
#include "data/whole_targets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "nabla/data/data_options.h"

#include "data/csv.h"

namespace nabla {
namespace {

/// Returns `rows` targets that go through first, first + step, … again and again.
std::vector<double> repeat(std::size_t rows, std::size_t different, double first, double step = 1) {
  std::vector<double> targets;
  for (std::size_t row = 0; row < rows; ++row)
    targets.push_back(first + step * static_cast<double>(row % different));
  return targets;
}

bool are_classes(const std::vector<double>& targets) {
  return count_whole_targets(targets).are_classes();
}

TEST(WholeTargets, AreClassesIfEachOccursTwiceOnAverage) {
  EXPECT_TRUE(are_classes(repeat(6, 3, 0)));
  EXPECT_FALSE(are_classes(repeat(5, 3, 0)));
  EXPECT_TRUE(are_classes({7, 7, 7, 9}));  // on average only
  EXPECT_FALSE(are_classes({1, 2}));
}

TEST(WholeTargets, AreClassesIfTheyAreFewOrRunFromZeroOrOne) {
  EXPECT_TRUE(are_classes(repeat(100, 50, -10, 3)));
  EXPECT_FALSE(are_classes(repeat(102, 51, -10, 3)));
  EXPECT_TRUE(are_classes(repeat(400, 200, 0)));
  EXPECT_TRUE(are_classes(repeat(400, 200, 1)));
  EXPECT_FALSE(are_classes(repeat(400, 200, 2)));
  std::vector<double> with_gap = repeat(400, 200, 0);
  with_gap.push_back(201);
  EXPECT_FALSE(are_classes(with_gap));
}

TEST(WholeTargets, CountTextsOfTheSameValueOnceAndLongOnesExactly) {
  DistinctTexts texts;
  for (const char* text : {"1", "1.0", "+1", "2", "9007199254740992", "9007199254740993"})
    texts.add(text);
  const WholeTargets whole = count_whole_targets(texts, 8);
  EXPECT_EQ(whole.different, 4u);
  EXPECT_FALSE(whole.run_without_gap);
  EXPECT_TRUE(whole.are_classes());
}

TEST(WholeTargets, SayHowTheyAreTakenIfTheyCouldBeReadOtherwise) {
  const auto note = [](const std::vector<double>& targets) {
    return count_whole_targets(targets).note();
  };
  EXPECT_EQ(note(repeat(6, 3, 0)),
            "the targets are 3 different whole numbers in 6 rows, taken for classes; data.task = "
            "regression takes them for values");
  EXPECT_EQ(note(repeat(102, 51, -10, 3)),
            "the targets are 51 different whole numbers in 102 rows, taken for values; data.task = "
            "classification takes them for classes");
  EXPECT_EQ(note(repeat(6, 2, 0)), "");
  EXPECT_EQ(note(repeat(6, 6, 0)), "");
}

Dataset read_targets(const std::vector<std::string>& cells, TaskChoice task = TaskChoice::kAuto) {
  std::string text;
  for (const std::string& cell : cells) text += "0.5," + cell + "\n";
  CsvOptions options;
  options.task = task;
  return parse_csv(text, "t.csv", options);
}

TEST(WholeTargets, OfATableBecomeValuesOnlyIfTheOptionsLeaveItOpen) {
  const std::vector<std::string> prices = {"24000", "21600", "34700"};
  const Dataset values = read_targets(prices);
  EXPECT_EQ(values.task, Task::kRegression);
  EXPECT_EQ(values.targets(2, 0), 34700);
  EXPECT_EQ(read_targets(prices, TaskChoice::kClassification).classes.size(), 3u);
  EXPECT_EQ(read_targets({"1.0", "0", "1", "0.0"}).classes, (std::vector<std::string>{"0", "1.0"}));
  EXPECT_EQ(read_targets({"1", "2", "b"}).task, Task::kClassification);
  EXPECT_THAT(read_targets({"4", "4", "4", "6", "6", "6", "9"}).warnings,
              testing::ElementsAre(testing::HasSubstr("taken for classes")));
}

}  // namespace
}  // namespace nabla
