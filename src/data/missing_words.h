// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nabla {

/// The words that stand for a missing value in a table (CsvOptions::missing_values), in any case of
/// ASCII letters. Words that are numbers stand for every text of that number.
class MissingWords {
 public:
  explicit MissingWords(std::span<const std::string> words);

  bool has_numbers() const { return !numbers_.empty(); }
  bool contains(double number) const;
  bool contains(std::string_view cell) const;

 private:
  std::vector<std::string> words_;  ///< in lower case
  std::size_t longest_ = 0;
  std::vector<double> numbers_;
};

}  // namespace nabla
