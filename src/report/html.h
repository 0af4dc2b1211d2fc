// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nabla::report {

/// The text as it may stand between tags and in quoted attributes; control characters and bytes
/// that are not UTF-8 become U+FFFD, so that no text can break the page.
std::string escape(std::string_view text);

/// One cell of a table.
struct Cell {
  /// Escaped already, or markup of our own.
  std::string html;
  /// The column is sorted by this number, if there is one; such cells stand to the right.
  std::optional<double> number = std::nullopt;
  /// From 0 to 1: how strongly the cell is tinted in a heat map.
  std::optional<double> shade = std::nullopt;
  /// A pointer that rests on the cell shows this text.
  std::string hint = {};
};

/// Text that is escaped.
Cell text_cell(std::string_view text);
/// A number with that text.
Cell number_cell(double value, const std::string& text);
/// A whole number with thousands separated.
Cell count_cell(double value);

struct Table {
  std::vector<std::string> head;  ///< plain texts
  std::vector<std::vector<Cell>> rows;
  /// Whether a click on a heading sorts.
  bool sortable = false;
  /// The first cell of each row is its heading.
  bool row_headings = true;
  /// "heat" for a heat map.
  std::string style = {};
};

/// The table in a box that scrolls if it is wider than the page.
std::string table_html(const Table& table);

/// "name: value" pairs.
std::string pairs_html(const std::vector<std::pair<std::string, std::string>>& names_and_html);

std::string paragraph(std::string_view text);
/// A paragraph that stands out.
std::string warning(std::string_view text);

/// The bytes as in RFC 4648, with padding.
std::string base64(std::span<const std::byte> bytes);

}  // namespace nabla::report
