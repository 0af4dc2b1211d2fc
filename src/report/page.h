// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>

namespace nabla::report {

/// A part of the page with a heading of its own.
struct Section {
  std::string id;
  std::string title;  ///< plain text
  std::string html;
};

/// The whole file: style and script inside, and a policy that lets the browser fetch nothing.
/// `title` and `subtitle` are plain texts.
std::string page_html(const std::string& title, const std::string& subtitle,
                      std::span<const Section> sections);

}  // namespace nabla::report
