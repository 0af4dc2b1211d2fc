// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "math/simd_loops.h"
#include "math/update_rule.h"

// The kernels that move parameters, see update_rule.h. Internal linkage, as in simd.h.
namespace nabla::kernels {

namespace {

/// g, with the penalties. The sign of 0 is 0.
template <class V, class Constants>
[[gnu::always_inline]] inline V penalised(V nabla, V w, const Constants& c) {
  const V sign = blend(w.v == V::zero().v, V::zero(), copy_sign(V::set(c.l1), w));
  return fma(V::set(c.scale), nabla, fma(V::set(c.l2), w, sign));
}

template <class V, UpdateRule kRule>
void update(const UpdateConstants<typename V::Element>& c,
            const UpdateRange<typename V::Element>& range) {
  for_each_vector<V>(range.size, [&](std::size_t j, std::size_t count) {
    const V w = load<V>(range.parameters + j, count);
    const V g = penalised(load<V>(range.nabla + j, count), w, c);
    const V rate = V::set(c.rate);
    V moved;
    if constexpr (kRule == UpdateRule::kPlain) {
      moved = negative_fma(rate, g, w);
    } else if constexpr (kRule == UpdateRule::kMomentum || kRule == UpdateRule::kNesterov) {
      const V mu = V::set(c.momentum);
      const V v = fma(mu, load<V>(range.first + j, count), g);
      store(v, range.first + j, count);
      moved = negative_fma(rate, kRule == UpdateRule::kNesterov ? fma(mu, v, g) : v, w);
    } else if constexpr (kRule == UpdateRule::kAdagrad || kRule == UpdateRule::kRmsprop) {
      const V old = load<V>(range.second + j, count);
      const V s = kRule == UpdateRule::kAdagrad
                      ? fma(g, g, old)
                      : fma(V::set(c.new_square) * g, g, V::set(c.square_decay) * old);
      store(s, range.second + j, count);
      moved = negative_fma(rate, g / (sqrt(s) + V::set(c.epsilon)), w);
    } else {
      const V v = fma(V::set(c.new_share), g, V::set(c.momentum) * load<V>(range.first + j, count));
      const V s = fma(V::set(c.new_square) * g, g,
                      V::set(c.square_decay) * load<V>(range.second + j, count));
      store(v, range.first + j, count);
      store(s, range.second + j, count);
      const V root = fma(sqrt(s), V::set(c.root), V::set(c.epsilon));
      moved = negative_fma(rate, v / root, V::set(c.keep) * w);
    }
    store(moved, range.parameters + j, count);
  });
}

}  // namespace

}  // namespace nabla::kernels
