// SPDX-License-Identifier: MIT
#pragma once

#include <bitset>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/csv_cell.h"

namespace nabla {

/// The words that stand for a missing value in a table (CsvOptions::missing_values), in any case of
/// ASCII letters. Words that are numbers stand for every text of that number.
class MissingWords {
 public:
  explicit MissingWords(std::span<const std::string> words);

  bool has_numbers() const { return !numbers_.empty(); }
  bool contains(double number) const;
  bool contains(std::string_view cell) const {
    if (cell.empty() || cell.size() > longest_ || !begins_[static_cast<unsigned char>(cell[0])])
      return false;
    return is_word(cell);
  }
  /// Whether a cell stands for a missing value, which parse_number finds to be of this kind and, if
  /// it is a number, of this value.
  bool contains(std::string_view cell, CellKind kind, double value) const {
    if (kind == CellKind::kMissing) return true;
    return kind == CellKind::kNumber ? contains(value) : contains(cell);
  }

 private:
  bool is_word(std::string_view cell) const;

  std::vector<std::string> words_;  ///< in lower case
  // These tell most cells from words without a comparison.
  std::size_t longest_ = 0;
  std::bitset<256> begins_;  ///< the first bytes of words, in either case
  std::vector<double> numbers_;
};

}  // namespace nabla
