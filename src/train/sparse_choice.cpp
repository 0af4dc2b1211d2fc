// SPDX-License-Identifier: MIT
#include "train/sparse_choice.h"

#include <string>

#include "nabla/base/error.h"

#include "base/option_values.h"
#include "data/entry_counts.h"
#include "data/normalization.h"
#include "data/row_entries.h"

namespace nabla {

namespace {

/// The share of the numbers that are not 0 up to which entries are faster, for a first layer of so
/// many neurons (docs/architecture.md, "Sparse rows").
double largest_density(std::size_t neurons) { return neurons <= 128 ? 0.3 : 0.02; }

/// The normalisations that keep zeros.
std::string keeping_zeros() {
  std::string names;
  for (const Normalization kind : all_normalizations())
    if (traits_of(kind).keeps_zeros)
      names += (names.empty() ? "" : ", ") + std::string(traits_of(kind).name);
  return names;
}

}  // namespace

bool chooses_sparse(const DataOptions& data, const NetworkOptions& network,
                    const TrainOptions& training, const Dataset& train) {
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
  const EntryCounts entries = count_entries(train, train.inputs(), 1);
  const std::size_t neurons = network.hidden.empty() ? train.outputs() : network.hidden.front();
  return entries.per_row() <= largest_density(neurons) * static_cast<double>(train.inputs());
}

}  // namespace nabla
