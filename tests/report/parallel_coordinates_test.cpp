// SPDX-License-Identifier: MIT
#include "report/parallel_coordinates.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "base/option_values.h"
#include "base/text.h"

namespace nabla::report {
namespace {

TEST(ReportParallelCoordinates, NamesOnlyValuesThatWereTried) {
  // On a linear scale the middle of 8 and 32 would be 20.
  const ValueAxis axis({"32", "8", "16", "8"});
  std::vector<std::string> texts;
  for (const Tic& mark : axis.marks()) texts.push_back(mark.text);
  EXPECT_EQ(texts, (std::vector<std::string>{"8", "16", "32"}));
  EXPECT_DOUBLE_EQ(axis.place("16"), 1.0 / 3);
}

TEST(ReportParallelCoordinates, KeepsTextsApart) {
  std::vector<std::string> values;
  for (int i = 0; i < 300; ++i) values.push_back(write_number(1e-4 * (1 + (i * i) % 977)));
  std::vector<std::string> rounded;
  for (const std::string& value : values) rounded.push_back(general(*to_number(value), 3));
  const std::vector<Tic> marks = ValueAxis(values).marks();
  EXPECT_EQ(marks.front().at, 0);
  EXPECT_EQ(marks.back().at, 1);
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (i > 0) {
      EXPECT_GE(marks[i].at - marks[i - 1].at, 0.08);
    }
    EXPECT_NE(std::ranges::find(rounded, marks[i].text), rounded.end()) << marks[i].text;
  }
}

TEST(ReportParallelCoordinates, SpacesTextsEvenlyAndCutsThem) {
  const ValueAxis axis({"b", "a long text of äöü characters", "c"});
  EXPECT_DOUBLE_EQ(axis.place("b"), 0.5);
  EXPECT_EQ(axis.marks()[0].text, "a long text of ä…");
  EXPECT_EQ(ValueAxis({"1", "1"}).place("1"), 0.5);
}

TEST(ReportParallelCoordinates, DrawsALineForEachRun) {
  ComparedRun one, two;
  one.name = "one";
  one.settings = {{"a.x", "1"}, {"b.x", "relu"}, {"c.same", "7"}};
  one.figures = {{"test_cost", 0.5}};
  two.name = "two";
  two.settings = {{"a.x", "2"}, {"b.x", "tanh"}, {"c.same", "7"}};
  two.figures = {{"test_cost", 0.25}};
  const Plot plot = parallel_coordinates({&one, &two}, {"a.x", "b.x", "c.same"}, "test_cost",
                                         Task::kClassification);
  ASSERT_EQ(plot.x_tics.size(), 3U);
  EXPECT_EQ(plot.x_tics[1].text, "b.x");
  EXPECT_EQ(plot.x_tics[2].text, "test cost");
  EXPECT_EQ(plot.series[0].hint, "one\na.x 1\nb.x relu\ntest cost 0.5");
  EXPECT_EQ(plot.series[0].colour, "r0");
  EXPECT_EQ(plot.series[1].colour, "r9");  // the lower cost
  EXPECT_FALSE(is_drawable(
      parallel_coordinates({&one, &two}, {"c.same"}, "test_cost", Task::kClassification)));
}

}  // namespace
}  // namespace nabla::report
