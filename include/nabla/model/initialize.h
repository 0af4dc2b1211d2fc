// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "nabla/base/kinds.h"
#include "nabla/model/network.h"

namespace nabla {

/// Distributions of the initial weights of a layer with n_in inputs and n_out outputs:
/// kGaussian N(0, 1), kLecun N(0, 1/n_in), kGlorot N(0, 2/(n_in+n_out)), kHe N(0, 2/n_in),
/// kUniform U(−1, 1), kZero. kAuto is N(0, gain/n_in), where gain is the layer's
/// ActivationTraits::weight_gain: kHe for 2, kLecun for 1.
enum class Initializer { kAuto, kGaussian, kLecun, kGlorot, kHe, kUniform, kZero };

inline constexpr Named<Initializer> kInitializers[] = {
    {Initializer::kAuto, "auto"},   {Initializer::kGaussian, "gaussian"},
    {Initializer::kLecun, "lecun"}, {Initializer::kGlorot, "glorot"},
    {Initializer::kHe, "he"},       {Initializer::kUniform, "uniform"},
    {Initializer::kZero, "zero"},
};
static_assert(is_complete(kInitializers));

inline constexpr auto kInitializerKinds = kinds_of(kInitializers);
/// All initializers, in the order of the enumeration.
constexpr std::span<const Initializer> all_initializers() { return kInitializerKinds; }

/// The name used in configurations: "auto", "gaussian", …
constexpr std::string_view name_of(Initializer initializer) {
  return row_of(kInitializers, initializer).name;
}
/// The initializer of that name, if there is one.
constexpr std::optional<Initializer> parse_initializer(std::string_view name) {
  return find_kind(kInitializers, name);
}

/// How the biases start: all the same `value`, or drawn from N(0, 1) or U(−1, 1).
struct BiasInitializer {
  enum class Kind { kConstant, kGaussian, kUniform };
  Kind kind = Kind::kConstant;
  double value = 0;
};

/// Draws all parameters from `seed`. The same seed gives the same start for float and double up to
/// rounding, and layer i's start does not depend on the widths of later layers.
template <class T>
void initialize(Network<T>& network, Initializer weights, const BiasInitializer& biases,
                std::uint64_t seed);

}  // namespace nabla
