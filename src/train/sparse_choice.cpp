// SPDX-License-Identifier: MIT
#include "train/sparse_choice.h"

#include <string>

#include "nabla/base/error.h"

#include "base/option.h"
#include "base/option_values.h"
#include "data/entry_counts.h"
#include "data/normalization.h"
#include "data/row_entries.h"
#include "engine/plan.h"

namespace nabla {

namespace {

/// The share of the numbers that are not 0 up to which entries are faster (docs/architecture.md,
/// "Sparse rows"): dense products gain more from a second thread, and from bfloat16.
double largest_density(const Topology& topology, const TrainOptions& training, std::size_t rows) {
  if (training.batch_rows(rows) < smallest_split_batch(topology)) return 0.25;
  return training.precision == Precision::kBfloat16 ? 0.02 : 0.05;
}

/// The normalisations that keep zeros.
std::string keeping_zeros() {
  std::string names;
  for (const Normalization kind : all_normalizations())
    if (traits_of(kind).keeps_zeros)
      names += (names.empty() ? "" : ", ") + std::string(traits_of(kind).name);
  return names;
}

/// The choice, whether or not the options ask for lazy steps.
bool choice_of(const DataOptions& data, const NetworkOptions& network, const TrainOptions& training,
               const Dataset& train) {
  const bool deforms = training.augment.affine || training.augment.elastic;
  const bool keeps = traits_of(data.normalize).keeps_zeros;
  // The numbers of a table are entries even if they are 0.
  const bool is_table_of_entries = is_sparse(train) && train.is_table() &&
                                   traits_of(data.normalize).formula != InputFormula::kRotated;
  if (is_sparse(train) && !train.is_table() && !keeps)
    throw ConfigError("data.normalize", std::string(name_of(data.normalize)) +
                                            " would make other numbers of the zeros of sparse "
                                            "rows, expected " +
                                            keeping_zeros());
  if (data.sparse == true) {
    require_option(!deforms, "data.sparse", "yes contradicts data.augment, expected no or auto");
    require_option(keeps || is_table_of_entries, "data.sparse",
                   "yes contradicts data.normalize = " + std::string(name_of(data.normalize)) +
                       ", which makes other numbers of zeros, expected no, or data.normalize as "
                       "one of " +
                       keeping_zeros());
  }
  if (data.sparse) return *data.sparse;
  if (deforms || !(keeps || is_table_of_entries)) return false;
  if (is_sparse(train) && !train.is_table()) return true;
  const NetworkPlan plan = plan_network(network, train.inputs(), train.outputs(), train.task);
  const Topology topology(plan.widths, plan.activations, plan.batch_norm);
  return entries_per_row(train) <=
         largest_density(topology, training, train.rows()) * static_cast<double>(train.inputs());
}

}  // namespace

bool chooses_sparse(const DataOptions& data, const NetworkOptions& network,
                    const TrainOptions& training, const Dataset& train) {
  const bool sparse = choice_of(data, network, training, train);
  require_option(sparse || !training.optimizer.lazy, "optimizer.lazy",
                 "yes without sparse rows, expected data.sparse = yes, or no");
  return sparse;
}

}  // namespace nabla
