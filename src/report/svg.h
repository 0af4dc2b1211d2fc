// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace nabla::report {

/// The colour that stands in a gnuplot script for the style sheet's variable of that name.
std::string marker_colour(const std::string& name);

/// What gnuplot's SVG terminal wrote, as an element of the page: colours follow the style sheet,
/// ids and what draws nothing are gone, point symbols are those of svg_symbols(). `title` is a
/// plain text, what screen readers say.
std::string svg_for_page(std::string svg, const std::string& title);

/// The point symbols that all plots of a page use, to stand once in it.
std::string svg_symbols();

}  // namespace nabla::report
