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

TEST(ReportPlot, WritesEpochsAsWholeNumbers) {
  Plot plot = line("epoch");
  plot.series[0].points = {{1, 2}, {2, 3}};
  plot.whole_x = true;
  expect_in("set xrange [1:2]\nset xtics ('1' 1,'2' 2)\n", gnuplot_script(plot, "f.svg"));
  plot.series[0].points = {{1, 2}};
  expect_in("set xrange [0.5:1.5]\nset xtics ('1' 1)\n", gnuplot_script(plot, "f.svg"));
}

TEST(ReportPlot, WritesLogarithmicAxesAsPowersOfTen) {
  Plot plot = line();
  plot.series[0].points = {{1, 0.5}, {2, 0.003}};
  plot.log_y = true;
  const std::string script = gnuplot_script(plot, "f.svg");
  expect_in("set yrange [0.002:0.5]\nset ytics ('' 0.002 1,", script);
  expect_in(",'10⁻²' 0.01,", script);
}

TEST(ReportPlot, WritesTextsThatWouldTouchInTwoLines) {
  Plot plot = line();
  plot.x_tics = {{1, "short"}, {2, "one"}, {3, "c"}};
  expect_in("set xtics ('short' 1,'one' 2,'c' 3)", gnuplot_script(plot, "f.svg"));
  plot.x_tics[1].text = "a text that is as long as three of them are";
  expect_in("set xtics ('short' 1,\"\\n\".'a text that is as long as three of them are' 2,'c' 3)",
            gnuplot_script(plot, "f.svg"));
}

TEST(ReportPlot, SaysTheHintOfALineToAPointer) {
  const auto gnuplot = find_gnuplot();
  if (!gnuplot) GTEST_SKIP() << "no gnuplot on PATH";
  Plot plot{.title = "a",
            .series = {{.points = {{0, 1}, {1, 2}}, .hint = "top id=\"x\""},
                       {.points = {{0, NAN}}, .hint = "not drawn"},
                       {.points = {{0, 2}, {1, 1}}, .colour = "c2", .hint = "ground"}}};
  plot.hide_y_axis = true;
  const Drawings drawings = draw(*gnuplot, std::vector<Plot>{plot});
  const std::string& svg = drawings.svgs[0];
  const std::size_t ground = svg.find("<title>ground</title>");
  const std::size_t top = svg.find("<title>top id=&quot;x&quot;</title>");
  ASSERT_NE(ground, std::string::npos) << svg;
  ASSERT_NE(top, std::string::npos) << svg;
  EXPECT_LT(ground, svg.find("var(--c2)"));
  EXPECT_LT(svg.find("var(--c2)"), top);
  EXPECT_LT(top, svg.find("var(--c1)"));
  EXPECT_EQ(svg.find("not drawn"), std::string::npos);
}

TEST(ReportPlot, StacksBoxesFromTheGround) {
  Plot plot{.title = "a",
            .series = {{.points = {{0, 1}}, .colour = "c1"}, {.points = {{0, 2}}, .colour = "c2"}},
            .stacked = true};
  const std::string script = gnuplot_script(plot, "f.svg");
  expect_in("$s0 << EOD\n0 1\nEOD\n$s1 << EOD\n0 3\nEOD\n", script);
  EXPECT_LT(script.find("$s1 using"), script.find("$s0 using"));
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
  expect_in("<title>it&#39;s &lt;b&gt; &amp; &quot;c&quot; 3\ns 1</title></rect>", svg);
  for (const char* absent :
       {"rgb(", "http", "xlink", " id=", "<defs", "<title>$s0", "var(--hit)", "\"black\""})
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

TEST(ReportPlot, GivesEachPointItsOwnHint) {
  const auto gnuplot = find_gnuplot();
  if (!gnuplot) GTEST_SKIP() << "no gnuplot on PATH";
  Plot plot{.title = "a",
            .series = {{.points = {{1, 1}, {NAN, 1}, {2, 1}}, .draw = Draw::kPoints}}};
  plot.series[0].hints = {"row 3 <a>", "row 4", "row 5"};
  plot.series.push_back({.points = {{1, 1}, {2, 2}}, .colour = "axis"});
  const std::string svg = draw(*gnuplot, std::vector<Plot>{plot}).svgs.at(0);
  const std::size_t first = svg.find("<title>row 3 &lt;a&gt;</title></use>");
  const std::size_t second = svg.find("<title>row 5</title></use>");
  EXPECT_LT(first, second);
  EXPECT_NE(second, std::string::npos) << svg;
  EXPECT_EQ(svg.find("row 4"), std::string::npos);
}

}  // namespace
}  // namespace nabla::report
