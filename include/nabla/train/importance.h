// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/engine/executor.h"
#include "nabla/engine/parallel_options.h"
#include "nabla/engine/ranks.h"
#include "nabla/model/model.h"

namespace nabla {

/// The permutation importance of a column of the data, or of a feature if they came from no table.
struct ColumnImportance {
  std::string name;
  /// By how much Score::goodness falls on average if the column's values are exchanged among the
  /// rows, and the population standard deviation over the repeats.
  double mean = 0;
  double deviation = 0;
};

struct ImportanceOptions {
  std::size_t repeats = 5;  ///< permutations of each column, at least 1
  std::uint64_t seed = 1;   ///< of the permutations
};

/// Permutes one column of the rows after the other and evaluates the model on them (Breiman 2001).
/// The inputs made of the categories of one column are permuted together. Returns the columns in
/// their order. Throws as evaluate does.
std::vector<ColumnImportance> permutation_importance(const AnyModel& model, const Dataset& data,
                                                     const ImportanceOptions& options = {},
                                                     const ParallelOptions& parallel = {});
/// The same on threads that are there already. Ranks divide the rows among themselves; all return
/// the result.
template <class T>
std::vector<ColumnImportance> permutation_importance(const Model<T>& model, const Dataset& data,
                                                     const ImportanceOptions& options,
                                                     Executor& executor,
                                                     Ranks& ranks = lone_rank());

}  // namespace nabla
