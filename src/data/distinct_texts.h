// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nabla {

/// The different texts of a column, numbered in the order of their first appearance.
class DistinctTexts {
 public:
  DistinctTexts() = default;
  DistinctTexts(DistinctTexts&&) = default;
  DistinctTexts& operator=(DistinctTexts&&) = default;

  std::size_t size() const { return texts_.size(); }
  const std::string& operator[](std::size_t number) const { return *texts_[number]; }

  struct Found {
    std::uint32_t number;
    bool is_new;
  };
  Found add(std::string_view text);
  void clear();

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
  std::vector<const std::string*> texts_;  ///< the keys, which a map of nodes never moves
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
