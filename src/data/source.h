// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"

namespace nabla {

/// The rows as a source gives them, before split and limit, and what errors call them.
struct SourceRows {
  Dataset train;
  std::string train_name;
  Dataset test;  ///< no rows where the source has none
  std::string test_name;
};

/// Reads the configured source. Files are named as they were found. Throws as load_data does.
SourceRows read_source(const DataOptions& options);

/// The IDX files of `options` (see DataOptions).
SourceRows read_idx_source(const DataOptions& options);

/// The CIFAR-10 files of `options` (see DataOptions).
SourceRows read_cifar10_source(const DataOptions& options);

/// The CSV files of `options`; several files of a list are one table after the other. Classes are
/// those of all training files; the test files are read with them.
SourceRows read_csv_source(const DataOptions& options);

}  // namespace nabla
