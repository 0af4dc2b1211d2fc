// SPDX-License-Identifier: MIT
#include "report/plot.h"

#include <cmath>
#include <gtest/gtest.h>

#include "report/figures.h"
#include "support/errors.h"

namespace nabla::report {
namespace {

Plot line(const std::string& label = "") {
  return {.title = "a <line>",
          .x_label = label,
          .series = {{.name = "s", .points = {{1, 2}, {2, 3}, {3, 1}}}}};
}

TEST(ReportPlot, HasNothingToDrawWithoutPoints) {
  Plot plot{.title = "a", .log_y = true, .series = {{.points = {{1, 0}, {2, NAN}}}}};
  EXPECT_FALSE(is_drawable(plot));
  plot.log_y = false;
  EXPECT_TRUE(is_drawable(plot));
}

TEST(ReportPlot, QuotesTextsSoThatNoneIsACommand) {
  const std::string script = gnuplot_script(line("a'\nsystem 'touch x'; `id` $x"), "f.svg");
  expect_in("set xlabel 'a'' system ''touch x''; `id` $x'\n", script);
}

TEST(ReportPlot, StacksBoxesFromTheGround) {
  Plot plot{.title = "a",
            .series = {{.points = {{0, 1}}, .colour = "c1"}, {.points = {{0, 2}}, .colour = "c2"}},
            .stacked = true};
  const std::string script = gnuplot_script(plot, "f.svg");
  expect_in("$s0 << EOD\n0 3\nEOD\n$s1 << EOD\n0 1\nEOD\n", script);
}

TEST(ReportPlot, DrawsWithTheColoursOfThePage) {
  const auto gnuplot = find_gnuplot();
  if (!gnuplot) GTEST_SKIP() << "no gnuplot on PATH";
  const std::vector<Plot> plots = {line("it's <b> & \"c\""), Plot{.title = "empty"}, line()};
  const Drawings drawings = draw(*gnuplot, plots);
  EXPECT_EQ(drawings.problem, "");
  ASSERT_EQ(drawings.svgs.size(), 3U);
  EXPECT_EQ(drawings.svgs[1], "");
  const std::string& svg = drawings.svgs[0];
  expect_in("var(--c1)", svg);
  expect_in("var(--axis)", svg);
  expect_in("aria-label=\"a &lt;line&gt;\"", svg);
  expect_in("it's &lt;b", svg);
  for (const char* absent : {"rgb(", "http", "xlink", " id=", "<title", "<defs", "\"black\""})
    EXPECT_EQ(svg.find(absent), std::string::npos) << absent;
}

TEST(ReportPlot, GoesOnBehindAPlotThatCannotBeDrawn) {
  const auto gnuplot = find_gnuplot();
  if (!gnuplot) GTEST_SKIP() << "no gnuplot on PATH";
  Plot below = line();
  below.y_from = 10;
  const Drawings drawings = draw(*gnuplot, std::vector<Plot>{line(), below, line()});
  expect_in("gnuplot failed", drawings.problem);
  EXPECT_EQ(drawings.svgs[1], "");
  EXPECT_EQ(drawings.svgs[2], drawings.svgs[0]);
  EXPECT_NE(drawings.svgs[2], "");
}

}  // namespace
}  // namespace nabla::report
