// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/data/preprocess.h"

namespace nabla {

/// The entries of the inputs that sparse rows become.
struct EntryCounts {
  std::vector<std::size_t> in_column;  ///< of all rows, for each input
  std::size_t rows = 0;
  std::size_t of_batch = 0;  ///< of a mini-batch at most, at least 1
  /// Whether a step moves the weights of all inputs, not only of those with entries.
  bool all_move = false;

  double per_row() const;
};

/// Counts those of mini-batches of so many rows; entries of dense rows are their numbers that are
/// not 0. Inputs behind the features, which are indicators of missing ones, are counted as if every
/// row had them.
EntryCounts count_entries(const Dataset& data, std::size_t inputs, std::size_t batch_rows);

/// The entries of a row on average, without counting columns.
double entries_per_row(const Dataset& data);

/// Whether an input is 0 for each feature that the rows do not store, or that is 0 if they store
/// all: it is then enough to read their entries.
bool keeps_zeros(const Preprocess& preprocess, const Dataset& data);

/// The rows with their entries alone; the same if they are sparse already.
Dataset to_sparse(const Dataset& data);

}  // namespace nabla
