// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nabla {

class Random;

/// The order in which an epoch visits the training rows: a permutation that depends on row count,
/// seed and epoch only, so that any epoch can be repeated without those before it.
class EpochOrder {
 public:
  EpochOrder(std::size_t rows, bool shuffle, std::uint64_t seed);

  /// Returns the order of `epoch` (from 0); it is valid until the next call.
  std::span<const std::uint32_t> begin(std::size_t epoch);

 private:
  std::vector<std::uint32_t> rows_;
  bool shuffle_;
  std::uint64_t seed_;
};

/// Permutes the rows by the random stream (Fisher and Yates).
void shuffle(std::span<std::uint32_t> items, Random& random);

}  // namespace nabla
