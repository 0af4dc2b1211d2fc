// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "nabla/base/kinds.h"

namespace nabla {

/// The rules by which an optimiser moves a parameter w, as PyTorch's torch.optim defines them,
/// given g = nabla + l2·w + l1·sign(w) and the learning rate η. v and s start at 0, t counts the
/// steps from 1; the other letters are fields of OptimizerOptions. src/math/update_kernels.h has
/// the kernels.
enum class Algorithm {
  kSgd,       ///< w ← w − η g
  kMomentum,  ///< v ← μ v + g, w ← w − η v
  kNesterov,  ///< v ← μ v + g, w ← w − η (g + μ v)
  kAdagrad,   ///< s ← s + g², w ← w − η g / (√s + ε)
  kRmsprop,   ///< s ← α s + (1 − α) g², w ← w − η g / (√s + ε)
  /// v ← β₁ v + (1 − β₁) g, s ← β₂ s + (1 − β₂) g²,
  /// w ← w − η v / (1 − β₁ᵗ) / (√(s / (1 − β₂ᵗ)) + ε)
  kAdam,
  kAdamw,  ///< as adam, with (1 − η · weight_decay) w instead of w for weights
};

/// All that is known of an algorithm but its kernel.
struct AlgorithmTraits {
  Algorithm kind;
  std::string_view name;  ///< in configurations
  /// The learning rate if none is given.
  double default_rate = 0.01;
  /// Arrays as long as the parameters that it keeps from step to step: v before s.
  std::size_t slots = 0;
  /// Whether a step without penalties is w ← w − η g, so that a product can make it.
  bool is_plain = false;
  /// The constants of OptimizerOptions that it has.
  bool has_momentum = false;
  bool has_betas = false;  ///< β₁ and β₂, with the division by 1 − β₁ᵗ and by 1 − β₂ᵗ
  bool has_epsilon = false;
  bool has_decay = false;
  bool has_weight_decay = false;
};

inline constexpr AlgorithmTraits kAlgorithms[] = {
    {.kind = Algorithm::kSgd, .name = "sgd", .default_rate = 0.1, .is_plain = true},
    {.kind = Algorithm::kMomentum, .name = "momentum", .slots = 1, .has_momentum = true},
    {.kind = Algorithm::kNesterov, .name = "nesterov", .slots = 1, .has_momentum = true},
    {.kind = Algorithm::kAdagrad, .name = "adagrad", .slots = 1, .has_epsilon = true},
    {.kind = Algorithm::kRmsprop,
     .name = "rmsprop",
     .default_rate = 0.001,
     .slots = 1,
     .has_epsilon = true,
     .has_decay = true},
    {.kind = Algorithm::kAdam,
     .name = "adam",
     .default_rate = 0.001,
     .slots = 2,
     .has_betas = true,
     .has_epsilon = true},
    {.kind = Algorithm::kAdamw,
     .name = "adamw",
     .default_rate = 0.001,
     .slots = 2,
     .has_betas = true,
     .has_epsilon = true,
     .has_weight_decay = true},
};
static_assert(is_complete(kAlgorithms));

/// The most slots that an algorithm has.
inline constexpr std::size_t kMostSlots = [] {
  std::size_t most = 0;
  for (const AlgorithmTraits& row : kAlgorithms) most = row.slots > most ? row.slots : most;
  return most;
}();

constexpr const AlgorithmTraits& traits_of(Algorithm algorithm) {
  return row_of(kAlgorithms, algorithm);
}

inline constexpr auto kAlgorithmKinds = kinds_of(kAlgorithms);
/// All algorithms, in the order of the enumeration.
constexpr std::span<const Algorithm> all_algorithms() { return kAlgorithmKinds; }

/// The name used in configurations: "sgd", "momentum", …
constexpr std::string_view name_of(Algorithm algorithm) { return traits_of(algorithm).name; }
/// The algorithm of that name, if there is one.
constexpr std::optional<Algorithm> parse_algorithm(std::string_view name) {
  return find_kind(kAlgorithms, name);
}

}  // namespace nabla
