// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/option.h"
#include "config/ini_file.h"

namespace nabla {

/// How `nabla sweep` chooses its trials.
enum class SweepMethod {
  kGrid,     ///< every combination of the alternatives, the first key slowest
  kRandom,   ///< each trial draws every key anew
  kHalving,  ///< as random; all trials train shortly, and the best third of them goes on
};

/// The score by which `nabla sweep` ranks its trials.
enum class SweepScore {
  kValidation,  ///< of the model that each leaves: on validation, else test, else training rows
  kCrossval,    ///< the mean of a cross-validation of each
};

/// The numbers that a key is drawn from.
struct SweptRange {
  enum class Kind {
    kUniform,     ///< [low, high)
    kLogUniform,  ///< [low, high), the logarithm uniform
    kInteger,     ///< whole numbers from low to high, both included
  };
  Kind kind;
  double low;
  double high;

  bool operator==(const SweptRange&) const = default;
};

/// A key that takes another value in each trial.
struct SweptKey {
  std::string key;  ///< "network.hidden"
  /// Values as the key's option writes them; empty if there is a range.
  std::vector<std::string> alternatives;
  std::optional<SweptRange> range;

  bool operator==(const SweptKey&) const = default;
};

/// The most trials of one sweep.
inline constexpr std::size_t kMostTrials = 100'000;

/// The section [sweep].
struct SweepOptions {
  SweepMethod method = SweepMethod::kGrid;
  /// Trials of random and halving, at least 1.
  std::size_t trials = 20;
  /// Trials that run side by side; 0: chosen by their size.
  std::size_t parallel = 0;
  std::uint64_t seed = 1;
  SweepScore score = SweepScore::kValidation;
  /// In the order they are given in; none twice.
  std::vector<SweptKey> keys;
};

std::string_view name_of(SweepMethod method);
std::string_view name_of(SweepScore score);

/// The rows of the option table but for the swept keys.
const OptionRows<SweepOptions>& sweep_rows();

/// Throws ConfigError naming the first key that contradicts another whatever the rest of the
/// configuration is; it begins with "sweep.".
void validate(const SweepOptions& options);

/// "train.epochs" of the setting key "sweep.train.epochs"; empty for "sweep.trials" and for keys of
/// other sections.
std::string_view swept_name(std::string_view setting_key);

/// The alternatives (separated by ';') or the range (`uniform(a,b)`, `loguniform(a,b)`,
/// `integer(a,b)`) of a setting "sweep.<section.key>", each value read by that key's own option.
/// Throws ConfigError without place for an unknown key, a key that no sweep can vary, and values
/// that the key does not take.
SweptKey parse_swept_key(const Setting& setting);

/// The text that parse_swept_key reads back to the same.
std::string write_swept_key(const SweptKey& key);

}  // namespace nabla
