// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "nabla/math/algorithm.h"

#include "math/kernel_table.h"
#include "math/simd.h"

// The kernels that move parameters: one type per algorithm, whose `moved` gives the new w from w,
// from g, which is the nabla with its penalties, and from its slots, which it brings up to date.
// The list of these types at the end gives them their places in the table of kernels. Internal
// linkage, as in simd.h.
namespace nabla::kernels {

namespace {

struct Sgd {
  static constexpr Algorithm kAlgorithm = Algorithm::kSgd;
  template <class V, class Constants>
  [[gnu::always_inline]] static V moved(V w, V g, V*, const Constants& c) {
    return negative_fma(V::set(c.rate), g, w);
  }
};

struct Momentum {
  static constexpr Algorithm kAlgorithm = Algorithm::kMomentum;
  template <class V, class Constants>
  [[gnu::always_inline]] static V moved(V w, V g, V* slots, const Constants& c) {
    V& v = slots[0];
    v = fma(V::set(c.momentum), v, g);
    return negative_fma(V::set(c.rate), v, w);
  }
};

struct Nesterov {
  static constexpr Algorithm kAlgorithm = Algorithm::kNesterov;
  template <class V, class Constants>
  [[gnu::always_inline]] static V moved(V w, V g, V* slots, const Constants& c) {
    const V mu = V::set(c.momentum);
    V& v = slots[0];
    v = fma(mu, v, g);
    return negative_fma(V::set(c.rate), fma(mu, v, g), w);
  }
};

/// s ← decay · s + share · g².
template <class V, class Constants>
[[gnu::always_inline]] inline V decayed_square(V s, V g, const Constants& c) {
  return fma(V::set(c.new_square) * g, g, V::set(c.square_decay) * s);
}

struct Adagrad {
  static constexpr Algorithm kAlgorithm = Algorithm::kAdagrad;
  template <class V, class Constants>
  [[gnu::always_inline]] static V moved(V w, V g, V* slots, const Constants& c) {
    V& s = slots[0];
    s = fma(g, g, s);
    return negative_fma(V::set(c.rate), g / (sqrt(s) + V::set(c.epsilon)), w);
  }
};

struct Rmsprop {
  static constexpr Algorithm kAlgorithm = Algorithm::kRmsprop;
  template <class V, class Constants>
  [[gnu::always_inline]] static V moved(V w, V g, V* slots, const Constants& c) {
    V& s = slots[0];
    s = decayed_square(s, g, c);
    return negative_fma(V::set(c.rate), g / (sqrt(s) + V::set(c.epsilon)), w);
  }
};

struct Adam {
  static constexpr Algorithm kAlgorithm = Algorithm::kAdam;
  template <class V, class Constants>
  [[gnu::always_inline]] static V moved(V w, V g, V* slots, const Constants& c) {
    V &v = slots[0], &s = slots[1];
    v = fma(V::set(c.new_share), g, V::set(c.momentum) * v);
    s = decayed_square(s, g, c);
    const V root = fma(sqrt(s), V::set(c.root), V::set(c.epsilon));
    return negative_fma(V::set(c.rate), v / root, V::set(c.keep) * w);
  }
};

struct Adamw : Adam {
  static constexpr Algorithm kAlgorithm = Algorithm::kAdamw;
};

template <class... Rules>
struct UpdateRuleList {};
using UpdateRules = UpdateRuleList<Sgd, Momentum, Nesterov, Adagrad, Rmsprop, Adam, Adamw>;

template <class... Rules>
consteval bool has_each_once(UpdateRuleList<Rules...>) {
  for (const AlgorithmTraits& row : kAlgorithms)
    if ((std::size_t{Rules::kAlgorithm == row.kind} + ...) != 1) return false;
  return true;
}
static_assert(has_each_once(UpdateRules()));

/// Returns g, the nabla with its penalties. The sign of 0 is 0.
template <class V, class Constants>
[[gnu::always_inline]] inline V penalised(V nabla, V w, const Constants& c) {
  const V sign = blend(w.v == V::zero().v, V::zero(), copy_sign(V::set(c.l1), w));
  return fma(V::set(c.scale), nabla, fma(V::set(c.l2), w, sign));
}

template <class V, class Rule>
void update(const UpdateConstants<typename V::Element>& c,
            const UpdateRange<typename V::Element>& range) {
  constexpr std::size_t kSlots = traits_of(Rule::kAlgorithm).slots;
  for_each_vector<V>(range.size, [&](std::size_t j, std::size_t count) {
    const V w = load<V>(range.parameters + j, count);
    const V g = penalised(load<V>(range.nabla + j, count), w, c);
    V slots[kMostSlots];
#pragma GCC unroll 4
    for (std::size_t k = 0; k < kSlots; ++k) slots[k] = load<V>(range.slots[k] + j, count);
    const V moved = Rule::moved(w, g, slots, c);
#pragma GCC unroll 4
    for (std::size_t k = 0; k < kSlots; ++k) store(slots[k], range.slots[k] + j, count);
    store(moved, range.parameters + j, count);
  });
}

}  // namespace

}  // namespace nabla::kernels
