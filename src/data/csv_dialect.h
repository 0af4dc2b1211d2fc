// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "nabla/data/data_options.h"

namespace nabla {

/// The separator that stands for any run of spaces and tabs.
inline constexpr char kBlanksSeparator = ' ';

/// How the rows of a table are written.
struct CsvDialect {
  char separator = ',';  ///< kBlanksSeparator for blanks
  char decimal = '.';    ///< the mark within numbers, a point or a comma
};

/// A dialect is judged by so many rows.
inline constexpr std::size_t kSampledRows = 1000;

/// Finds those of separator and decimal mark that `format` leaves to the table, by its first
/// kSampledRows rows; `text` ends with a row. The separator is `named`, else the one of comma,
/// semicolon and tab by which the rows have equally many cells, more than one; if several do, the
/// one with most cells, but not a comma that is the decimal mark of another's cells. Blanks
/// separate if there is none, or if a cell would hold several numbers with blanks between them. If
/// blanks do not give equally many cells either, the first row decides, so that errors speak of the
/// separator that was meant. The decimal mark is a comma if the separator is another, some cell
/// holds a comma, and each cell that does is a number so; the first of several rows is not asked,
/// as it may be a header.
CsvDialect find_dialect(std::string_view text, const CsvFormat& format,
                        std::optional<char> named = std::nullopt);

}  // namespace nabla
