// SPDX-License-Identifier: MIT
#include "run/amdahl.h"

#include <algorithm>
#include <cmath>

namespace nabla {

std::optional<SerialFraction> fit_amdahl(std::span<const ThreadTime> measured) {
  const auto count = static_cast<double>(measured.size());
  double mean_x = 0;
  double mean_t = 0;
  for (const auto& [threads, time] : measured) {
    mean_x += 1 / threads / count;
    mean_t += time / count;
  }
  double xx = 0;
  double xt = 0;
  double tt = 0;
  for (const auto& [threads, time] : measured) {
    const double x = 1 / threads - mean_x;
    const double t = time - mean_t;
    xx += x * x;
    xt += x * t;
    tt += t * t;
  }
  const bool varies = std::ranges::any_of(
      measured, [&](const ThreadTime& m) { return m.threads != measured.front().threads; });
  if (!varies) return std::nullopt;

  // T(n) = serial + parallel/n
  const double parallel = xt / xx;
  const double serial = mean_t - parallel * mean_x;
  const double one = serial + parallel;
  if (!(one > 0)) return std::nullopt;
  SerialFraction fraction{serial / one, std::nullopt};
  if (measured.size() > 2) {
    const double variance = std::max(0.0, tt - parallel * xt) / (count - 2);
    const double serial_variance = variance * (1 / count + mean_x * mean_x / xx);
    const double parallel_variance = variance / xx;
    const double covariance = -variance * mean_x / xx;
    // ∂s/∂serial = parallel/one², ∂s/∂parallel = −serial/one²
    const double sum = parallel * parallel * serial_variance + serial * serial * parallel_variance -
                       2 * serial * parallel * covariance;
    fraction.error = std::sqrt(std::max(0.0, sum)) / (one * one);
  }
  return fraction;
}

}  // namespace nabla
