// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"

namespace nabla {

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

/// What is done to the features x of a row on their way from the data set into the network, fitted
/// on the training rows; travels with the model. A value.
struct Preprocess {
  /// kScale x/255 · kMinmax, kCenter, kStandardize (x − shift) / divisor · kUnit x/‖x‖₂, a row of
  /// zeros stays · kPca, kWhiten components · (x − shift).
  enum class Kind { kNone, kScale, kMinmax, kCenter, kStandardize, kUnit, kPca, kWhiten };
  Kind kind = Kind::kNone;
  /// One element per feature: kMinmax the minima, kCenter, kStandardize, kPca, kWhiten the means.
  std::vector<double> shift = {};
  /// One element per feature, none of them 0: kMinmax the ranges, kStandardize the population
  /// standard deviations, 1 for constant columns. Else empty.
  std::vector<double> divisor = {};
  /// kPca, kWhiten: [outputs × features], row-major: the eigenvectors of the population covariance
  /// by descending eigenvalue, each with its largest entry by magnitude positive; for kWhiten
  /// divided by √(eigenvalue + 1e-5). Else empty.
  std::vector<double> components = {};
  /// Of a regression; not part of the features' way.
  TargetScaling targets = {};

  /// Multiplies each feature: 1/255 for kScale, else 1.
  double scale() const { return kind == Kind::kScale ? 1.0 / 255.0 : 1.0; }
  /// Features per row that a network with so many inputs is fed from, and the reverse.
  std::size_t features(std::size_t network_inputs) const {
    return components.empty() ? network_inputs : shift.size();
  }
  std::size_t outputs(std::size_t features) const {
    return components.empty() ? features : components.size() / shift.size();
  }
  bool operator==(const Preprocess&) const = default;
};

/// The name used in configurations and model files: "none", "scale", …
std::string_view name_of(Preprocess::Kind kind);
/// The kind of that name, if there is one.
std::optional<Preprocess::Kind> parse_preprocess_kind(std::string_view name);

/// The preprocessing that `choice` asks for, fitted on these training rows, on the calling thread.
/// kAuto divides uint8 data by 255 and leaves the rest alone; uint8 data enter every other kind as
/// 0 to 255. `components` is the number that kPca and kWhiten keep, 0: all; no other kind uses it.
/// Throws as preprocessed_width does, ConfigError where the covariance would not fit into memory,
/// and DataError where a feature's spread is beyond the range of double.
Preprocess fit_preprocess(NormalizeChoice choice, const Dataset& train, std::size_t components = 0);

/// The preprocessing of features and targets that the options ask for. Throws as the above and
/// fit_targets do.
Preprocess fit_preprocess(const DataOptions& options, const Dataset& train);

/// Whether that preprocessing depends on the training rows.
bool is_fitted(NormalizeChoice choice);

/// Network inputs that the preprocessing makes of so many features. Throws ConfigError where there
/// are more components than features.
std::size_t preprocessed_width(NormalizeChoice choice, std::size_t features,
                               std::size_t components);

/// Mean and population standard deviation of each target, the divisor 1 for constant ones. Throws
/// ConfigError where the targets are classes.
TargetScaling fit_targets(const Dataset& train);

}  // namespace nabla
