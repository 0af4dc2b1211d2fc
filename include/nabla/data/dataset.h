// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "nabla/base/matrix.h"
#include "nabla/data/feature_matrix.h"
#include "nabla/data/row_origin.h"
#include "nabla/data/sparse_matrix.h"
#include "nabla/data/table.h"
#include "nabla/data/task.h"

namespace nabla {

/// Rows of features with their targets, kept in the type they were stored in: MNIST stays uint8
/// and is converted while a mini-batch is gathered. A value; copies share the features.
struct Dataset {
  using Features =
      std::variant<FeatureMatrix<std::uint8_t>, FeatureMatrix<float>, FeatureMatrix<double>,
                   SparseMatrix<std::uint8_t>, SparseMatrix<float>, SparseMatrix<double>>;

  /// [rows × features]
  Features features;
  Task task = Task::kClassification;

  /// Classification: one class index per row, below classes.size(). Else empty.
  std::vector<std::uint32_t> labels;
  /// Classification: the name of each class, in the order of their indices.
  std::vector<std::string> classes;
  /// Regression: [rows × targets]. Multi-label: [rows × labels], 1 if the row has the label, else
  /// 0. Empty for a classification.
  Matrix<double> targets;
  /// How much each row counts in training: finite, ≥ 0, not all 0. Empty: 1 for every row.
  std::vector<double> weights;

  /// Pixels of one row if the features are an image, else 0 × 0. An image in colour is several
  /// planes of that size, one after the other.
  std::size_t image_height = 0;
  std::size_t image_width = 0;

  /// Which inputs came from categories of a table, and the columns of that table.
  OneHot one_hot;
  TableColumns columns;
  /// How the files of that table and of its test rows are written; kAuto if they differ in it.
  CsvFormat format;

  /// Where the rows come from.
  RowOrigin origin;

  /// Facts about reading these rows that the user should know, one line each; no slice has them.
  std::vector<std::string> warnings;

  std::size_t rows() const;
  /// Features per row.
  std::size_t inputs() const;
  /// Whether the rows came from a table of named or numbered columns.
  bool is_table() const { return columns.count > 0; }
  /// Width of the output layer: number of classes, targets or labels.
  std::size_t outputs() const;
};

/// Rows [first, first + count) as a data set of their own, which shares the features.
Dataset slice(const Dataset& dataset, std::size_t first, std::size_t count);
/// The named rows, in that order, as a data set of their own, which shares the features.
Dataset select(const Dataset& dataset, const std::vector<std::uint32_t>& rows);

/// The rows of one experiment: training, validation and test rows with the same inputs, task and
/// classes. Validation and test may have no rows.
struct DataSplit {
  Dataset train;
  Dataset validation;
  Dataset test;
};

}  // namespace nabla
