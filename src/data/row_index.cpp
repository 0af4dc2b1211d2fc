// SPDX-License-Identifier: MIT
#include "data/row_index.h"

#include <algorithm>
#include <bit>
#include <variant>

namespace nabla {

namespace {

std::uint64_t hash_of(const Dataset& data, std::size_t row) {
  return std::visit(
      [&](const auto& features) {
        std::uint64_t hash = 0xcbf29ce484222325;
        for (const auto x : features.row(row)) {
          // Adding 0 makes −0 and 0, which are equal, the same bits.
          hash ^= std::bit_cast<std::uint64_t>(static_cast<double>(x) + 0.0);
          hash *= 0x9e3779b97f4a7c15;
          hash ^= hash >> 32;
        }
        return hash;
      },
      data.features);
}

bool are_equal(const Dataset& a, std::size_t row_a, const Dataset& b, std::size_t row_b) {
  return std::visit(
      [&](const auto& left, const auto& right) {
        return std::ranges::equal(left.row(row_a), right.row(row_b), [](auto x, auto y) {
          return static_cast<double>(x) == static_cast<double>(y);
        });
      },
      a.features, b.features);
}

}  // namespace

RowIndex::RowIndex(const Dataset& data) : data_(data) {
  entries_.reserve(data.rows());
  for (std::size_t row = 0; row < data.rows(); ++row)
    entries_.emplace_back(hash_of(data, row), row);
  std::ranges::sort(entries_);
}

std::optional<std::size_t> RowIndex::find(const Dataset& other, std::size_t row) const {
  const std::uint64_t hash = hash_of(other, row);
  for (auto entry = std::ranges::lower_bound(entries_, hash, {}, &Entry::first);
       entry != entries_.end() && entry->first == hash; ++entry)
    if (are_equal(data_, entry->second, other, row)) return entry->second;
  return std::nullopt;
}

}  // namespace nabla
