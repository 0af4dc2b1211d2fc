// SPDX-License-Identifier: MIT
#include "data/multi_label.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/data/data_options.h"

#include "data/csv.h"
#include "data/row_targets.h"
#include "support/errors.h"

namespace nabla {
namespace {

Dataset two_targets(const std::string& rows, TaskChoice task = TaskChoice::kAuto) {
  CsvOptions options;
  options.targets = {"news", "music"};
  options.task = task;
  return parse_csv("x,news,music\n" + rows, "table.csv", options);
}

TEST(MultiLabel, SeveralTargetsOfZeroAndOneAloneAreLabels) {
  const Dataset labels = two_targets("5,1,0\n6,1,1\n7,0,0\n");
  EXPECT_EQ(labels.task, Task::kMultiLabel);
  EXPECT_EQ(labels.outputs(), 2U);
  EXPECT_EQ(labels.targets(1, 1), 1);
  EXPECT_TRUE(labels.classes.empty());
  EXPECT_TRUE(labels.warnings.empty());
  EXPECT_EQ(labels.columns.target_names(2), (std::vector<std::string>{"news", "music"}));
  EXPECT_EQ(two_targets("5,1,0\n6,2,1\n").task, Task::kRegression);
  EXPECT_EQ(two_targets("5,1,0\n6,0,1\n", TaskChoice::kRegression).task, Task::kRegression);
}

TEST(MultiLabel, OneTargetIsALabelIfTheTaskSaysSo) {
  CsvOptions options;
  options.task = TaskChoice::kMultiLabel;
  EXPECT_EQ(parse_csv("5,1\n6,0\n", "table.csv", options).outputs(), 1U);
  options.task = TaskChoice::kAuto;
  EXPECT_EQ(parse_csv("5,1\n6,0\n5,0\n6,1\n", "table.csv", options).task, Task::kClassification);
}

TEST(MultiLabel, AnotherTargetIsNamed) {
  expect_in("table.csv:3: column 3 (music): the label is '2'; expected 0 or 1",
            error_of<DataError>([] { two_targets("5,1,0\n6,1,2\n", TaskChoice::kMultiLabel); }));
}

TEST(MultiLabel, SaysIfTheLabelsExcludeEachOther) {
  const Dataset labels = two_targets("5,1,0\n6,0,1\n7,1,0\n");
  ASSERT_EQ(labels.warnings.size(), 1U);
  expect_in("each row has exactly one of the 2 labels", labels.warnings[0]);
  EXPECT_EQ(one_label_note(Matrix<double>(3, 1)), "");
}

TEST(MultiLabel, TargetsOfOtherFormatsAreLabelsToo) {
  const auto set = [](std::vector<double> values, TaskChoice task) {
    RowTargets targets;
    targets.values = Matrix<double>(values.size() / 2, 2);
    std::ranges::copy(values, targets.values.data());
    targets.place = [](std::size_t row) { return "y, row " + std::to_string(row); };
    Dataset dataset;
    set_targets(std::move(targets), task, {}, dataset);
    return dataset.task;
  };
  EXPECT_EQ(set({1, 1, 0, 1}, TaskChoice::kAuto), Task::kMultiLabel);
  EXPECT_EQ(set({1, 1, 0, 1}, TaskChoice::kRegression), Task::kRegression);
  EXPECT_EQ(set({1, 1, 0.5, 1}, TaskChoice::kAuto), Task::kRegression);
  expect_in("y, row 1: a label is neither 0 nor 1", error_of<DataError>([&] {
              set({1, 1, 0, 3}, TaskChoice::kMultiLabel);
            }));
}

}  // namespace
}  // namespace nabla
