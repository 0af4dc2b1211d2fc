// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

namespace nabla {

/// One block of Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw,
/// "Parallel random numbers: as easy as 1, 2, 3" (SC 2011): a pure function of counter and key.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key);

/// The streams that the library draws from, one per purpose.
enum class Stream : std::uint32_t {
  kInitialWeights = 1,
  kInitialBiases,
  kEpochOrder,
  kValidationSplit,
  kDigits,
  kDropout,
  kAugmentation,
  kGradientCheck,
  kSweep,
  kFolds,
  kImportance,
};

/// A stream of random numbers that depends on (seed, stream, substream, part) only and is the same
/// on every platform. Streams are independent of each other, so each use (initial weights, epoch
/// order, row i of a generator) takes its own and never shares state with another.
class Random {
 public:
  /// Each part of a substream is 2³⁴ numbers of `bits` long; the next part follows on it.
  explicit Random(std::uint64_t seed, std::uint32_t stream = 0, std::uint32_t substream = 0,
                  std::uint32_t part = 0);
  Random(std::uint64_t seed, Stream stream, std::uint32_t substream = 0, std::uint32_t part = 0)
      : Random(seed, static_cast<std::uint32_t>(stream), substream, part) {}

  /// The next 32 random bits.
  std::uint32_t bits();
  /// Uniform in [0, 1), 53 random bits.
  double uniform();
  /// Uniform in [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Standard normal, from one uniform number through the inverse distribution function
  /// (Wichura, algorithm AS 241, 1988).
  double normal();
  /// Uniform integer in [0, bound) without bias (Lemire 2019); bound > 0.
  std::uint32_t below(std::uint32_t bound);

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  unsigned used_ = 4;
};

}  // namespace nabla
