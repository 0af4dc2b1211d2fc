// SPDX-License-Identifier: MIT
#include "data/missing_values.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/base/kinds.h"
#include "nabla/base/matrix.h"

#include "data/input_names.h"
#include "data/row_entries.h"

namespace nabla {

namespace {

/// Each returns a statistic of one or more numbers, whose order it may change.
double mean_of(std::span<double> values) {
  // The distances from the first do not overflow the sum, and a constant column keeps its value.
  double sum = 0;
  for (const double x : values) sum += x - values.front();
  return values.front() + sum / static_cast<double>(values.size());
}

double median_of(std::span<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  if (values.size() % 2 == 1) return *middle;
  const double below = *std::max_element(values.begin(), middle);
  return below + (*middle - below) / 2;
}

double most_frequent_of(std::span<double> values) {
  std::ranges::sort(values);
  double best = values.front();
  std::size_t most = 0;
  for (std::size_t first = 0; first < values.size();) {
    std::size_t end = first + 1;
    while (end < values.size() && values[end] == values[first]) ++end;
    if (end - first > most) {
      most = end - first;
      best = values[first];
    }
    first = end;
  }
  return best;
}

struct MissingTraits {
  Missing kind;
  std::string_view name;
  double (*statistic)(std::span<double> values) = nullptr;
};

constexpr MissingTraits kMissingTraits[] = {
    {.kind = Missing::kError, .name = "error"},
    {.kind = Missing::kMean, .name = "mean", .statistic = mean_of},
    {.kind = Missing::kMedian, .name = "median", .statistic = median_of},
    {.kind = Missing::kMostFrequent, .name = "most-frequent", .statistic = most_frequent_of},
};
static_assert(is_complete(kMissingTraits));

constexpr auto kMissingKinds = kinds_of(kMissingTraits);

}  // namespace

std::span<const Missing> all_missing() { return kMissingKinds; }

std::string_view name_of(Missing missing) { return row_of(kMissingTraits, missing).name; }

std::optional<Missing> parse_missing(std::string_view name) {
  return find_kind(kMissingTraits, name);
}

namespace {

/// Throws DataError if the row of these values, which are data's, lacks one.
void require_values(const auto& values, const Dataset& data, std::size_t row,
                    const std::string& name, const char* remedy) {
  for_each_entry(values, [&](std::size_t feature, auto x) {
    if (is_missing(x))
      throw DataError(data.origin.place(row, name) + ": " + input_names(data)[feature] +
                      ": the value is missing (NaN); expected a number, or " + remedy);
  });
}

}  // namespace

void require_complete(const Dataset& data, const std::string& name) {
  std::visit(
      [&](const auto& features) {
        for (std::size_t row = 0; row < features.rows(); ++row)
          require_values(features.row(row), data, row, name, kFillingOption);
      },
      data.features);
}

void require_complete_row(const Dataset& data, std::size_t row, const std::string& name) {
  std::visit(
      [&](const auto& features) {
        require_values(features.row(row), data, row, name, kFillingModel);
      },
      data.features);
}

std::vector<std::size_t> incomplete_features(const Dataset& data) {
  std::vector<bool> is_incomplete(data.inputs());
  std::visit(
      [&](const auto& features) {
        for (std::size_t row = 0; row < features.rows(); ++row) {
          for_each_entry(features.row(row), [&](std::size_t j, auto x) {
            if (is_missing(x)) is_incomplete[j] = true;
          });
        }
      },
      data.features);
  std::vector<std::size_t> result;
  for (std::size_t j = 0; j < is_incomplete.size(); ++j)
    if (is_incomplete[j]) result.push_back(j);
  return result;
}

namespace {

/// Features whose values are gathered in one pass over the rows.
constexpr std::size_t kFeaturesAtOnce = 4;

template <class S>
void append_present(const FeatureMatrix<S>& rows, std::span<const std::size_t> features,
                    std::span<std::vector<double>> values) {
  for (std::size_t row = 0; row < rows.rows(); ++row)
    for (std::size_t i = 0; i < features.size(); ++i)
      if (const S x = rows(row, features[i]); !is_missing(x))
        values[i].push_back(static_cast<double>(x));
}

template <class S>
void append_present(const SparseMatrix<S>& rows, std::span<const std::size_t> features,
                    std::span<std::vector<double>> values) {
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const SparseRow<S> row = rows.row(i);
    std::size_t k = 0;
    for (std::size_t j = 0; j < features.size(); ++j) {
      while (k < row.size() && row.columns[k] < features[j]) ++k;
      const S x = k < row.size() && row.columns[k] == features[j] ? row.value(k) : S(0);
      if (!is_missing(x)) values[j].push_back(static_cast<double>(x));
    }
  }
}

}  // namespace

void for_present_values(const Dataset& data, std::span<const std::size_t> features,
                        const std::function<void(std::size_t, std::span<double>)>& use) {
  std::vector<double> values[kFeaturesAtOnce];
  for (std::size_t first = 0; first < features.size(); first += kFeaturesAtOnce) {
    const auto some = features.subspan(first, std::min(kFeaturesAtOnce, features.size() - first));
    for (std::vector<double>& of_feature : values) {
      of_feature.clear();
      of_feature.reserve(data.rows());
    }
    std::visit([&](const auto& rows) { append_present(rows, some, values); }, data.features);
    for (std::size_t i = 0; i < some.size(); ++i) use(some[i], values[i]);
  }
}

MissingFill fit_missing(Missing missing, bool indicates, const Dataset& train) {
  MissingFill fill;
  fill.kind = missing;
  if (missing == Missing::kError) {
    require_complete(train, "the training rows");
    return fill;
  }
  const std::vector<std::size_t> categories = train.one_hot.category_inputs();
  std::vector<std::size_t> features;
  for (std::size_t feature = 0; feature < train.inputs(); ++feature)
    // To look for each of many categories in all sparse rows would take long, and none is missing.
    if (!is_sparse(train) || !std::ranges::binary_search(categories, feature))
      features.push_back(feature);
  fill.values.resize(train.inputs());
  for_present_values(train, features, [&](std::size_t feature, std::span<double> values) {
    if (values.empty())
      throw DataError("data.missing: " + input_names(train)[feature] +
                      " is missing in all training rows; expected one row that has it, or its "
                      "column in data.ignore");
    fill.values[feature] = row_of(kMissingTraits, missing).statistic(values);
  });
  if (indicates) fill.indicators = incomplete_features(train);
  return fill;
}

namespace {

template <class S>
FeatureMatrix<double> filled_rows(const MissingFill& fill, const FeatureMatrix<S>& rows) {
  Matrix<double> matrix(rows.rows(), rows.cols() + fill.indicators.size());
  for (std::size_t row = 0; row < rows.rows(); ++row)
    fill_missing(fill, rows.row(row).data(), rows.cols(), 0, matrix.cols(), matrix.row(row).data());
  return matrix;
}

template <class S>
SparseMatrix<double> filled_rows(const MissingFill& fill, const SparseMatrix<S>& rows) {
  std::vector<std::size_t> starts = {0};
  std::vector<std::uint32_t> columns;
  std::vector<double> values;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const std::size_t most = rows.row(row).size() + fill.indicators.size();
    columns.resize(starts.back() + most);
    values.resize(starts.back() + most);
    const std::size_t count =
        fill_entries(fill, rows.row(row), rows.cols(), columns.data() + starts.back(),
                     values.data() + starts.back());
    starts.push_back(starts.back() + count);
  }
  columns.resize(starts.back());
  values.resize(starts.back());
  return {starts, std::move(columns), std::move(values), rows.cols() + fill.indicators.size()};
}

}  // namespace

Dataset filled(const MissingFill& fill, const Dataset& data) {
  if (fill.is_identity()) return data;
  Dataset result = data;
  result.features =
      std::visit([&](const auto& rows) -> Dataset::Features { return filled_rows(fill, rows); },
                 data.features);
  return result;
}

}  // namespace nabla
