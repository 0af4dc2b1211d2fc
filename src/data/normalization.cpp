// SPDX-License-Identifier: MIT
#include "data/normalization.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/base/kinds.h"
#include "nabla/base/matrix.h"

#include "base/memory.h"
#include "math/eigen.h"
#include "math/gemm.h"

namespace nabla {

namespace {

/// Calls work(row) for the rows in ascending order; each is a span of its stored type.
template <class Work>
void for_each_row(const Dataset& data, Work work) {
  std::visit(
      [&](const auto& features) {
        for (std::size_t i = 0; i < features.rows(); ++i) work(features.row(i));
      },
      data.features);
}

std::vector<double> first_row(const Dataset& data) {
  return std::visit(
      [](const auto& features) {
        const auto row = features.row(0);
        return std::vector<double>(row.begin(), row.end());
      },
      data.features);
}

}  // namespace

std::vector<double> column_means(const Dataset& data) {
  const std::vector<double> origin = first_row(data);
  std::vector<double> sums(origin.size());
  for_each_row(data, [&](const auto& row) {
    for (std::size_t j = 0; j < sums.size(); ++j)
      sums[j] += static_cast<double>(row[j]) - origin[j];
  });
  const auto rows = static_cast<double>(data.rows());
  for (std::size_t j = 0; j < sums.size(); ++j) sums[j] = origin[j] + sums[j] / rows;
  return sums;
}

std::vector<double> column_deviations(const Dataset& data, const std::vector<double>& means) {
  std::vector<double> sums(means.size());
  for_each_row(data, [&](const auto& row) {
    for (std::size_t j = 0; j < sums.size(); ++j) {
      const double distance = static_cast<double>(row[j]) - means[j];
      sums[j] += distance * distance;
    }
  });
  const auto rows = static_cast<double>(data.rows());
  for (double& sum : sums) sum = std::sqrt(sum / rows);
  return sums;
}

ColumnRanges column_ranges(const Dataset& data) {
  std::vector<double> lowest(data.inputs(), std::numeric_limits<double>::infinity());
  std::vector<double> highest(data.inputs(), -std::numeric_limits<double>::infinity());
  for_each_row(data, [&](const auto& row) {
    for (std::size_t j = 0; j < lowest.size(); ++j) {
      const auto x = static_cast<double>(row[j]);  // NaN, a missing value, changes neither.
      lowest[j] = std::min(lowest[j], x);
      highest[j] = std::max(highest[j], x);
    }
  });
  for (std::size_t j = 0; j < lowest.size(); ++j) highest[j] -= lowest[j];
  return {std::move(lowest), std::move(highest)};
}

void require_finite_spreads(const std::vector<double>& spreads, const char* key,
                            const char* column) {
  for (std::size_t j = 0; j < spreads.size(); ++j)
    if (!std::isfinite(spreads[j]))
      throw DataError(std::string(key) + ": the spread of " + column + " " + std::to_string(j) +
                      " (from 0) is beyond double precision, expected smaller numbers");
}

void make_divisors(std::vector<double>& spreads) {
  for (double& spread : spreads)
    if (!std::isnormal(spread)) spread = 1;
}

namespace {

constexpr double kWhitenEpsilon = 1e-5;
/// So many rows are centred and multiplied at once.
constexpr std::size_t kBlockRows = 512;

void require_memory(std::size_t features) {
  const double gigabytes = eigen_memory(features) / 1e9;
  const double memory = static_cast<double>(physical_memory()) / 1e9;
  if (features > kMaxEigenOrder || gigabytes > memory)
    throw ConfigError("data.normalize: pca and whiten of " + std::to_string(features) +
                      " features would take " + std::to_string(std::llround(gigabytes)) +
                      " GB of memory, expected fewer features");
}

/// Returns Σ_rows (x − mean)(x − mean)ᵀ / rows.
Matrix<double> covariance(const Dataset& data, const std::vector<double>& means) {
  const std::size_t width = means.size();
  Matrix<double> result(width, width);
  Matrix<double> block(std::min(kBlockRows, data.rows()), width);
  std::visit(
      [&](const auto& features) {
        for (std::size_t first = 0; first < data.rows(); first += kBlockRows) {
          const std::size_t count = std::min(kBlockRows, data.rows() - first);
          for (std::size_t i = 0; i < count; ++i) {
            const auto from = features.row(first + i);
            const std::span<double> to = block.row(i);
            for (std::size_t j = 0; j < width; ++j) to[j] = static_cast<double>(from[j]) - means[j];
          }
          const MatrixView<const double> rows = block.view().row_range(0, count);
          // C [features × features] += rowsᵀ · rows: M = N = features, K = rows
          gemm<double>(Op::kTranspose, Op::kNone, 1, rows, rows, 1, result.view());
        }
      },
      data.features);
  for (double& element : result.elements()) element /= static_cast<double>(data.rows());
  return result;
}

double largest_entry(std::span<const double> vector) {
  return *std::ranges::max_element(vector, {}, [](double x) { return std::abs(x); });
}

/// Returns the first `count` eigenvectors, by descending eigenvalue λ, of the population covariance
/// of the features, as [count × features], row-major. The largest entry by magnitude of each (the
/// first of equals) is positive. With `whiten` each is divided by √(λ + 1e-5). See CS231n, "Data
/// Preprocessing".
std::vector<double> principal_components(const Dataset& data, const std::vector<double>& means,
                                         std::size_t count, bool whiten) {
  require_memory(means.size());
  Matrix<double> vectors = covariance(data, means);
  for (const double element : vectors.elements())
    if (!std::isfinite(element))
      throw DataError(
          "data.normalize: the covariance of the features is beyond double precision, expected "
          "smaller numbers");
  const std::vector<double> values = eigen_decompose(vectors.view());
  std::vector<double> components;
  components.reserve(count * means.size());
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t index = values.size() - 1 - k;
    const std::span<const double> vector = vectors.row(index);
    double factor = largest_entry(vector) < 0 ? -1 : 1;
    // An eigenvalue of a singular covariance may come out a little below 0.
    if (whiten) factor /= std::sqrt(std::max(values[index], 0.0) + kWhitenEpsilon);
    for (const double x : vector) components.push_back(factor * x);
  }
  return components;
}

void require_finite_features(const std::vector<double>& spreads) {
  require_finite_spreads(spreads, "data.normalize", "feature");
}

void fit_means(const Dataset& train, std::size_t, Preprocess& result) {
  result.shift = column_means(train);
  require_finite_features(result.shift);
}

void fit_ranges(const Dataset& train, std::size_t, Preprocess& result) {
  auto [lowest, ranges] = column_ranges(train);
  require_finite_features(ranges);
  make_divisors(ranges);
  result.shift = std::move(lowest);
  result.divisor = std::move(ranges);
}

void fit_deviations(const Dataset& train, std::size_t, Preprocess& result) {
  result.shift = column_means(train);
  result.divisor = column_deviations(train, result.shift);
  require_finite_features(result.divisor);
  make_divisors(result.divisor);
}

template <bool kWhiten>
void fit_components(const Dataset& train, std::size_t components, Preprocess& result) {
  fit_means(train, components, result);
  result.components = principal_components(train, result.shift, components, kWhiten);
}

constexpr NormalizationTraits kNormalizations[] = {
    {.kind = Normalization::kAuto, .name = "auto"},
    {.kind = Normalization::kNone, .name = "none"},
    {.kind = Normalization::kScale, .name = "scale", .scale = 1.0 / 255.0},
    {.kind = Normalization::kMinmax,
     .name = "minmax",
     .formula = InputFormula::kAffine,
     .fit = fit_ranges},
    {.kind = Normalization::kCenter,
     .name = "center",
     .formula = InputFormula::kShifted,
     .fit = fit_means},
    {.kind = Normalization::kStandardize,
     .name = "standardize",
     .formula = InputFormula::kAffine,
     .fit = fit_deviations},
    {.kind = Normalization::kUnit, .name = "unit", .formula = InputFormula::kUnitLength},
    {.kind = Normalization::kPca,
     .name = "pca",
     .formula = InputFormula::kRotated,
     .fit = fit_components<false>},
    {.kind = Normalization::kWhiten,
     .name = "whiten",
     .formula = InputFormula::kRotated,
     .fit = fit_components<true>},
};
static_assert(is_complete(kNormalizations));

constexpr auto kNormalizationKinds = kinds_of(kNormalizations);

}  // namespace

const NormalizationTraits& traits_of(Normalization normalization) {
  return row_of(kNormalizations, normalization);
}

std::span<const Normalization> all_normalizations() { return kNormalizationKinds; }

std::string_view name_of(Normalization normalization) { return traits_of(normalization).name; }

std::optional<Normalization> parse_normalization(std::string_view name) {
  return find_kind(kNormalizations, name);
}

}  // namespace nabla
