// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"

namespace nabla {

struct CsvRows;

/// The rows as a source gives them, before split and limit, and what errors call them.
struct SourceRows {
  Dataset train;
  std::string train_name;
  /// Where the source brings its own validation rows. load_data takes them where data.validation
  /// is 0.
  Dataset validation;
  std::string validation_name;
  Dataset test;  ///< no rows where the source has none
  std::string test_name;
  /// The rows with categories that are numbers yet, since the training rows decide on the inputs
  /// that they become; null where there are none.
  std::shared_ptr<const CsvRows> train_categories;
  std::shared_ptr<const CsvRows> test_categories;
};

/// What the targets of further rows must be.
inline TaskChoice chosen_task(const Dataset& train) {
  return train.task == Task::kClassification ? TaskChoice::kClassification
                                             : TaskChoice::kRegression;
}

/// Reads the configured source. Files are named as they were found. Throws as load_data does.
SourceRows read_source(const DataOptions& options);

/// The IDX files of `options` (see DataOptions).
SourceRows read_idx_source(const DataOptions& options);

/// The CIFAR-10 files of `options` (see DataOptions).
SourceRows read_cifar10_source(const DataOptions& options);

/// The CSV files of `options`; several files of a list are one table after the other. Classes are
/// those of all training files; the test files are read with them.
SourceRows read_csv_source(const DataOptions& options);

/// The NPZ file of `options`: x_train, y_train and, where they are there, x_test, y_test.
SourceRows read_npz_source(const DataOptions& options);

/// The pickle of `options`: pairs of training and test rows, or the book's triple with validation
/// rows between them. These join the training rows where options.validation is given.
SourceRows read_pkl_source(const DataOptions& options);

/// The one file of a source that holds training and test rows: that of options.train, or the
/// standard name, with or without ".gz", in options.dir.
std::filesystem::path find_only_file(const DataOptions& options, const std::string& standard_name);

/// The LIBSVM files of `options`; several files of a list are one table after the other.
SourceRows read_libsvm_source(const DataOptions& options);

}  // namespace nabla
