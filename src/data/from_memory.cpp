// SPDX-License-Identifier: MIT
#include "nabla/data/from_memory.h"

#include <cmath>
#include <limits>
#include <span>
#include <type_traits>

#include "nabla/base/error.h"

#include "data/multi_label.h"
#include "data/row_entries.h"

namespace nabla {

namespace {

[[noreturn]] void fail(const std::string& what) { throw DataError("data from memory: " + what); }

void require_finite(double value, std::size_t row, std::size_t col, const char* what) {
  if (!std::isfinite(value))
    fail("row " + std::to_string(row) + ", " + what + " " + std::to_string(col) + ": found " +
         std::to_string(value) + "; expected finite numbers");
}

template <class T>
std::span<const T> stored_numbers(std::span<const T> row) {
  return row;
}
template <class T>
std::span<const T> stored_numbers(const SparseRow<T>& row) {
  return row.values;
}

/// Whether a number is infinite. The loop has no branches and so reads several at a time.
template <class T>
bool has_infinite(std::span<const T> numbers) {
  bool found = false;
  for (const T x : numbers) found |= std::abs(x) > std::numeric_limits<T>::max();
  return found;
}

template <class Features>
void require_finite(const Features& features) {
  if constexpr (std::is_floating_point_v<ElementOf<Features>>)
    for (std::size_t row = 0; row < features.rows(); ++row) {
      if (!has_infinite(stored_numbers(features.row(row)))) continue;
      for_each_entry(features.row(row), [&](std::size_t col, auto value) {
        if (!std::isnan(value)) require_finite(value, row, col, "feature");
      });
    }
}

Dataset with_features(Dataset::Features features) {
  std::visit([](const auto& matrix) { require_finite(matrix); }, features);
  Dataset dataset;
  dataset.features = std::move(features);
  if (dataset.rows() == 0 || dataset.inputs() == 0)
    fail("found " + std::to_string(dataset.rows()) + " rows of " +
         std::to_string(dataset.inputs()) + " features; expected one or more of each");
  if (dataset.rows() > std::numeric_limits<std::uint32_t>::max())
    fail("found " + std::to_string(dataset.rows()) + " rows; expected at most 4294967295");
  return dataset;
}

}  // namespace

void require_shape(std::size_t values, std::size_t rows, std::size_t cols) {
  if (cols == 0 || values % cols != 0 || values / cols != rows)
    fail("found " + std::to_string(values) + " values; expected " + std::to_string(rows) +
         " rows × " + std::to_string(cols) + " columns of them, one column or more");
}

void require_entries(std::span<const std::size_t> starts, std::span<const std::uint32_t> columns,
                     std::size_t cols) {
  if (cols == 0) fail("found 0 columns; expected one or more");
  if (starts.size() < 2 || starts.front() != 0 || starts.back() != columns.size())
    fail("found " + std::to_string(columns.size()) + " columns of entries and starts" +
         (starts.empty() ? ""
                         : " from " + std::to_string(starts.front()) + " to " +
                               std::to_string(starts.back())) +
         "; expected a row or more whose starts go from 0 to the number of columns");
  for (std::size_t row = 0; row + 1 < starts.size(); ++row) {
    const auto fail_in_row = [&](const std::string& what) {
      fail("row " + std::to_string(row) + ": " + what);
    };
    if (starts[row + 1] < starts[row] || starts[row + 1] > columns.size())
      fail_in_row("found entries from " + std::to_string(starts[row]) + " to " +
                  std::to_string(starts[row + 1]) + "; expected starts that ascend");
    for (std::size_t i = starts[row]; i < starts[row + 1]; ++i)
      if (columns[i] >= cols || (i > starts[row] && columns[i] <= columns[i - 1]))
        fail_in_row("found the column " + std::to_string(columns[i]) +
                    (i > starts[row] ? " after " + std::to_string(columns[i - 1]) : "") +
                    "; expected ascending columns below " + std::to_string(cols));
  }
}

void require_values(std::size_t values, std::size_t columns) {
  if (values != columns)
    fail("found " + std::to_string(values) + " values; expected one for each of the " +
         std::to_string(columns) + " columns of entries");
}

Dataset make_classification(Dataset::Features features, std::vector<std::uint32_t> labels,
                            std::vector<std::string> classes) {
  Dataset dataset = with_features(std::move(features));
  if (labels.size() != dataset.rows())
    fail("found " + std::to_string(labels.size()) + " labels; expected one for each of the " +
         std::to_string(dataset.rows()) + " rows");
  if (classes.empty()) fail("found no classes; expected one or more");
  for (std::size_t row = 0; row < labels.size(); ++row)
    if (labels[row] >= classes.size())
      fail("row " + std::to_string(row) + ": its label is no class; expected 0 to " +
           std::to_string(classes.size() - 1));
  dataset.labels = std::move(labels);
  dataset.classes = std::move(classes);
  return dataset;
}

Dataset make_classification(Dataset::Features features, std::vector<std::uint32_t> labels,
                            std::size_t classes) {
  std::vector<std::string> names;
  for (std::size_t label = 0; label < classes; ++label) names.push_back(std::to_string(label));
  return make_classification(std::move(features), std::move(labels), std::move(names));
}

Dataset make_regression(Dataset::Features features, std::span<const double> targets,
                        std::size_t outputs) {
  Dataset dataset = with_features(std::move(features));
  require_shape(targets.size(), dataset.rows(), outputs);
  dataset.task = Task::kRegression;
  dataset.targets = Matrix<double>(dataset.rows(), outputs);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    require_finite(targets[i], i / outputs, i % outputs, "target");
    dataset.targets.data()[i] = targets[i];
  }
  return dataset;
}

Dataset make_multi_label(Dataset::Features features, std::span<const double> labels,
                         std::size_t outputs) {
  Dataset dataset = make_regression(std::move(features), labels, outputs);
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (!is_label(labels[i]))
      fail("row " + std::to_string(i / outputs) + ": label " + std::to_string(i % outputs) +
           " is neither 0 nor 1");
  dataset.task = Task::kMultiLabel;
  return dataset;
}

}  // namespace nabla
