// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "report/figures.h"

namespace nabla::report {

/// A part of the page with a heading of its own.
struct Section {
  std::string id;
  std::string title;  ///< plain text
  std::string html;
  /// It stands beside the section before it if the page is wide.
  bool is_beside = false;
};

/// The whole file: style and script inside, and a policy that lets the browser fetch nothing.
/// `title` and `subtitle` are plain texts.
std::string page_html(const std::string& title, const std::string& subtitle,
                      std::span<const Section> sections);

/// A page, and one line for each thing that is missing in it, and why.
struct Report {
  std::string html;
  std::vector<std::string> notes;
};

/// Makes the page of those sections that are not empty and draws its plots. Adds to the notes if
/// they cannot be drawn.
Report make_report(const std::string& title, const std::string& subtitle,
                   std::vector<Section> sections, const Figures& figures,
                   std::vector<std::string> notes = {});

}  // namespace nabla::report
