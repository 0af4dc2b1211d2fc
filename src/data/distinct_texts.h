// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
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

}  // namespace nabla
