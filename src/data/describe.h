// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "nabla/data/dataset.h"

namespace nabla {

/// The range, the mean and the standard deviation (of the population) of one feature or target over
/// all rows. All are finite.
struct ColumnSummary {
  double lowest = 0;
  double highest = 0;
  double mean = 0;
  double deviation = 0;
  std::size_t missing = 0;  ///< rows without the value, which the others leave out

  bool is_constant() const { return lowest == highest; }
};

/// The rows whose features another row has as well.
struct RepeatedRows {
  std::size_t rows = 0;
  std::size_t conflicts = 0;  ///< how many of them have another class, or other target values
};

/// Training, validation or test rows.
struct PartDescription {
  std::size_t rows = 0;
  /// For a classification, the number of rows of each class.
  std::vector<std::size_t> class_rows;
  /// The rows that repeat an earlier row of this part; compared with the first such row.
  RepeatedRows duplicates;
  /// The validation or test rows that are training rows as well; compared with the first such row.
  RepeatedRows seen;
  std::size_t entries = 0;         ///< numbers of all features that are not 0
  std::size_t empty_rows = 0;      ///< rows without entries
  std::size_t empty_features = 0;  ///< features without entries
  std::size_t bytes = 0;           ///< of the features as stored, in memory or mapped
  bool is_mapped = false;          ///< the features lie in memory-mapped files
};

/// The facts about a data set that matter before a training.
struct DataDescription {
  Task task = Task::kClassification;
  std::vector<std::string> classes;
  std::size_t inputs = 0;  ///< features per row
  std::string type;        ///< type of the features as stored: "uint8", "float32" or "float64"
  bool is_sparse = false;  ///< the training rows keep their entries alone
  std::size_t image_height = 0;  ///< as in Dataset
  std::size_t image_width = 0;
  PartDescription train;
  PartDescription validation;
  PartDescription test;
  /// The ranges over the training rows, one per feature, and one per target of a regression.
  std::vector<ColumnSummary> features;
  std::vector<ColumnSummary> targets;
  /// The range of the training rows' weights; one element if they have weights, else none.
  std::vector<ColumnSummary> weights;

  /// The features with the same value in all training rows, in ascending order.
  std::vector<std::size_t> constant_features() const;
};

/// The type of the features as stored.
struct ElementType {
  const char* name;  ///< "uint8", "float32" or "float64"
  std::size_t bytes;
};

ElementType element_type(const Dataset& data);

/// Describes the data, which have at least one training row, on the calling thread. Keeps 16 bytes
/// per row meanwhile; mapped features stay in their files.
DataDescription describe(const DataSplit& data);

}  // namespace nabla
