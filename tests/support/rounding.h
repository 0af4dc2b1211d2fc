// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <gtest/gtest.h>
#include <limits>
#include <type_traits>

/// Bounds on rounding errors that follow from the operands and hold for every order of a sum,
/// instruction set and BLAS.
namespace nabla::testing_support {

/// γ_k = kε / (1 − kε), which bounds the relative error that k roundings leave (Higham, Accuracy
/// and Stability of Numerical Algorithms, 2nd edition, §3.1). ε is twice the unit roundoff u of his
/// formula: the factor of two covers the few operations that a library adds to those of its twin.
template <class T>
long double gamma(std::size_t k) {
  const long double error = static_cast<long double>(k) * std::numeric_limits<T>::epsilon();
  return error / (1 - error);
}

/// A scalar of a naive twin: its value, in long double, and a bound on the error of the same value
/// computed in T (running error analysis: Higham, §3.3). Values are sums of terms. A sum of k terms
/// x_i, each itself off by at most e_i, is off by at most Σe_i + γ_k Σ|x_i| in whatever order they
/// are added (§4.2); a product or quotient adds ε of itself to what its factors bring; a function f
/// passes on |f'| e and adds a few ε of f. Products of two errors are left out except in products.
template <class T>
class Rounded {
 public:
  Rounded() : terms_(0) {}
  /// Makes an exact number.
  Rounded(long double value) : value_(value), size_(std::abs(value)) {}
  Rounded(long double value, long double error)
      : value_(value), inherited_(error), size_(std::abs(value)) {}

  /// Makes a number of a wider type, rounded once to T.
  static Rounded converted(long double value) {
    return {value, std::numeric_limits<T>::epsilon() * std::abs(value)};
  }
  template <class U>
  static Rounded converted(const Rounded<U>& x) {
    return {x.value(), x.error() + std::numeric_limits<T>::epsilon() * std::abs(x.value())};
  }

  long double value() const { return value_; }
  long double error() const {
    return terms_ < 2 ? inherited_ : inherited_ + gamma<T>(terms_) * size_;
  }

  /// Returns whether |value| exceeds its error, so that its sign is known.
  bool has_sign() const { return std::abs(value_) > error(); }

  friend Rounded operator+(const Rounded& a, const Rounded& b) {
    Rounded sum(a.value_ + b.value_, a.inherited_ + b.inherited_);
    sum.size_ = a.size_ + b.size_;
    sum.terms_ = a.terms_ + b.terms_;
    return sum;
  }
  Rounded operator-() const {
    Rounded negative = *this;
    negative.value_ = -value_;
    return negative;
  }
  friend Rounded operator-(const Rounded& a, const Rounded& b) { return a + -b; }
  friend Rounded operator*(const Rounded& a, const Rounded& b) {
    const long double x = a.error(), y = b.error(), product = a.value_ * b.value_;
    return {product,
            std::abs(a.value_) * y + std::abs(b.value_) * x + x * y + kEpsilon * std::abs(product)};
  }
  friend Rounded operator/(const Rounded& a, const Rounded& b) {
    const long double quotient = a.value_ / b.value_;
    return {quotient, (a.error() + std::abs(quotient) * b.error()) / std::abs(b.value_) +
                          kEpsilon * std::abs(quotient)};
  }
  Rounded& operator+=(const Rounded& x) { return *this = *this + x; }
  Rounded& operator-=(const Rounded& x) { return *this = *this - x; }
  Rounded& operator*=(const Rounded& x) { return *this = *this * x; }
  Rounded& operator/=(const Rounded& x) { return *this = *this / x; }

  /// Returns f(x) from its value and its slope there. The library's functions are off by up to 4
  /// units in the last place (tests/math/elementwise_test.cpp), each at most ε of the value.
  static Rounded function(const Rounded& x, long double value, long double slope) {
    return {value, std::abs(slope) * x.error() + 4 * kEpsilon * std::abs(value)};
  }
  friend Rounded exp(const Rounded& x) {
    const long double value = std::exp(x.value_);
    return function(x, value, value);
  }
  friend Rounded log(const Rounded& x) { return function(x, std::log(x.value_), 1 / x.value_); }
  friend Rounded sqrt(const Rounded& x) {
    const long double root = std::sqrt(x.value_);
    return root > 0 ? function(x, root, 0.5L / root) : Rounded(0, std::sqrt(x.error()));
  }
  friend Rounded abs(const Rounded& x) { return x.value_ < 0 ? -x : x; }

  friend bool operator<(const Rounded& a, const Rounded& b) { return a.value_ < b.value_; }
  friend bool operator>(const Rounded& a, const Rounded& b) { return b < a; }

 private:
  static constexpr long double kEpsilon = std::numeric_limits<T>::epsilon();

  long double value_ = 0;
  long double inherited_ = 0;  ///< the sum of the terms' own errors
  long double size_ = 0;       ///< Σ|terms|
  std::size_t terms_ = 1;
};

/// Returns |actual − expected| in units of the bound on its rounding error: at most 1 if they
/// differ by rounding alone. NaN, which no comparison passes, stays NaN.
template <class T>
double rounding_share(std::type_identity_t<T> actual, const Rounded<T>& expected) {
  const long double difference = std::abs(actual - expected.value());
  return difference == 0 ? 0 : static_cast<double>(difference / expected.error());
}

/// Expects, as in EXPECT_PRED_FORMAT2(IsRounded, actual, expected), that `actual` is `expected` up
/// to rounding.
template <class T>
testing::AssertionResult IsRounded(const char* actual_text, const char* expected_text,
                                   const T& actual, const Rounded<T>& expected) {
  if (rounding_share<T>(actual, expected) <= 1) return testing::AssertionSuccess();
  return testing::AssertionFailure()
         << actual_text << " is " << actual << " and differs from " << expected_text << ", "
         << expected.value() << ", by " << std::abs(actual - expected.value())
         << ", but rounding explains " << expected.error();
}

}  // namespace nabla::testing_support

#define EXPECT_ROUNDED(actual, expected) \
  EXPECT_PRED_FORMAT2(::nabla::testing_support::IsRounded, actual, expected)
#define ASSERT_ROUNDED(actual, expected) \
  ASSERT_PRED_FORMAT2(::nabla::testing_support::IsRounded, actual, expected)
