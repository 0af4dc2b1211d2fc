// SPDX-License-Identifier: MIT
#include "data/epoch_order.h"

#include <numeric>
#include <utility>

#include "base/random.h"

namespace nabla {

void shuffle(std::span<std::uint32_t> items, Random& random) {
  for (std::size_t left = items.size(); left > 1; --left)
    std::swap(items[left - 1], items[random.below(static_cast<std::uint32_t>(left))]);
}

EpochOrder::EpochOrder(std::size_t rows, bool shuffle, std::uint64_t seed)
    : rows_(rows), shuffle_(shuffle), seed_(seed) {
  std::iota(rows_.begin(), rows_.end(), 0U);
}

std::span<const std::uint32_t> EpochOrder::begin(std::size_t epoch) {
  if (shuffle_) {
    std::iota(rows_.begin(), rows_.end(), 0U);
    Random random(seed_, Stream::kEpochOrder, static_cast<std::uint32_t>(epoch));
    nabla::shuffle(rows_, random);
  }
  return rows_;
}

}  // namespace nabla
