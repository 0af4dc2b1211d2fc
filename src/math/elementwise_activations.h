// SPDX-License-Identifier: MIT
#pragma once

#include "math/simd_functions.h"

// One type per activation: apply(z) is f(z), derivative(a) is f' as a function of a = f(z), for
// gelu of z. Internal linkage, as in simd.h.
namespace nabla::kernels {

namespace {

template <class V>
[[gnu::always_inline]] inline V positive_part(V x) {
  return max(V::zero(), x);
}

struct Identity {
  template <class V>
  [[gnu::always_inline]] static V apply(V z) {
    return z;
  }
};

struct Sigmoid {
  /// exp(−|z|) never overflows, and 1 / (1 + e) or e / (1 + e) never cancels.
  template <class V>
  [[gnu::always_inline]] static V apply(V z) {
    const V one = V::set(1), e = exp_nonpositive(negative_abs(z));
    return blend(z > V::zero(), one, e) / (one + e);
  }
  template <class V>
  [[gnu::always_inline]] static V derivative(V a) {
    return a * (V::set(1) - a);
  }
};

struct Tanh {
  /// t / (t + 2) with t = exp(2|z|) − 1, which keeps its digits near zero.
  template <class V>
  [[gnu::always_inline]] static V apply(V z) {
    using C = Constants<typename V::Element>;
    const V magnitude = abs(z);
    const V t = expm1(min(V::set(C::kTanhLargest), magnitude + magnitude));
    return copy_sign(t / (t + V::set(2)), z);
  }
  template <class V>
  [[gnu::always_inline]] static V derivative(V a) {
    return (V::set(1) - a) * (V::set(1) + a);
  }
};

struct Relu {
  template <class V>
  [[gnu::always_inline]] static V apply(V z) {
    return positive_part(z);
  }
  template <class V>
  [[gnu::always_inline]] static V derivative(V a) {
    return blend(is_nan(a), a, blend(a > V::zero(), V::set(1), V::zero()));
  }
};

struct LeakyRelu {
  template <class V>
  [[gnu::always_inline]] static V apply(V z) {
    return blend(z > V::zero(), z, z * slope<V>());
  }
  template <class V>
  [[gnu::always_inline]] static V derivative(V a) {
    return blend(is_nan(a), a, blend(a > V::zero(), V::set(1), slope<V>()));
  }
  template <class V>
  [[gnu::always_inline]] static V slope() {
    return V::set(static_cast<typename V::Element>(0.01));
  }
};

struct Elu {
  template <class V>
  [[gnu::always_inline]] static V apply(V z) {
    const V lowest = V::set(Constants<typename V::Element>::kExpm1Lowest);
    return blend(z > V::zero(), z, expm1(max(lowest, z)));
  }
  template <class V>
  [[gnu::always_inline]] static V derivative(V a) {
    return blend(a > V::zero(), V::set(1), a + V::set(1));
  }
};

struct Softplus {
  template <class V>
  [[gnu::always_inline]] static V apply(V z) {
    return positive_part(z) + log1p_fraction(exp_nonpositive(negative_abs(z)));
  }
  template <class V>
  [[gnu::always_inline]] static V derivative(V a) {
    const V lowest = V::set(Constants<typename V::Element>::kExpm1Lowest);
    return V::zero() - expm1(max(lowest, V::zero() - a));
  }
};

struct Gelu {
  /// z Φ(z) = max(z, 0) − |z| Φ(−|z|).
  template <class V>
  [[gnu::always_inline]] static V apply(V z) {
    const V t = min(V::set(Constants<typename V::Element>::kGeluLargest), abs(z));
    const NormalTail<V> tail = normal_tail(t);
    return positive_part(z) - multiply(t * tail.ratio, tail.exponential);
  }
  /// Φ(z) + z φ(z); with D = Φ(−t) − t φ(t), t = |z|, it is D for negative z, else 1 − D.
  template <class V>
  [[gnu::always_inline]] static V derivative(V z) {
    using T = typename V::Element;
    const V t = min(V::set(Constants<T>::kGeluLargest), abs(z));
    const NormalTail<V> tail = normal_tail(t);
    const V inverse_root_two_pi = V::set(static_cast<T>(0.39894228040143267794));
    const V d = multiply(negative_fma(t, inverse_root_two_pi, tail.ratio), tail.exponential);
    return blend(z > V::zero(), V::set(1) - d, d);
  }
};

}  // namespace

}  // namespace nabla::kernels
