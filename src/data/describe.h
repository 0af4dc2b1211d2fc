// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "nabla/data/dataset.h"

namespace nabla {

/// The range of one feature or target over all rows. Mean and standard deviation (of the
/// population) are infinite or NaN if they are beyond the range of double.
struct ColumnSummary {
  double lowest = 0;
  double highest = 0;
  double mean = 0;
  double deviation = 0;

  bool is_constant() const { return lowest == highest; }
};

/// Rows whose features some other row has as well.
struct RepeatedRows {
  std::size_t rows = 0;
  std::size_t conflicts = 0;  ///< those of them with another class, or other target values
};

/// Training, validation or test rows.
struct PartDescription {
  std::size_t rows = 0;
  /// Classification: rows of each class.
  std::vector<std::size_t> class_rows;
  /// Rows that repeat an earlier one of this part; compared with the first such.
  RepeatedRows duplicates;
  /// Validation and test: rows that are training rows as well; compared with the first such.
  RepeatedRows seen;
  bool is_mapped = false;  ///< the features lie in memory-mapped files
};

/// The facts about a data set that matter before a training.
struct DataDescription {
  Task task = Task::kClassification;
  std::vector<std::string> classes;
  std::size_t inputs = 0;         ///< features per row
  std::string type;               ///< of the features as stored: "uint8", "float32" or "float64"
  std::size_t element_bytes = 0;  ///< of that type
  std::size_t image_height = 0;   ///< as in Dataset
  std::size_t image_width = 0;
  PartDescription train;
  PartDescription validation;
  PartDescription test;
  /// Over the training rows, one per feature, and per target of a regression.
  std::vector<ColumnSummary> features;
  std::vector<ColumnSummary> targets;
  /// The weights of the training rows; one element if they have weights, else none.
  std::vector<ColumnSummary> weights;

  /// Features with the same value in all training rows, ascending.
  std::vector<std::size_t> constant_features() const;
};

/// Describes the data, of which there is at least one training row, on the calling thread. Keeps
/// 16 bytes per row meanwhile; mapped features stay where they are.
DataDescription describe(const DataSplit& data);

}  // namespace nabla
