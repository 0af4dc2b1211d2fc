// SPDX-License-Identifier: MIT
#include "nabla/base/random.h"

#include <cassert>
#include <cmath>

namespace nabla {

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key) {
  constexpr std::uint64_t kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
  constexpr std::uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = kMultiplier0 * counter[0];
    const std::uint64_t product1 = kMultiplier1 * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key[0],
               static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key[1],
               static_cast<std::uint32_t>(product0)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return counter;
}

Random::Random(std::uint64_t seed, std::uint32_t stream, std::uint32_t substream,
               std::uint32_t part)
    : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
      counter_{0, part, substream, stream} {}

std::uint32_t Random::bits() {
  if (used_ == 4) {
    block_ = philox4x32(counter_, key_);
    if (++counter_[0] == 0) ++counter_[1];
    used_ = 0;
  }
  return block_[used_++];
}

double Random::uniform() {
  const std::uint64_t high = bits() >> 5;
  const std::uint64_t low = bits() >> 6;
  return static_cast<double>((high << 26) | low) * 0x1p-53;
}

std::uint32_t Random::below(std::uint32_t bound) {
  assert(bound > 0);
  std::uint64_t product = std::uint64_t{bits()} * bound;
  if (static_cast<std::uint32_t>(product) < bound) {
    const std::uint32_t threshold = -bound % bound;
    while (static_cast<std::uint32_t>(product) < threshold) product = std::uint64_t{bits()} * bound;
  }
  return static_cast<std::uint32_t>(product >> 32);
}

namespace {

/// Evaluates a polynomial by Horner's rule; coefficients from the highest power down.
template <std::size_t N>
double polynomial(const double (&coefficients)[N], double x) {
  double sum = coefficients[0];
  for (std::size_t i = 1; i < N; ++i) sum = sum * x + coefficients[i];
  return sum;
}

}  // namespace

double Random::normal() {
  // 52 bits and a half step keep the argument inside (0, 1), symmetric about one half.
  const double p = (std::floor(uniform() * 0x1p52) + 0.5) * 0x1p-52;
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) {
    constexpr double kNumerator[] = {
        2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
        13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608};
    constexpr double kDenominator[] = {
        5226.495278852545925,  28729.085735721942674, 39307.89580009271061,  21213.794301586595867,
        5394.1960214247511077, 687.1870074920579083,  42.313330701600911252, 1.0};
    const double r = 0.180625 - q * q;
    return q * polynomial(kNumerator, r) / polynomial(kDenominator, r);
  }
  double r = std::sqrt(-std::log(q < 0 ? p : 1.0 - p));
  double magnitude;
  if (r <= 5.0) {
    constexpr double kNumerator[] = {7.7454501427834140764e-4, .0227238449892691845833,
                                     .24178072517745061177,    1.27045825245236838258,
                                     3.64784832476320460504,   5.7694972214606914055,
                                     4.6303378461565452959,    1.42343711074968357734};
    constexpr double kDenominator[] = {1.05075007164441684324e-9, 5.475938084995344946e-4,
                                       .0151986665636164571966,   .14810397642748007459,
                                       .68976733498510000455,     1.6763848301838038494,
                                       2.05319162663775882187,    1.0};
    r -= 1.6;
    magnitude = polynomial(kNumerator, r) / polynomial(kDenominator, r);
  } else {
    constexpr double kNumerator[] = {2.01033439929228813265e-7, 2.71155556874348757815e-5,
                                     .0012426609473880784386,   .026532189526576123093,
                                     .29656057182850489123,     1.7848265399172913358,
                                     5.4637849111641143699,     6.6579046435011037772};
    constexpr double kDenominator[] = {2.04426310338993978564e-15, 1.4215117583164458887e-7,
                                       1.8463183175100546818e-5,   7.868691311456132591e-4,
                                       .0148753612908506148525,    .13692988092273580531,
                                       .59983220655588793769,      1.0};
    r -= 5.0;
    magnitude = polynomial(kNumerator, r) / polynomial(kDenominator, r);
  }
  return q < 0 ? -magnitude : magnitude;
}

}  // namespace nabla
