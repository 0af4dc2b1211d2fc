// SPDX-License-Identifier: MIT
#include "report/svg.h"

#include <array>
#include <cstdio>
#include <string_view>

#include "report/html.h"

namespace nabla::report {

namespace {

/// Red 10 and green 0 mark a colour as one of these; blue is its place here.
constexpr std::array kNames = {"axis", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "grid",
                               "r0",   "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9"};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

/// Removes each part from `first` to the next `last`, both included.
void cut_all(std::string& text, std::string_view first, std::string_view last) {
  for (std::size_t at = text.find(first); at != std::string::npos; at = text.find(first, at)) {
    const std::size_t end = text.find(last, at + first.size());
    if (end == std::string::npos) return;
    text.erase(at, end + last.size() - at);
  }
}

/// gnuplot writes "rgb( 10,   0,   1)" and "rgb(10,0,1)".
void name_colours(std::string& text) {
  for (std::size_t at = text.find("rgb("); at != std::string::npos;
       at = text.find("rgb(", at + 1)) {
    const std::size_t end = text.find(')', at);
    if (end == std::string::npos) return;
    int red = 0, green = 0, blue = 0;
    const std::string colour = text.substr(at, end + 1 - at);
    if (std::sscanf(colour.c_str(), "rgb( %d , %d , %d )", &red, &green, &blue) != 3) continue;
    if (red == 10 && green == 0 && blue >= 0 && blue < static_cast<int>(kNames.size()))
      text.replace(at, colour.size(),
                   "var(--" + std::string(kNames[static_cast<std::size_t>(blue)]) + ")");
  }
}

/// Groups that hold nothing but white space.
void cut_empty_groups(std::string& text) {
  constexpr std::string_view kClose = "</g>";
  for (std::size_t at = text.find(kClose); at != std::string::npos; at = text.find(kClose, at)) {
    const std::size_t before = text.find_last_not_of(" \t\n", at - 1);
    const std::size_t open = text.rfind('<', at - 1);
    if (before != std::string::npos && text[before] == '>' && open != std::string::npos &&
        text.compare(open, 3, "<g ") == 0 && text.find('>', open) == before) {
      text.erase(open, at + kClose.size() - open);
      at = open;
    } else {
      at += kClose.size();
    }
  }
}

}  // namespace

std::string marker_colour(const std::string& name) {
  std::size_t place = 0;
  while (place + 1 < kNames.size() && name != kNames[place]) ++place;
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "#0a00%02x", static_cast<unsigned>(place));
  return text.data();
}

std::string svg_for_page(std::string svg, const std::string& title) {
  const std::size_t box = svg.find("viewBox=\"");
  const std::size_t start = svg.find("<g id=\"gnuplot_canvas\">");
  if (box == std::string::npos || start == std::string::npos) return "";
  const std::string view_box = svg.substr(box, svg.find('"', box + 9) + 1 - box);
  svg.erase(0, start);
  cut_all(svg, "<defs>", "</defs>");
  cut_all(svg, "<title>", "</title>");
  cut_all(svg, " id=\"", "\"");
  replace_all(svg, "xlink:href", "href");
  name_colours(svg);
  for (const std::string_view quote : {"\"", "'"})
    for (const std::string_view name : {"black", "gray"})
      replace_all(svg, "=" + std::string(quote) + std::string(name) + std::string(quote),
                  "=\"currentColor\"");
  cut_empty_groups(svg);
  replace_all(svg, " stroke-linecap=\"butt\" stroke-linejoin=\"miter\"", "");
  replace_all(svg, " font-family=\"sans-serif\"", "");
  replace_all(svg, "\n\n", "\n");
  return "<svg class=\"plot\" " + view_box + " role=\"img\" aria-label=\"" + escape(title) +
         "\">\n" + svg;
}

std::string svg_symbols() {
  return "<svg class=\"defs\" aria-hidden=\"true\"><defs><circle id=\"gpPt6\" r=\"1\" "
         "fill=\"currentColor\"/></defs></svg>\n";
}

}  // namespace nabla::report
