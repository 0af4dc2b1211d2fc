// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nabla {

/// The different texts of a column, numbered in the order of their first appearance. A hash table
/// with open addressing, as most cells of a column of categories are found at the first look.
class DistinctTexts {
 public:
  DistinctTexts() = default;
  DistinctTexts(DistinctTexts&&) = default;
  DistinctTexts& operator=(DistinctTexts&&) = default;

  std::size_t size() const { return texts_.size(); }
  const std::string& operator[](std::size_t number) const { return texts_[number]; }

  struct Found {
    std::uint32_t number;
    bool is_new;
  };
  Found add(std::string_view text);
  void clear();

 private:
  /// The place of a text in the table, empty if the text is null.
  struct Slot {
    const std::string* text = nullptr;
    std::uint32_t hash = 0;
    std::uint32_t number = 0;
  };

  Slot& slot_of(std::string_view text, std::uint32_t hash);
  void grow();

  std::deque<std::string> texts_;  ///< which a deque never moves
  std::vector<Slot> slots_;        ///< a power of two, at most half of them in use
};

/// Returns the names of the classes or categories that these texts are, by ascending ClassName.
/// Texts of the same value ("1", "1.0") are one, named by the first of them; `is_used` leaves out
/// the texts for whose number it is false.
std::vector<std::string> sorted_names(const DistinctTexts& texts,
                                      const std::function<bool(std::size_t number)>& is_used);

/// The number of a text that is none of the names.
inline constexpr std::uint32_t kUnknownName = 0xffffffff;

/// Returns for each text its place among the names, as ClassNames, or kUnknownName.
std::vector<std::uint32_t> find_names(const DistinctTexts& texts,
                                      std::span<const std::string> names);

}  // namespace nabla
