// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace nabla::kernels {

/// How a parameter w moves, given g = scale · nabla + l2 · w + l1 · sign(w); `first` and `second`
/// are what the rule remembers of earlier steps. As in PyTorch's torch.optim.
enum class UpdateRule {
  kPlain,     ///< w ← w − η g
  kMomentum,  ///< v ← μ v + g, w ← w − η v
  kNesterov,  ///< v ← μ v + g, w ← w − η (g + μ v)
  kAdagrad,   ///< s ← s + g², w ← w − η g / (√s + ε)
  kRmsprop,   ///< s ← β₂ s + (1 − β₂) g², w ← w − η g / (√s + ε)
  kAdam,  ///< v ← β₁ v + (1 − β₁) g, s ← β₂ s + (1 − β₂) g², w ← keep w − η v / (√s · root + ε)
};
inline constexpr std::size_t kUpdateRules = 6;

/// The constants of one step.
template <class T>
struct UpdateConstants {
  T scale;         ///< of the nabla: 1/m, and less where it is clipped
  T l1, l2;        ///< penalties
  T rate;          ///< η; adam: divided by 1 − β₁ᵗ
  T momentum;      ///< μ or β₁
  T new_share;     ///< 1 − β₁
  T square_decay;  ///< α or β₂
  T new_square;    ///< 1 − α or 1 − β₂
  T root;          ///< adam: 1 / √(1 − β₂ᵗ)
  T epsilon;
  T keep;  ///< adamw: 1 − η · weight-decay; else 1
};

/// The parameters of one call and what belongs to them. `first` holds v, `second` s; null where the
/// rule has none.
template <class T>
struct UpdateRange {
  const T* nabla;
  T* parameters;
  T* first;
  T* second;
  std::size_t size;
};

}  // namespace nabla::kernels
