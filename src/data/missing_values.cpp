// SPDX-License-Identifier: MIT
#include "data/missing_values.h"

#include <algorithm>
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

/// Each returns a statistic of one or more numbers in ascending order.
double mean_of(std::span<const double> values) {
  // The distances from the first do not overflow the sum, and a constant column keeps its value.
  double sum = 0;
  for (const double x : values) sum += x - values.front();
  return values.front() + sum / static_cast<double>(values.size());
}

double median_of(std::span<const double> values) {
  const std::size_t middle = values.size() / 2;
  if (values.size() % 2 == 1) return values[middle];
  return values[middle - 1] + (values[middle] - values[middle - 1]) / 2;
}

double most_frequent_of(std::span<const double> values) {
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
  double (*statistic)(std::span<const double> values) = nullptr;
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
          require_values(features.row(row), data, row, name, "data.missing = median");
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

std::vector<double> present_values(const Dataset& data, std::size_t feature) {
  std::vector<double> values;
  std::visit(
      [&](const auto& features) {
        for (std::size_t row = 0; row < features.rows(); ++row)
          if (const auto x = number_at(features, row, feature); !is_missing(x))
            values.push_back(static_cast<double>(x));
      },
      data.features);
  std::ranges::sort(values);
  return values;
}

MissingFill fit_missing(Missing missing, bool indicates, const Dataset& train) {
  MissingFill fill;
  fill.kind = missing;
  if (missing == Missing::kError) {
    require_complete(train, "the training rows");
    return fill;
  }
  const std::vector<std::size_t> categories = train.one_hot.category_inputs();
  for (std::size_t feature = 0; feature < train.inputs(); ++feature) {
    // To look for each of many categories in all sparse rows would take long, and none is missing.
    if (is_sparse(train) && std::ranges::binary_search(categories, feature)) {
      fill.values.push_back(0);
      continue;
    }
    const std::vector<double> values = present_values(train, feature);
    if (values.empty())
      throw DataError("data.missing: " + input_names(train)[feature] +
                      " is missing in all training rows; expected one row that has it, or its "
                      "column in data.ignore");
    fill.values.push_back(row_of(kMissingTraits, missing).statistic(values));
  }
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
