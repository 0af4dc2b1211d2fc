// SPDX-License-Identifier: MIT
#include "nabla/data/preprocess.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "nabla/base/error.h"
#include "nabla/base/kinds.h"

#include "base/text.h"
#include "data/missing_values.h"
#include "data/normalization.h"
#include "data/option_rows.h"
#include "data/row_entries.h"

namespace nabla {

namespace {

bool is_bytes(const Dataset& data) {
  return std::visit(
      []<class Features>(const Features&) {
        return std::is_same_v<ElementOf<Features>, std::uint8_t>;
      },
      data.features);
}

bool rotates(Normalization normalization) {
  return traits_of(normalization).formula == InputFormula::kRotated;
}

/// Returns whether the columns of the table seem to be pixels.
bool are_pixels(const Dataset& table) {
  constexpr std::size_t kFewestPixels = 64;
  if (table.inputs() < kFewestPixels || !table.one_hot.empty()) return false;
  bool is_above_one = false;
  const auto is_pixel = [&](auto stored) {
    const auto x = static_cast<double>(stored);
    is_above_one = is_above_one || x > 1;
    return x >= 0 && x <= 255 && x == std::floor(x);
  };
  const bool are_all = std::visit(
      [&](const auto& features) {
        bool are_so_far = true;
        for (std::size_t i = 0; i < features.rows() && are_so_far; ++i)
          for_each_entry(features.row(i),
                         [&](std::size_t, auto x) { are_so_far = are_so_far && is_pixel(x); });
        return are_so_far;
      },
      table.features);
  return are_all && is_above_one;
}

}  // namespace

Normalization resolved(Normalization normalization, const Dataset& train) {
  if (normalization != Normalization::kAuto) return normalization;
  if (is_bytes(train)) return Normalization::kScale;
  if (!train.is_table()) return Normalization::kNone;
  return are_pixels(train) ? Normalization::kScale : Normalization::kStandardize;
}

double Preprocess::scale() const { return traits_of(kind).scale; }

bool is_fitted(Normalization normalization) { return traits_of(normalization).fit != nullptr; }

std::size_t preprocessed_width(Normalization normalization, std::size_t features,
                               std::size_t components) {
  if (!rotates(normalization)) return features;
  if (components > features)
    throw ConfigError("data.components", std::to_string(components) +
                                             " components, expected at most the " +
                                             std::to_string(features) + " features of the data");
  return components == 0 ? features : components;
}

namespace {

/// Returns the inputs that are 0 or 1 by their making: those of categories and the indicators
/// behind them, ascending.
std::vector<std::size_t> binary_inputs(const Dataset& train, std::size_t indicators) {
  std::vector<std::size_t> result = train.one_hot.category_inputs();
  for (std::size_t j = 0; j < indicators; ++j) result.push_back(train.inputs() + j);
  return result;
}

/// Has the normalisation leave these inputs as they are, unless it rotates.
void keep_binary(std::vector<std::size_t> binary, Preprocess& preprocess) {
  if (preprocess.kind == Normalization::kNone || !preprocess.components.empty()) return;
  if (preprocess.shift.empty()) {
    preprocess.binary = std::move(binary);
    return;
  }
  for (const std::size_t j : binary) {
    preprocess.shift[j] = 0;
    if (!preprocess.divisor.empty()) preprocess.divisor[j] = 1;
  }
}

}  // namespace

Preprocess fit_preprocess(const DataOptions& options, const Dataset& train) {
  MissingFill missing = fit_missing(options.missing, options.missing_indicator, train);
  // The rows as they are decide on kAuto, for whoever resolves the options first.
  Preprocess preprocess = fit_preprocess(resolved(options.normalize, train), filled(missing, train),
                                         options.components);
  keep_binary(binary_inputs(train, missing.indicators.size()), preprocess);
  preprocess.missing = std::move(missing);
  if (options.standardize_targets == true) preprocess.targets = fit_targets(train);
  return preprocess;
}

Preprocess fit_preprocess(Normalization normalization, const Dataset& train,
                          std::size_t components) {
  normalization = resolved(normalization, train);
  Preprocess result;
  result.kind = normalization;
  if (is_fitted(normalization))
    traits_of(normalization)
        .fit(train, preprocessed_width(normalization, train.inputs(), components), result);
  return result;
}

std::size_t preprocessed_width(const DataOptions& options, const Dataset& train) {
  std::size_t features = train.inputs();
  if (options.missing_indicator && options.missing != Missing::kError)
    features += incomplete_features(train).size();
  return preprocessed_width(options.normalize, features, options.components);
}

TargetScaling fit_targets(const Dataset& train) {
  require_task(Task::kRegression, train.task, "data.standardize-targets", "no");
  Dataset targets;
  targets.features = train.targets;
  TargetScaling result;
  result.shift = column_means(targets);
  result.divisor = column_deviations(targets, result.shift);
  require_finite_spreads(result.divisor, "data.standardize-targets", "target");
  for (std::size_t j = 0; j < result.divisor.size(); ++j)
    if (result.divisor[j] == 0)
      throw DataError("data.target: " + in_quotes(train.columns.target_names(train.outputs())[j]) +
                      " is the same number in all " + std::to_string(train.rows()) +
                      " training rows, expected numbers that differ");
  make_divisors(result.divisor);
  return result;
}

}  // namespace nabla
