// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nabla {

/// How `nabla sweep` chooses its trials.
enum class SweepMethod {
  kGrid,     ///< every combination of the alternatives, the first key slowest
  kRandom,   ///< each trial draws every key anew
  kHalving,  ///< as random; all trials train shortly, and the best third of them goes on
};

/// Where numbers are drawn from.
struct SweptRange {
  enum class Kind {
    kUniform,     ///< [low, high)
    kLogUniform,  ///< [low, high), the logarithm uniform
    kInteger,     ///< whole numbers from low to high, both included
  };
  Kind kind;
  double low;
  double high;

  bool operator==(const SweptRange&) const = default;
};

/// A key that takes another value in each trial.
struct SweptKey {
  std::string key;  ///< "network.hidden"
  /// Values as the key's option writes them; empty where there is a range.
  std::vector<std::string> alternatives;
  std::optional<SweptRange> range;

  bool operator==(const SweptKey&) const = default;
};

/// The most trials of one sweep.
inline constexpr std::size_t kMostTrials = 100'000;

struct SweepOptions {
  SweepMethod method = SweepMethod::kGrid;
  /// Trials of random and halving, at least 1.
  std::size_t trials = 20;
  /// Trials that run side by side; 0: chosen by their size.
  std::size_t parallel = 0;
  std::uint64_t seed = 1;
  /// In the order they are given in; none twice.
  std::vector<SweptKey> keys;
};

}  // namespace nabla
