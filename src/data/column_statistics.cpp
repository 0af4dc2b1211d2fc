// SPDX-License-Identifier: MIT
#include "data/column_statistics.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <variant>

#include "nabla/base/error.h"

namespace nabla {

namespace {

/// work(row, column count) for the rows in ascending order, each a span of its stored type.
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
  std::vector<double> lowest = first_row(data);
  std::vector<double> highest = lowest;
  for_each_row(data, [&](const auto& row) {
    for (std::size_t j = 0; j < lowest.size(); ++j) {
      const auto x = static_cast<double>(row[j]);
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

}  // namespace nabla
