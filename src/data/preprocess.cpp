// SPDX-License-Identifier: MIT
#include "nabla/data/preprocess.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "nabla/base/error.h"

#include "base/names.h"
#include "data/column_statistics.h"
#include "data/option_rows.h"
#include "data/principal_components.h"

namespace nabla {

namespace {

using Kind = Preprocess::Kind;

constexpr Named<Kind> kNames[] = {
    {Kind::kNone, "none"},     {Kind::kScale, "scale"},   {Kind::kMinmax, "minmax"},
    {Kind::kCenter, "center"}, {Kind::kUnit, "unit"},     {Kind::kStandardize, "standardize"},
    {Kind::kPca, "pca"},       {Kind::kWhiten, "whiten"},
};

bool is_bytes(const Dataset& data) {
  return std::visit(
      [](const auto& features) {
        return std::is_same_v<std::decay_t<decltype(features.row(0)[0])>, std::uint8_t>;
      },
      data.features);
}

Kind kind_of(NormalizeChoice choice, const Dataset& train) {
  switch (choice) {
    case NormalizeChoice::kAuto:
      return is_bytes(train) ? Kind::kScale : Kind::kNone;
    case NormalizeChoice::kNone:
      return Kind::kNone;
    case NormalizeChoice::kScale:
      return Kind::kScale;
    case NormalizeChoice::kMinmax:
      return Kind::kMinmax;
    case NormalizeChoice::kCenter:
      return Kind::kCenter;
    case NormalizeChoice::kStandardize:
      return Kind::kStandardize;
    case NormalizeChoice::kUnit:
      return Kind::kUnit;
    case NormalizeChoice::kPca:
      return Kind::kPca;
    case NormalizeChoice::kWhiten:
      break;
  }
  return Kind::kWhiten;
}

bool rotates(NormalizeChoice choice) {
  return choice == NormalizeChoice::kPca || choice == NormalizeChoice::kWhiten;
}

/// A spread to divide by: 1 where it is 0, or so small that its reciprocal is infinite.
double divisor_of(double spread) { return std::isnormal(spread) ? spread : 1; }

void require_finite(const std::vector<double>& values, const char* key, const char* what) {
  for (std::size_t j = 0; j < values.size(); ++j)
    if (!std::isfinite(values[j]))
      throw DataError(std::string(key) + ": the spread of " + what + " " + std::to_string(j) +
                      " (from 0) is beyond double precision, expected smaller numbers");
}

}  // namespace

std::string_view name_of(Kind kind) { return find_name(kNames, kind); }
std::optional<Kind> parse_preprocess_kind(std::string_view name) {
  return find_value(kNames, name);
}

bool is_fitted(NormalizeChoice choice) {
  return choice == NormalizeChoice::kMinmax || choice == NormalizeChoice::kCenter ||
         choice == NormalizeChoice::kStandardize || rotates(choice);
}

std::size_t preprocessed_width(NormalizeChoice choice, std::size_t features,
                               std::size_t components) {
  if (!rotates(choice)) return features;
  if (components > features)
    throw ConfigError("data.components", std::to_string(components) +
                                             " components, expected at most the " +
                                             std::to_string(features) + " features of the data");
  return components == 0 ? features : components;
}

Preprocess fit_preprocess(const DataOptions& options, const Dataset& train) {
  Preprocess preprocess = fit_preprocess(options.normalize, train, options.components);
  if (options.standardize_targets) preprocess.targets = fit_targets(train);
  return preprocess;
}

Preprocess fit_preprocess(NormalizeChoice choice, const Dataset& train, std::size_t components) {
  Preprocess result;
  result.kind = kind_of(choice, train);
  const char* const key = "data.normalize";
  switch (result.kind) {
    case Kind::kNone:
    case Kind::kScale:
    case Kind::kUnit:
      break;
    case Kind::kMinmax: {
      auto [lowest, ranges] = column_ranges(train);
      require_finite(ranges, key, "feature");
      for (double& range : ranges) range = divisor_of(range);
      result.shift = std::move(lowest);
      result.divisor = std::move(ranges);
      break;
    }
    case Kind::kCenter:
      result.shift = column_means(train);
      require_finite(result.shift, key, "feature");
      break;
    case Kind::kStandardize:
      result.shift = column_means(train);
      result.divisor = column_deviations(train, result.shift);
      require_finite(result.divisor, key, "feature");
      for (double& deviation : result.divisor) deviation = divisor_of(deviation);
      break;
    case Kind::kPca:
    case Kind::kWhiten:
      result.shift = column_means(train);
      require_finite(result.shift, key, "feature");
      result.components = principal_components(
          train, result.shift, preprocessed_width(choice, train.inputs(), components),
          result.kind == Kind::kWhiten);
      break;
  }
  return result;
}

TargetScaling fit_targets(const Dataset& train) {
  require_task(Task::kRegression, train.task, "data.standardize-targets", "no");
  Dataset targets;
  targets.features = train.targets;
  TargetScaling result;
  result.shift = column_means(targets);
  result.divisor = column_deviations(targets, result.shift);
  require_finite(result.divisor, "data.standardize-targets", "target");
  for (double& deviation : result.divisor) deviation = divisor_of(deviation);
  return result;
}

}  // namespace nabla
