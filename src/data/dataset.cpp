// SPDX-License-Identifier: MIT
#include "nabla/data/dataset.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

namespace nabla {

std::size_t Dataset::rows() const {
  return std::visit([](const auto& matrix) { return matrix.rows(); }, features);
}

std::size_t Dataset::inputs() const {
  return std::visit([](const auto& matrix) { return matrix.cols(); }, features);
}

std::size_t Dataset::outputs() const {
  return task == Task::kClassification ? classes.size() : targets.cols();
}

namespace {

Matrix<double> select_rows(const Matrix<double>& matrix, const std::vector<std::uint32_t>& rows) {
  if (matrix.rows() == 0) return {};
  Matrix<double> result(rows.size(), matrix.cols());
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::ranges::copy(matrix.row(rows[i]), result.row(i).begin());
  return result;
}

Dataset select_with(Dataset::Features features, const Dataset& dataset,
                    const std::vector<std::uint32_t>& rows) {
  Dataset result;
  result.features = std::move(features);
  result.task = dataset.task;
  result.classes = dataset.classes;
  if (!dataset.labels.empty()) {
    result.labels.reserve(rows.size());
    for (const std::uint32_t row : rows) result.labels.push_back(dataset.labels[row]);
  }
  result.targets = select_rows(dataset.targets, rows);
  if (!dataset.weights.empty()) {
    result.weights.reserve(rows.size());
    for (const std::uint32_t row : rows) result.weights.push_back(dataset.weights[row]);
  }
  result.image_height = dataset.image_height;
  result.image_width = dataset.image_width;
  result.one_hot = dataset.one_hot;
  result.columns = dataset.columns;
  result.format = dataset.format;
  return result;
}

}  // namespace

Dataset select(const Dataset& dataset, const std::vector<std::uint32_t>& rows) {
  Dataset result = select_with(
      std::visit([&](const auto& matrix) -> Dataset::Features { return matrix.select(rows); },
                 dataset.features),
      dataset, rows);
  result.origin = dataset.origin.select(rows);
  return result;
}

Dataset slice(const Dataset& dataset, std::size_t first, std::size_t count) {
  assert(first + count <= dataset.rows());
  std::vector<std::uint32_t> rows(count);
  std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(first));
  Dataset result = select_with(
      std::visit(
          [&](const auto& matrix) -> Dataset::Features { return matrix.slice(first, count); },
          dataset.features),
      dataset, rows);
  result.origin = dataset.origin.slice(first);
  return result;
}

}  // namespace nabla
