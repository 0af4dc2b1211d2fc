// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>

#include "nabla/math/activation.h"

/// The elementwise activations by their definitions, in long double.
namespace nabla::testing_support {

inline long double normal_distribution(long double z) {
  return std::erfc(-z / std::sqrt(2.0L)) / 2;
}

inline long double normal_density(long double z) {
  return std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0L));
}

inline long double logistic(long double z) {
  return z > 0 ? 1 / (1 + std::exp(-z)) : std::exp(z) / (1 + std::exp(z));
}

/// That of scaled-tanh, 1.7159 rounded to float.
inline constexpr long double kHeight = 1.7159F;

inline long double exact(Activation activation, long double z) {
  switch (activation) {
    case Activation::kSigmoid:
      return logistic(z);
    case Activation::kTanh:
      return std::tanh(z);
    case Activation::kScaledTanh:
      return kHeight * std::tanh(z * 2 / 3);
    case Activation::kRelu:
      return std::max(z, 0.0L);
    case Activation::kLeakyRelu:
      return z > 0 ? z : z * 0.01L;
    case Activation::kElu:
      return z > 0 ? z : std::expm1(z);
    case Activation::kGelu:
      return z * normal_distribution(z);
    case Activation::kSilu:
      return z * logistic(z);
    case Activation::kSoftplus:
      return std::max(z, 0.0L) + std::log1p(std::exp(-std::abs(z)));
    case Activation::kIdentity:
      return z;
    case Activation::kSoftmax:
      break;
  }
  return NAN;
}

/// Returns f' as a function of z if the activation needs z, otherwise as one of a = f(z).
inline long double exact_derivative(Activation activation, long double a_or_z) {
  const long double a = a_or_z, z = a_or_z;
  switch (activation) {
    case Activation::kSigmoid:
      return a * (1 - a);
    case Activation::kTanh:
      return (1 - a) * (1 + a);
    case Activation::kScaledTanh:
      return (kHeight - a) * (kHeight + a) * 2 / (3 * kHeight);
    case Activation::kRelu:
      return a > 0 ? 1 : 0;
    case Activation::kLeakyRelu:
      return a > 0 ? 1 : 0.01L;
    case Activation::kElu:
      return a > 0 ? 1 : a + 1;
    case Activation::kGelu:
      return normal_distribution(z) + z * normal_density(z);
    case Activation::kSilu:
      return logistic(z) * (1 + z * logistic(-z));
    case Activation::kSoftplus:
      return -std::expm1(-a);
    case Activation::kIdentity:
      return 1;
    case Activation::kSoftmax:
      break;
  }
  return NAN;
}

}  // namespace nabla::testing_support
