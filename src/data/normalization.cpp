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
#include "data/row_entries.h"
#include "math/eigen.h"
#include "math/gemm.h"

namespace nabla {

namespace {

/// Calls work(column, x) for the stored numbers of the rows in ascending order, then
/// work_on_zeros(column, count) for the columns of sparse rows, `count` of whose numbers are 0
/// because they are not stored.
template <class Work, class WorkOnZeros>
void for_each_number(const Dataset& data, Work work, WorkOnZeros work_on_zeros) {
  std::visit(
      [&]<class Features>(const Features& features) {
        if constexpr (kIsSparse<Features>) {
          std::vector<std::size_t> zeros(features.cols(), features.rows());
          for (std::size_t i = 0; i < features.rows(); ++i)
            for_each_entry(features.row(i), [&](std::size_t j, auto x) {
              work(j, static_cast<double>(x));
              --zeros[j];
            });
          for (std::size_t j = 0; j < zeros.size(); ++j)
            if (zeros[j] > 0) work_on_zeros(j, zeros[j]);
        } else {
          for (std::size_t i = 0; i < features.rows(); ++i)
            for_each_entry(features.row(i),
                           [&](std::size_t j, auto x) { work(j, static_cast<double>(x)); });
        }
      },
      data.features);
}

/// Returns Σ_rows term(x, column) of each column.
template <class Term>
std::vector<double> column_sums(const Dataset& data, Term term) {
  std::vector<double> sums(data.inputs());
  for_each_number(
      data, [&](std::size_t j, double x) { sums[j] += term(x, j); },
      [&](std::size_t j, std::size_t count) {
        sums[j] += static_cast<double>(count) * term(0.0, j);
      });
  return sums;
}

}  // namespace

std::vector<double> column_means(const Dataset& data) {
  const std::vector<double> origin = row_of_features(data, 0);
  std::vector<double> means =
      column_sums(data, [&](double x, std::size_t j) { return x - origin[j]; });
  const auto rows = static_cast<double>(data.rows());
  for (std::size_t j = 0; j < means.size(); ++j) means[j] = origin[j] + means[j] / rows;
  return means;
}

std::vector<double> column_deviations(const Dataset& data, const std::vector<double>& means) {
  std::vector<double> deviations =
      column_sums(data, [&](double x, std::size_t j) { return (x - means[j]) * (x - means[j]); });
  const auto rows = static_cast<double>(data.rows());
  for (double& deviation : deviations) deviation = std::sqrt(deviation / rows);
  return deviations;
}

ColumnBounds column_bounds(const Dataset& data) {
  std::vector<double> lowest(data.inputs(), std::numeric_limits<double>::infinity());
  std::vector<double> highest(data.inputs(), -std::numeric_limits<double>::infinity());
  const auto take = [&](std::size_t j, double x) {
    // NaN, a missing value, changes neither.
    lowest[j] = std::min(lowest[j], x);
    highest[j] = std::max(highest[j], x);
  };
  for_each_number(data, take, [&](std::size_t j, std::size_t) { take(j, 0); });
  return {std::move(lowest), std::move(highest)};
}

ColumnRanges column_ranges(const Dataset& data) {
  auto [lowest, ranges] = column_bounds(data);
  for (std::size_t j = 0; j < lowest.size(); ++j) ranges[j] -= lowest[j];
  return {std::move(lowest), std::move(ranges)};
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
    throw ConfigError("data.normalize", "pca and whiten of " + std::to_string(features) +
                                            " features would take " +
                                            std::to_string(std::llround(gigabytes)) +
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
            const std::span<double> to = block.row(i);
            copy_row(features.row(first + i), to);
            for (std::size_t j = 0; j < width; ++j) to[j] -= means[j];
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

/// (x − 127.5) / 127.5, whatever the rows are.
void fit_symmetric(const Dataset& train, std::size_t, Preprocess& result) {
  result.shift.assign(train.inputs(), 127.5);
  result.divisor = result.shift;
}

/// The largest magnitudes of the features; 0 stays 0.
void fit_magnitudes(const Dataset& train, std::size_t, Preprocess& result) {
  auto [lowest, magnitudes] = column_bounds(train);
  for (std::size_t j = 0; j < lowest.size(); ++j)
    magnitudes[j] = std::max(std::abs(magnitudes[j]), std::abs(lowest[j]));
  require_finite_features(magnitudes);
  make_divisors(magnitudes);
  result.shift.assign(magnitudes.size(), 0.0);
  result.divisor = std::move(magnitudes);
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
    {.kind = Normalization::kNone, .name = "none", .keeps_zeros = true},
    {.kind = Normalization::kScale, .name = "scale", .scale = 1.0 / 255.0, .keeps_zeros = true},
    {.kind = Normalization::kSymmetric,
     .name = "symmetric",
     .formula = InputFormula::kAffine,
     .fit = fit_symmetric},
    {.kind = Normalization::kMinmax,
     .name = "minmax",
     .formula = InputFormula::kAffine,
     .fit = fit_ranges},
    {.kind = Normalization::kMaxAbs,
     .name = "max-abs",
     .formula = InputFormula::kAffine,
     .keeps_zeros = true,
     .fit = fit_magnitudes},
    {.kind = Normalization::kCenter,
     .name = "center",
     .formula = InputFormula::kShifted,
     .fit = fit_means},
    {.kind = Normalization::kStandardize,
     .name = "standardize",
     .formula = InputFormula::kAffine,
     .fit = fit_deviations},
    {.kind = Normalization::kUnit,
     .name = "unit",
     .formula = InputFormula::kUnitLength,
     .keeps_zeros = true},
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
