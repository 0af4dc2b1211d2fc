// SPDX-License-Identifier: MIT
#include "report/hover.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

#include "support/errors.h"

namespace nabla::report {
namespace {

TEST(ReportHover, NamesTheValuesAtOnePlace) {
  const Plot plot{.title = "Cost",
                  .x_label = "epoch",
                  .whole_x = true,
                  .series = {{.name = "training", .points = {{1, 0.5}, {2, 0.25}}},
                             {.name = "test", .points = {{1, NAN}, {2, 0.125}}},
                             {.points = {{1.5, 7}}}}};
  const auto hovers = hovers_of(plot);
  ASSERT_EQ(hovers.size(), 2U);
  EXPECT_EQ(hovers[0].text, "epoch 1\ntraining 0.5");
  EXPECT_EQ(hovers[1].text, "epoch 2\ntraining 0.25\ntest 0.125");
}

TEST(ReportHover, ASeriesAloneHasTheNameOfThePlot) {
  const Plot plot{.title = "Seconds per phase",
                  .series = {{.points = {{0, 2}}, .draw = Draw::kBoxes}},
                  .x_tics = {{0, "gather"}}};
  EXPECT_EQ(hovers_of(plot).at(0).text, "gather\nSeconds per phase 2");
}

TEST(ReportHover, LeavesOutWhatThePlotDoesNotShow) {
  Plot plot{.title = "R²", .series = {{.points = {{1, -5}, {2, 0.5}}}}};
  plot.y_from = -1;
  ASSERT_EQ(hovers_of(plot).size(), 1U);
  EXPECT_EQ(hovers_of(plot)[0].x, 2);
  plot.series[0].draw = Draw::kPoints;  // a scatter plot
  EXPECT_TRUE(hovers_of(plot).empty());
}

TEST(ReportHover, ShowsTheHintsOfPointsAndTheLastOfSeveralAtAPlace) {
  Plot plot{.title = "ROC",
            .x_label = "false positive rate",
            .series = {{.name = "a", .points = {{0, 0}, {0, 0.5}, {1, 1}}}}};
  plot.series[0].hints = {"0, no row", "0.5, threshold 0.9", "1, threshold 0"};
  const auto hovers = hovers_of(plot);
  ASSERT_EQ(hovers.size(), 2U);
  EXPECT_EQ(hovers[0].text, "false positive rate 0\na 0.5, threshold 0.9");
  EXPECT_EQ(hovers[1].text, "false positive rate 1\na 1, threshold 0");
}

TEST(ReportHover, KeepsStripsWideAndTextsShort) {
  Plot plot{.title = "a"};
  for (int i = 0; i < 30; ++i) {
    Series series{.name = "run " + std::to_string(i)};
    for (int x = 0; x < 1000; ++x) series.points.emplace_back(x, i);
    plot.series.push_back(std::move(series));
  }
  plot.marked_x = 3;
  const auto hovers = hovers_of(plot);
  EXPECT_LE(hovers.size(), 82U);
  EXPECT_TRUE(std::ranges::any_of(hovers, [](const Hover& hover) { return hover.x == 3; }));
  EXPECT_EQ(hovers.back().x, 999);
  expect_in("\nrun 9 9\nand 20 more", hovers[0].text);
}

TEST(ReportHover, PutsStripsInThePlaceOfPoints) {
  const auto use = [](const std::string& x) {
    return "<use href='#gpPt6' transform='translate(" + x + ",20.00) scale(0.56)' color='hit'/>";
  };
  const std::string svg = "a" + use("100.00") + "b<use color='c1'/>" + use("120.00") + "c";
  const std::vector<Hover> hovers = {{1, 0, "x <1>"}, {2, 0, "x 2"}};
  EXPECT_EQ(with_strips(svg, hovers, "hit"),
            "a<rect class=\"hit\" x=\"90.0\" width=\"20.0\" height=\"100%\"><title>x &lt;1&gt;"
            "</title></rect>b<use color='c1'/><rect class=\"hit\" x=\"110.0\" width=\"20.0\" "
            "height=\"100%\"><title>x 2</title></rect>c");
  EXPECT_EQ(with_strips(svg, std::span(hovers).first(1), "hit"), "ab<use color='c1'/>c");
}

}  // namespace
}  // namespace nabla::report
