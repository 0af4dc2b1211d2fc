// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nabla {

/// The content of a cell of a numeric column.
enum class CellKind { kNumber, kMissing, kNotFinite, kOutOfRange, kText };

/// Reads a whole cell as a number with this decimal mark, a leading plus sign allowed; the locale
/// has no say. With decimal commas a point makes a text, as it may separate thousands. `value` is
/// set for kNumber only. Numbers too small for double are 0. Only empty cells are missing here; see
/// MissingWords.
CellKind parse_number(std::string_view cell, double& value, char decimal = '.');

/// Returns whether a cell is meant as a number, even one that cannot be used (NaN, infinity).
bool is_numeric(std::string_view cell, char decimal = '.');

/// Returns the place of a cell as errors begin with it, "file:line: column 3 (name): "; columns
/// count from 1. `header` may be empty.
std::string cell_place(const std::string& name, std::size_t line, std::size_t column,
                       std::span<const std::string> header);

/// Returns "column 3 (name)".
std::string column_label(std::size_t column, std::span<const std::string> header);

/// The place of a cell of the table being read; cheap to make, as only errors write it out.
struct CellPlace {
  const std::string& name;  ///< name of the file
  std::size_t line;         ///< from 1
  std::size_t column;       ///< from 0
  std::span<const std::string> header;

  std::string text() const { return cell_place(name, line, column, header); }
};

/// Returns the cell between quotes for an error: printable, cut to 40 bytes.
std::string quote_cell(std::string_view cell);
/// Returns ", of which 'NAME' is the nearest" for the names that an error speaks of, "" if none is
/// near to the cell.
std::string nearest_of(std::string_view cell, std::span<const std::string> names);

/// Throws the DataError of a cell that should be a finite number.
[[noreturn]] void throw_not_a_number(const std::string& place, CellKind kind,
                                     std::string_view cell);
/// Throws that of a missing feature; `remedy` is what would fill it in.
[[noreturn]] void throw_unfilled(const std::string& place, std::string_view cell,
                                 const std::string& remedy);

/// Returns why a text cannot name a class or a category, empty if it can. A name is valid UTF-8, as
/// a model file holds nothing else, and has neither line breaks nor other control characters, as
/// every output is lines. `what` is "class" or "category".
std::string name_fault(std::string_view cell, const std::string& what);

/// Throws DataError unless the cell can name a class or a category, which the empty one cannot;
/// `place` returns the beginning of the error.
void require_name(std::string_view cell, const std::string& what,
                  const std::function<std::string()>& place);

/// From here on double does not hold each integer.
inline constexpr double kInexactIntegers = 9007199254740992;  // 2⁵³

/// The name of a class or category as a table has it; that of a missing category is empty. Names of
/// the same value are equal ("1", "1.0"; "true" in any case of letters), but numbers not from
/// kInexactIntegers on in magnitude, where equal doubles may be different numbers: there only the
/// sign + and leading zeros do not count.
class ClassName {
 public:
  explicit ClassName(std::string_view name);

  const std::string& text() const { return text_; }

  /// Orders numbers by value, integers exactly, then texts by bytes; the empty name is last.
  bool operator<(const ClassName& other) const;

 private:
  std::string text_;
  std::string order_;  ///< orders the texts
  std::optional<double> value_;
  std::string digits_;  ///< the magnitude from kInexactIntegers on, else empty
};

}  // namespace nabla
