// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "math/simd.h"

// exp, expm1, log, log1p and the normal distribution function over Simd; internal linkage as there.
// The polynomials are minimax fits of this project (Remez exchange in 40-digit arithmetic).
namespace nabla::kernels {

namespace {

template <class T>
struct Constants;

template <>
struct Constants<float> {
  static constexpr int kMantissaBits = 23;
  static constexpr float kLog2E = 0x1.715476p+0f;
  // ln 2 in two parts; the first has so few bits that its product with any exponent is exact.
  static constexpr float kLn2High = 0x1.63p-1f, kLn2Low = -0x1.bd0106p-13f;
  // Adding it rounds to an integer n and leaves n + bias in the lowest bits.
  static constexpr float kRound = 0x1.8p23f + 127;
  // Below it exp is zero: the exponent −127 has the bits of zero.
  static constexpr float kExpLowest = -88.0f;
  static constexpr float kExpm1Lowest = -30.0f;  // expm1 is −1 from here on
  static constexpr float kTanhLargest = 20.0f;   // 2|x| from which tanh is 1
  static constexpr float kGeluLargest = 14.5f;   // |x| from which exp(−x²/2) is zero
  static constexpr int kSplitMask = -0x1000;     // keeps 12 bits, whose square is exact
  // (exp(r) − 1 − r) / r² on |r| ≤ ln 2 / 2.
  static constexpr float kExp[] = {0.5f,           0x1.555556p-3f,  0x1.555518p-5f,
                                   0x1.1110ccp-7f, 0x1.6d1186p-10f, 0x1.a1520cp-13f};
  // (atanh(s) / s − 1) / s² as a polynomial in s² on [0, 1/9].
  static constexpr float kAtanh[] = {0x1.555558p-2f, 0x1.9996dp-3f, 0x1.2506a2p-3f, 0x1.b6fc4cp-4f,
                                     0x1.f169c4p-4f};
  // (t + 1.25) Φ(−t) exp(t²/2) in u = (t − k) / (t + k), t in [0, kGeluLargest], k = kTailShift.
  // The factor makes it almost constant for small t, for which rounding u would harm most.
  static constexpr float kTailShift = 3.5f;
  static constexpr float kTail[] = {
      0x1.02a1a4p-1f, -0x1.27ee5p-3f,   0x1.083376p-5f,   0x1.72e7cep-6f,  -0x1.a1b922p-6f,
      0x1.472a0ap-7f, -0x1.c28348p-15f, -0x1.54c1d6p-10f, 0x1.0d8ff8p-13f, 0x1.2efd88p-13f};
  static constexpr float kExponentBias = 127;
};

template <>
struct Constants<double> {
  static constexpr int kMantissaBits = 52;
  static constexpr double kLog2E = 0x1.71547652b82fep+0;
  static constexpr double kLn2High = 0x1.62e42feep-1, kLn2Low = 0x1.a39ef35793c76p-33;
  static constexpr double kRound = 0x1.8p52 + 1023;
  static constexpr double kExpLowest = -709.0;
  static constexpr double kExpm1Lowest = -50.0;
  static constexpr double kTanhLargest = 40.0;
  static constexpr double kGeluLargest = 40.0;
  static constexpr long long kSplitMask = -0x8000000LL;  // keeps 26 bits
  static constexpr double kExp[] = {
      0.5,
      0x1.5555555555557p-3,
      0x1.5555555555555p-5,
      0x1.1111111110072p-7,
      0x1.6c16c16c16984p-10,
      0x1.a01a01ac213e3p-13,
      0x1.a01a01a3371cdp-16,
      0x1.71de017cefe04p-19,
      0x1.27e4e6d5606c2p-22,
      0x1.af4f5f921da86p-26,
      0x1.1f5b5a74381fbp-29,
  };
  static constexpr double kAtanh[] = {
      0x1.5555555555547p-2, 0x1.999999999ddb6p-3, 0x1.24924921a5663p-3, 0x1.c71c73a3f98afp-4,
      0x1.745cc2f178cb2p-4, 0x1.3b1cb84db1f7dp-4, 0x1.1075945220dc3p-4, 0x1.ef0c7253bdb0dp-5,
      0x1.58f618e59a0c1p-5, 0x1.599b8c3686f0cp-4,
  };
  static constexpr double kTailShift = 4.0;
  static constexpr double kTail[] = {
      0x1.fb8d36288361ep-2,  -0x1.1d4ad7c6f13b1p-3,  0x1.7169e9b96108fp-5,   0x1.5dbfe8f51044fp-7,
      -0x1.911b6cec9bbf7p-6, 0x1.0314d6800a38ap-6,   -0x1.3f851dd2b10d2p-8,  -0x1.081296e9bad47p-13,
      0x1.53caa61d4948bp-11, -0x1.bbd6422cfea79p-14, -0x1.527169e1c9a8cp-14, 0x1.77f14b65029f5p-16,
      0x1.a52453e43a2f9p-17, -0x1.e87c1621cffd3p-19, -0x1.4882f3269052p-19,  0x1.e976a1fe027c2p-22,
      0x1.1bc7cfbced688p-21, -0x1.8ba64747bbdb6p-27, -0x1.d349e06d6be9ep-24, -0x1.26de63e58cb3p-26,
      0x1.3150206962d65p-26, 0x1.93f84e402460dp-28,  -0x1.bb6f15dc1aeadp-30, -0x1.ac895dfb1f764p-31,
  };
  static constexpr double kExponentBias = 1023;
};

/// Evaluates a polynomial by Horner's rule; coefficients from the lowest power up.
template <class V, std::size_t N>
[[gnu::always_inline]] inline V polynomial(const typename V::Element (&coefficients)[N], V x) {
  V sum = V::set(coefficients[N - 1]);
#pragma GCC unroll 32
  for (std::size_t i = 1; i < N; ++i) sum = fma(sum, x, V::set(coefficients[N - 1 - i]));
  return sum;
}

/// exp(y) = scale · (1 + fraction), scale a power of two.
template <class V>
struct ReducedExp {
  V scale;
  V fraction;
};

/// exp(y + y_low) for y from kExpLowest to the overflow; |y_low| far below |y|.
template <class V>
[[gnu::always_inline]] inline ReducedExp<V> reduced_exp(V y, V y_low) {
  using C = Constants<typename V::Element>;
  const V shifted = fma(y, V::set(C::kLog2E), V::set(C::kRound));
  const V n = shifted - V::set(C::kRound);
  const V r = negative_fma(n, V::set(C::kLn2High), y) + negative_fma(n, V::set(C::kLn2Low), y_low);
  return {V::from_bits(shifted.bits() << C::kMantissaBits),
          fma(r * r, polynomial<V>(C::kExp, r), r)};
}

/// x exp(y): the last product is by a power of two, so this rounds less than x times exp.
template <class V>
[[gnu::always_inline]] inline V multiply(V x, ReducedExp<V> e) {
  return e.scale * fma(x, e.fraction, x);
}

/// exp(y) for y ≤ 0; zero if the result would be subnormal by a factor of √½ or more.
template <class V>
[[gnu::always_inline]] inline V exp_nonpositive(V y) {
  y = max(V::set(Constants<typename V::Element>::kExpLowest), y);
  const ReducedExp<V> e = reduced_exp(y, V::zero());
  return fma(e.scale, e.fraction, e.scale);
}

/// exp(y) − 1 for y from kExpm1Lowest to the overflow.
template <class V>
[[gnu::always_inline]] inline V expm1(V y) {
  const ReducedExp<V> e = reduced_exp(y, V::zero());
  return fma(e.scale, e.fraction, e.scale - V::set(1));
}

/// 2 atanh(s) for 0 ≤ |s| ≤ 1/3.
template <class V>
[[gnu::always_inline]] inline V twice_atanh(V s) {
  const V twice = s + s, square = s * s;
  return fma(twice * square, polynomial<V>(Constants<typename V::Element>::kAtanh, square), twice);
}

/// log(1 + e) for 0 ≤ e ≤ 1.
template <class V>
[[gnu::always_inline]] inline V log1p_fraction(V e) {
  return twice_atanh(e / (V::set(2) + e));
}

/// log(x) for finite normal x > 0, or NaN.
template <class V>
[[gnu::always_inline]] inline V log_positive(V x) {
  using T = typename V::Element;
  using C = Constants<T>;
  using Bits = typename V::Bits;
  constexpr Bits kMantissa = (Bits{1} << C::kMantissaBits) - 1;
  const V one = V::set(1);
  V mantissa = V::from_bits((x.bits() & kMantissa) | one.bits());
  // The biased exponent in the lowest bits of 2^kMantissaBits is that number plus the exponent.
  const V base = V::set(static_cast<T>(Bits{1} << C::kMantissaBits));
  V exponent =
      V::from_bits((x.bits() >> C::kMantissaBits) | base.bits()) - base - V::set(C::kExponentBias);
  const auto high = mantissa > V::set(static_cast<T>(0x1.6a09e6p0));
  mantissa = blend(high, mantissa * V::set(T(0.5)), mantissa);
  exponent = blend(high, exponent + one, exponent);
  const V fraction = twice_atanh((mantissa - one) / (mantissa + one));
  const V result = fma(exponent, V::set(C::kLn2High), fma(exponent, V::set(C::kLn2Low), fraction));
  return blend(is_nan(x), x, result);
}

/// exp(−t²/2) and Φ(−t) / exp(−t²/2), Φ the normal distribution function, for
/// 0 ≤ t ≤ kGeluLargest.
template <class V>
struct NormalTail {
  ReducedExp<V> exponential;
  V ratio;
};

template <class V>
[[gnu::always_inline]] inline NormalTail<V> normal_tail(V t) {
  using C = Constants<typename V::Element>;
  // t² in two parts: the error of a rounded square would grow in exp by t²/2.
  const V half = V::set(typename V::Element(-0.5));
  const V high = V::from_bits(t.bits() & static_cast<typename V::Bits>(C::kSplitMask));
  const V square = high * high, rest = (t - high) * (t + high);
  const V shift = V::set(C::kTailShift);
  const V u = (t - shift) / (t + shift);
  const V exponent = max(V::set(C::kExpLowest), square * half);
  return {reduced_exp(exponent, rest * half),
          polynomial<V>(C::kTail, u) / (t + V::set(typename V::Element(1.25)))};
}

}  // namespace

}  // namespace nabla::kernels
