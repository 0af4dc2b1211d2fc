// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "nabla/math/activation.h"

#include "math/simd_functions.h"

// One type per elementwise activation: apply(z) is f(z); f' is derivative_of_a(a), a = f(z), or
// derivative_of_z(z) if the activation needs z. The list of these types at the end gives them their
// places in the table of kernels. Internal linkage, as in simd.h.
namespace nabla::kernels {

namespace {

template <class V>
[[gnu::always_inline]] inline V positive_part(V x) {
  return max(V::zero(), x);
}

struct Sigmoid {
  static constexpr Activation kActivation = Activation::kSigmoid;
  /// exp(−|z|) never overflows, and 1 / (1 + e) or e / (1 + e) never cancels.
  template <class V>
  [[gnu::always_inline]] static V apply(V z) {
    const V one = V::set(1), e = exp_nonpositive(negative_abs(z));
    return blend(z > V::zero(), one, e) / (one + e);
  }
  template <class V>
  [[gnu::always_inline]] static V derivative_of_a(V a) {
    return a * (V::set(1) - a);
  }
};

struct Tanh {
  static constexpr Activation kActivation = Activation::kTanh;
  /// |tanh(z)| is t / (t + 2) with t = exp(2|z|) − 1, which keeps its digits near zero.
  template <class V>
  [[gnu::always_inline]] static V apply(V z) {
    using C = Constants<typename V::Element>;
    const V magnitude = abs(z);
    const V t = expm1(min(V::set(C::kTanhLargest), magnitude + magnitude));
    return copy_sign(t / (t + V::set(2)), z);
  }
  template <class V>
  [[gnu::always_inline]] static V derivative_of_a(V a) {
    return (V::set(1) - a) * (V::set(1) + a);
  }
};

struct ScaledTanh {
  static constexpr Activation kActivation = Activation::kScaledTanh;
  template <class V>
  [[gnu::always_inline]] static V apply(V z) {
    return height<V>() * Tanh::apply(z * constant<V>(kScaledTanhSlope));
  }
  /// With h the height and s the slope: h s (1 − (a/h)²) = s/h (h − a) (h + a).
  template <class V>
  [[gnu::always_inline]] static V derivative_of_a(V a) {
    return constant<V>(kScaledTanhSlope / kScaledTanhHeight) * (height<V>() - a) *
           (height<V>() + a);
  }
  template <class V>
  [[gnu::always_inline]] static V height() {
    return constant<V>(kScaledTanhHeight);
  }
  template <class V>
  [[gnu::always_inline]] static V constant(double value) {
    return V::set(static_cast<typename V::Element>(value));
  }
};

struct Relu {
  static constexpr Activation kActivation = Activation::kRelu;
  template <class V>
  [[gnu::always_inline]] static V apply(V z) {
    return positive_part(z);
  }
  template <class V>
  [[gnu::always_inline]] static V derivative_of_a(V a) {
    return blend(is_nan(a), a, blend(a > V::zero(), V::set(1), V::zero()));
  }
};

struct LeakyRelu {
  static constexpr Activation kActivation = Activation::kLeakyRelu;
  template <class V>
  [[gnu::always_inline]] static V apply(V z) {
    return blend(z > V::zero(), z, z * slope<V>());
  }
  template <class V>
  [[gnu::always_inline]] static V derivative_of_a(V a) {
    return blend(is_nan(a), a, blend(a > V::zero(), V::set(1), slope<V>()));
  }
  template <class V>
  [[gnu::always_inline]] static V slope() {
    return V::set(static_cast<typename V::Element>(0.01));
  }
};

struct Elu {
  static constexpr Activation kActivation = Activation::kElu;
  template <class V>
  [[gnu::always_inline]] static V apply(V z) {
    const V lowest = V::set(Constants<typename V::Element>::kExpm1Lowest);
    return blend(z > V::zero(), z, expm1(max(lowest, z)));
  }
  template <class V>
  [[gnu::always_inline]] static V derivative_of_a(V a) {
    return blend(a > V::zero(), V::set(1), a + V::set(1));
  }
};

struct Gelu {
  static constexpr Activation kActivation = Activation::kGelu;
  /// z Φ(z) = max(z, 0) − |z| Φ(−|z|).
  template <class V>
  [[gnu::always_inline]] static V apply(V z) {
    const V t = min(V::set(Constants<typename V::Element>::kGeluLargest), abs(z));
    const NormalTail<V> tail = normal_tail(t);
    return positive_part(z) - multiply(t * tail.ratio, tail.exponential);
  }
  /// Φ(z) + z φ(z); with D = Φ(−t) − t φ(t), t = |z|, it is D for negative z, else 1 − D.
  template <class V>
  [[gnu::always_inline]] static V derivative_of_z(V z) {
    using T = typename V::Element;
    const V t = min(V::set(Constants<T>::kGeluLargest), abs(z));
    const NormalTail<V> tail = normal_tail(t);
    const V inverse_root_two_pi = V::set(static_cast<T>(0.39894228040143267794));
    const V d = multiply(negative_fma(t, inverse_root_two_pi, tail.ratio), tail.exponential);
    return blend(z > V::zero(), V::set(1) - d, d);
  }
};

struct Silu {
  static constexpr Activation kActivation = Activation::kSilu;
  /// With y = −|z| and e = exp(y) it is y e / (1 + e) for negative z, else z / (1 + e).
  template <class V>
  [[gnu::always_inline]] static V apply(V z) {
    const Exponential<V> e(negative_abs(z));
    return blend(z > V::zero(), z, e.times(e.y)) / (V::set(1) + e.value());
  }
  /// σ(z) (1 + z (1 − σ(z))) is (1 + y + e) e / (1 + e)² for negative z, else
  /// (1 + (1 − y) e) / (1 + e)².
  template <class V>
  [[gnu::always_inline]] static V derivative_of_z(V z) {
    const Exponential<V> e(negative_abs(z));
    const V one = V::set(1), value = e.value();
    const V divisor = fma(value, V::set(2) + value, one);
    return blend(z > V::zero(), one + e.times(one - e.y), e.times(one + e.y + value)) / divisor;
  }

  /// exp(y) for y ≤ 0 as a square, whose factors do not underflow unless x exp(y) does.
  template <class V>
  struct Exponential {
    V y;
    ReducedExp<V> root;  ///< exp(y) = root.scale² · (1 + root.fraction)

    [[gnu::always_inline]] explicit Exponential(V argument)
        : y(max(V::set(2 * Constants<typename V::Element>::kExpLowest), argument)),
          root(reduced_exp(y * V::set(typename V::Element(0.5)), V::zero())) {
      root.fraction = fma(root.fraction, root.fraction, root.fraction + root.fraction);
    }
    /// x exp(y)
    [[gnu::always_inline]] V times(V x) const {
      return root.scale * (root.scale * fma(x, root.fraction, x));
    }
    [[gnu::always_inline]] V value() const { return times(V::set(1)); }
  };
};

struct Softplus {
  static constexpr Activation kActivation = Activation::kSoftplus;
  template <class V>
  [[gnu::always_inline]] static V apply(V z) {
    return positive_part(z) + log1p_fraction(exp_nonpositive(negative_abs(z)));
  }
  template <class V>
  [[gnu::always_inline]] static V derivative_of_a(V a) {
    const V lowest = V::set(Constants<typename V::Element>::kExpm1Lowest);
    return V::zero() - expm1(max(lowest, V::zero() - a));
  }
};

struct Identity {
  static constexpr Activation kActivation = Activation::kIdentity;
  template <class V>
  [[gnu::always_inline]] static V apply(V z) {
    return z;
  }
  template <class V>
  [[gnu::always_inline]] static V derivative_of_a(V) {
    return V::set(1);
  }
};

template <class... Functions>
struct ActivationList {};
using ElementwiseActivations =
    ActivationList<Sigmoid, Tanh, ScaledTanh, Relu, LeakyRelu, Elu, Gelu, Silu, Softplus, Identity>;

template <class... Functions>
consteval bool has_each_once(ActivationList<Functions...>) {
  for (const ActivationTraits& row : kActivations) {
    const std::size_t times = (std::size_t{Functions::kActivation == row.kind} + ...);
    if (times != std::size_t{row.is_elementwise()}) return false;
  }
  return true;
}
static_assert(has_each_once(ElementwiseActivations()));

}  // namespace

}  // namespace nabla::kernels
