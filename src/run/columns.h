// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nabla {

/// A CSV file of a run's folder, with a header: its cells as texts.
class Columns {
 public:
  Columns() = default;
  /// Lines with fewer or more cells than the header, as a run that was killed may leave, are left
  /// out. Throws DataError naming the file where it cannot be read or has no header.
  explicit Columns(const std::filesystem::path& file);

  const std::vector<std::string>& names() const { return names_; }
  std::size_t rows() const { return rows_.size(); }
  bool has(std::string_view name) const { return index_of(name).has_value(); }

  /// Empty where there is no such column.
  std::string text(std::size_t row, std::string_view name) const;
  /// The finite number of the cell, if it is one.
  std::optional<double> number(std::size_t row, std::string_view name) const;

 private:
  std::optional<std::size_t> index_of(std::string_view name) const;

  std::vector<std::string> names_;
  std::vector<std::vector<std::string>> rows_;
};

/// The finite number that the whole text is, if it is one.
std::optional<double> to_number(std::string_view text);

}  // namespace nabla
