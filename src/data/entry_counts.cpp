// SPDX-License-Identifier: MIT
#include "data/entry_counts.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <numeric>
#include <span>
#include <utility>
#include <variant>

#include "base/memory.h"
#include "data/row_entries.h"

namespace nabla {

namespace {

/// Calls use(row, column) for each number of the data that is an entry.
template <class Use>
void for_each_entry_of(const Dataset& data, Use use) {
  std::visit(
      [&]<class Features>(const Features& features) {
        for (std::size_t i = 0; i < features.rows(); ++i)
          for_each_entry(features.row(i), [&](std::size_t j, auto x) {
            if (kIsSparse<Features> || x != 0) use(i, j);
          });
      },
      data.features);
}

template <class T>
std::size_t entries_in(std::span<const T> row) {
  return row.size() - static_cast<std::size_t>(std::ranges::count(row, T(0)));
}
template <class T>
std::size_t entries_in(const SparseRow<T>& row) {
  return row.size();
}

template <class T>
SparseMatrix<T> entries_of(const FeatureMatrix<T>& features) {
  std::vector<std::size_t> starts = {0};
  for (std::size_t i = 0; i < features.rows(); ++i)
    starts.push_back(starts.back() + entries_in(features.row(i)));
  // Rows are read in any order: larger pages need fewer look-ups of their addresses.
  auto columns = vector_in_huge_pages<std::uint32_t>(starts.back());
  auto values = vector_in_huge_pages<T>(starts.back());
  std::size_t next = 0;
  for (std::size_t i = 0; i < features.rows(); ++i)
    for_each_entry(features.row(i), [&](std::size_t j, T x) {
      if (x == 0) return;
      columns[next] = static_cast<std::uint32_t>(j);
      values[next++] = x;
    });
  return {starts, std::move(columns), std::move(values), features.cols()};
}
template <class T>
SparseMatrix<T> entries_of(const SparseMatrix<T>& features) {
  return features;
}

}  // namespace

double EntryCounts::per_row() const {
  const std::size_t entries = std::accumulate(in_column.begin(), in_column.end(), std::size_t{0});
  return static_cast<double>(entries) / static_cast<double>(std::max<std::size_t>(rows, 1));
}

EntryCounts count_entries(const Dataset& data, std::size_t inputs, std::size_t batch_rows) {
  const std::size_t indicators = inputs - data.inputs();
  EntryCounts counts;
  counts.rows = data.rows();
  counts.in_column.resize(data.inputs());
  std::vector<std::size_t> in_row(data.rows(), indicators);
  for_each_entry_of(data, [&](std::size_t i, std::size_t j) {
    ++counts.in_column[j];
    ++in_row[i];
  });
  counts.in_column.resize(inputs, data.rows());
  const auto most = std::min(batch_rows, in_row.size());
  std::ranges::nth_element(in_row, in_row.begin() + static_cast<std::ptrdiff_t>(most),
                           std::greater<>());
  const std::size_t entries = std::accumulate(
      in_row.begin(), in_row.begin() + static_cast<std::ptrdiff_t>(most), std::size_t{0});
  counts.of_batch = std::max<std::size_t>(entries, 1);
  return counts;
}

double entries_per_row(const Dataset& data) {
  std::size_t entries = 0;
  std::visit(
      [&](const auto& features) {
        for (std::size_t i = 0; i < features.rows(); ++i) entries += entries_in(features.row(i));
      },
      data.features);
  return static_cast<double>(entries) / static_cast<double>(std::max<std::size_t>(data.rows(), 1));
}

bool keeps_zeros(const Preprocess& preprocess, const Dataset& data) {
  if (!preprocess.components.empty()) return false;
  const bool shifts = std::ranges::any_of(preprocess.shift, [](double x) { return x != 0; });
  if (!shifts) return true;
  if (!is_sparse(data)) return false;
  std::vector<std::size_t> in_column(data.inputs());
  for_each_entry_of(data, [&](std::size_t, std::size_t j) { ++in_column[j]; });
  for (std::size_t j = 0; j < in_column.size(); ++j)
    if (preprocess.shift[j] != 0 && in_column[j] < data.rows()) return false;
  return true;
}

Dataset to_sparse(const Dataset& data) {
  Dataset result = data;
  result.features =
      std::visit([](const auto& features) -> Dataset::Features { return entries_of(features); },
                 data.features);
  return result;
}

}  // namespace nabla
