// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/data/preprocess.h"

namespace nabla {

// These are statistics of each feature over all rows, of which there is at least one, in double
// precision and in the order of the rows. They are infinite or NaN if they are beyond the range of
// double.

/// Returns the mean of each feature; it is exact for a constant feature, as the sum starts from the
/// first row's value.
std::vector<double> column_means(const Dataset& data);

/// Returns the population standard deviation of each feature, given its mean.
std::vector<double> column_deviations(const Dataset& data, const std::vector<double>& means);

struct ColumnBounds {
  std::vector<double> lowest;
  std::vector<double> highest;
};
ColumnBounds column_bounds(const Dataset& data);

struct ColumnRanges {
  std::vector<double> lowest;
  std::vector<double> ranges;  ///< highest − lowest
};
ColumnRanges column_ranges(const Dataset& data);

/// Throws DataError, which begins with the configuration key, if a number is infinite or NaN;
/// `column` is "feature" or "target".
void require_finite_spreads(const std::vector<double>& spreads, const char* key,
                            const char* column);

/// Makes spreads numbers to divide by: 1 replaces 0 and numbers so small that their reciprocal is
/// infinite.
void make_divisors(std::vector<double>& spreads);

/// The formula by which the features x of a row become the inputs of the network.
enum class InputFormula {
  kScaled,      ///< scale · x
  kShifted,     ///< x − shift
  kAffine,      ///< (x − shift) / divisor
  kUnitLength,  ///< x / ‖x‖₂
  kRotated,     ///< components · (x − shift)
};

/// All that is known of a normalisation. A new one is a value of Normalization and a row in
/// normalization.cpp.
struct NormalizationTraits {
  Normalization kind;
  std::string_view name;  ///< in configurations and model files
  InputFormula formula = InputFormula::kScaled;
  double scale = 1;  ///< kScaled: the factor
  /// A feature of 0 becomes an input of 0, whatever the training rows.
  bool keeps_zeros = false;
  /// Sets those of shift, divisor and components that the formula reads, from the training rows.
  /// kRotated keeps so many `components`. Null if the formula reads none. Throws as fit_preprocess
  /// does.
  void (*fit)(const Dataset& train, std::size_t components, Preprocess& result) = nullptr;
};

/// kAuto has a name and nothing else.
const NormalizationTraits& traits_of(Normalization normalization);

}  // namespace nabla
