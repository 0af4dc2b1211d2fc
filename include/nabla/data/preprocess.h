// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "nabla/data/dataset.h"

namespace nabla {

struct DataOptions;

/// How the features x of a row become inputs of the network (data.normalize). Minima, means and
/// deviations are those of each feature over the training rows.
enum class Normalization {
  kAuto,         ///< left to the rows, see resolved
  kNone,         ///< x
  kScale,        ///< x / 255
  kSymmetric,    ///< (x − 127.5) / 127.5
  kMinmax,       ///< (x − minimum) / range
  kMaxAbs,       ///< x / largest magnitude
  kCenter,       ///< x − mean
  kStandardize,  ///< (x − mean) / population standard deviation
  kUnit,         ///< x / ‖x‖₂; a row of zeros stays
  kPca,          ///< components · (x − mean)
  kWhiten,       ///< the same with components divided by √(eigenvalue + 1e-5)
};

/// All normalisations, in the order of the enumeration.
std::span<const Normalization> all_normalizations();
/// What kAuto becomes for these training rows, and any other normalisation as it is: kScale for
/// uint8 data and for a table of at least 64 features without categories, all of them whole numbers
/// from 0 to 255 and not all below 2; kStandardize for other tables; else kNone.
Normalization resolved(Normalization normalization, const Dataset& train);
/// The name used in configurations and model files: "none", "scale", …
std::string_view name_of(Normalization normalization);
/// The normalisation of that name, if there is one.
std::optional<Normalization> parse_normalization(std::string_view name);

/// What a missing feature, which is NaN, becomes (data.missing).
enum class Missing {
  kError,         ///< rows that lack a feature are refused
  kMean,          ///< the mean of the column's values in the training rows
  kMedian,        ///< their median; of an even number, the mean of the middle two
  kMostFrequent,  ///< the most frequent of them, of equals the smallest
};

/// All of them, in the order of the enumeration.
std::span<const Missing> all_missing();
/// The name used in configurations and model files: "error", "mean", …
std::string_view name_of(Missing missing);
/// The one of that name, if there is one.
std::optional<Missing> parse_missing(std::string_view name);

/// The values that missing features, which are NaN, become, and the inputs that tell of them. Comes
/// before the normalisation. A value.
struct MissingFill {
  Missing kind = Missing::kError;
  /// One element per feature; empty for kError.
  std::vector<double> values = {};
  /// Features, ascending, each with an input more behind all features: 1 if it was missing, else 0.
  std::vector<std::size_t> indicators = {};

  bool is_identity() const { return values.empty(); }
  bool operator==(const MissingFill&) const = default;
};

/// How the targets y of a regression are standardised: the network learns (y − shift) / divisor,
/// target by target. Empty: as they are. A value.
struct TargetScaling {
  std::vector<double> shift;
  std::vector<double> divisor;

  bool is_identity() const { return divisor.empty(); }
  /// The target j that the network learns instead of y.
  double standardized(double y, std::size_t j) const {
    return is_identity() ? y : (y - shift[j]) / divisor[j];
  }
  /// The reverse: output j of the network in the unit of the targets.
  double restored(double a, std::size_t j) const {
    return is_identity() ? a : a * divisor[j] + shift[j];
  }
  bool operator==(const TargetScaling&) const = default;
};

/// A normalisation fitted on the training rows; travels with the model. A value.
struct Preprocess {
  /// Never kAuto.
  Normalization kind = Normalization::kNone;
  /// One element per feature, 0 for those that are 0 or 1 by their making (categories and
  /// indicators) unless they are rotated: kSymmetric 127.5, kMinmax the minima, kMaxAbs 0,
  /// kCenter, kStandardize, kPca, kWhiten the means.
  std::vector<double> shift = {};
  /// One element per feature, none of them 0: kSymmetric 127.5, kMinmax the ranges, kMaxAbs the
  /// largest magnitudes, kStandardize the population standard deviations, 1 for constant columns.
  /// Else empty.
  std::vector<double> divisor = {};
  /// kPca, kWhiten: [outputs × features], row-major: the eigenvectors of the population covariance
  /// by descending eigenvalue, each with its largest entry by magnitude positive; for kWhiten
  /// divided by √(eigenvalue + 1e-5). Else empty.
  std::vector<double> components = {};
  /// kScale, kUnit: the features that stay 0 or 1, ascending. Else empty, as shift and divisor
  /// leave them as they are.
  std::vector<std::size_t> binary = {};
  /// The scaling of a regression's targets; the features do not depend on it.
  TargetScaling targets = {};
  /// Fills the features before all else; the indicators are features for what follows.
  MissingFill missing = {};

  /// Multiplies each feature: 1/255 for kScale, else 1.
  double scale() const;
  /// Features per row that a network with so many inputs is fed from, and the reverse.
  std::size_t features(std::size_t network_inputs) const {
    return (components.empty() ? network_inputs : shift.size()) - missing.indicators.size();
  }
  std::size_t outputs(std::size_t features) const {
    return components.empty() ? features + missing.indicators.size()
                              : components.size() / shift.size();
  }
  bool operator==(const Preprocess&) const = default;
};

/// The normalisation fitted on these training rows, on the calling thread. uint8 data enter all
/// but kAuto as 0 to 255. `components` is the number that kPca and kWhiten keep, 0: all; no other
/// uses it. Throws as preprocessed_width does, ConfigError if the covariance would not fit into
/// memory, and DataError if a feature's spread is beyond the range of double.
Preprocess fit_preprocess(Normalization normalization, const Dataset& train,
                          std::size_t components = 0);

/// The preprocessing of features and targets that the options ask for; targets are standardised if
/// DataOptions::standardize_targets is true. Throws as the above and fit_targets do.
Preprocess fit_preprocess(const DataOptions& options, const Dataset& train);

/// Whether the normalisation depends on the training rows.
bool is_fitted(Normalization normalization);

/// Learns from the training rows what missing features become; `indicates` makes an indicator of
/// each feature that some of them lack. Throws DataError if a feature is missing in all of them,
/// for kError if it is in one.
MissingFill fit_missing(Missing missing, bool indicates, const Dataset& train);

/// Network inputs that the normalisation makes of so many features, indicators among them. Throws
/// ConfigError if there are more components than features.
std::size_t preprocessed_width(Normalization normalization, std::size_t features,
                               std::size_t components);

/// Inputs of the network that the options make of such training rows. Throws as the above does.
std::size_t preprocessed_width(const DataOptions& options, const Dataset& train);

/// Mean and population standard deviation of each target. Throws ConfigError if the targets are
/// classes, and DataError if a target is the same in all rows.
TargetScaling fit_targets(const Dataset& train);

}  // namespace nabla
