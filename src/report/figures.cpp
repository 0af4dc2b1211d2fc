// SPDX-License-Identifier: MIT
#include "report/figures.h"

#include <array>

#include "report/gnuplot.h"
#include "report/html.h"
#include "report/svg.h"

namespace nabla::report {

namespace {

/// No text of a user gets past escape() with a '<'.
std::string placeholder(std::size_t i) { return "<!--plot " + std::to_string(i) + "-->"; }

std::string legend(const Plot& plot) {
  std::string html;
  for (const Series& series : plot.series)
    if (!series.name.empty() && !series.points.empty())
      html += "<span class=\"key\">" + swatch(series.colour, series.dash) + escape(series.name) +
              "</span> ";
  return html;
}

}  // namespace

Figures::Figures() : can_draw_(find_gnuplot().has_value()) {}

std::string Figures::add(Plot plot, const std::string& caption) {
  if (!can_draw_ || !is_drawable(plot)) return "";
  std::string html = "<figure><figcaption><b>" + escape(plot.title) + "</b>";
  if (!caption.empty()) html += " " + escape(caption);
  const std::string keys = legend(plot);
  if (!keys.empty()) html += "<br>" + keys;
  html += "</figcaption><div class=\"box\">" + placeholder(plots_.size()) + "</div></figure>\n";
  plots_.push_back(std::move(plot));
  return html;
}

std::string Figures::fill(std::string& page) const {
  const auto gnuplot = find_gnuplot();
  if (!gnuplot)
    return "no gnuplot on PATH, so the report has tables only; install it: apt-get install "
           "gnuplot-nox";
  const Drawings drawings = draw(*gnuplot, plots_);
  for (std::size_t i = 0; i < plots_.size(); ++i) {
    const std::string text = placeholder(i);
    const std::size_t at = page.find(text);
    if (at != std::string::npos) page.replace(at, text.size(), drawings.svgs[i]);
  }
  return drawings.problem;
}

std::string plots_html(const std::string& figures, bool wide) {
  if (figures.empty()) return "";
  return std::string("<div class=\"plots") + (wide ? " wide" : "") + "\">\n" + figures + "</div>\n";
}

std::string swatch(const std::string& colour, int dash) {
  constexpr std::array kDashes = {"", "", " stroke-dasharray=\"5 3\"", " stroke-dasharray=\"2 3\"",
                                  " stroke-dasharray=\"8 3 2 3\""};
  return "<svg viewBox=\"0 0 22 10\" aria-hidden=\"true\"><path d=\"M0 5H22\" stroke-width=\"3\" "
         "stroke=\"var(--" +
         colour + ")\"" + kDashes[static_cast<std::size_t>(dash)] + "/></svg>";
}

}  // namespace nabla::report
