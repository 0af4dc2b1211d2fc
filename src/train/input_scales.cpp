// SPDX-License-Identifier: MIT
#include "train/input_scales.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "nabla/base/matrix.h"
#include "nabla/data/preprocess.h"

#include "data/entry_counts.h"
#include "data/gather.h"
#include "data/input_transform.h"
#include "data/row_entries.h"

namespace nabla {

namespace {

template <class T>
double largest_magnitude(std::span<const T> numbers) {
  double largest = 0;
  for (const T x : numbers) largest = std::max(largest, std::abs(static_cast<double>(x)));
  return largest;
}

/// Returns whether the normalisation brings all inputs to a scale near 1.
bool scales_inputs(const Preprocess& preprocess) {
  return !preprocess.divisor.empty() || preprocess.kind == Normalization::kUnit ||
         preprocess.kind == Normalization::kWhiten;
}

}  // namespace

template <class T>
void measure_scales(const Model<T>& model, const Dataset& train, Divergence& divergence) {
  const Preprocess& preprocess = model.preprocess;
  if (!scales_inputs(preprocess)) {
    const InputTransform<T> transform(preprocess);
    const bool are_entries = is_sparse(train) && keeps_zeros(preprocess, train);
    if (are_entries) {
      std::vector<std::uint32_t> rows(train.rows());
      std::iota(rows.begin(), rows.end(), 0U);
      const std::size_t most = most_entries(train, transform, 0, train.rows(), 1);
      std::vector<std::uint32_t> columns(most);
      std::vector<T> values(most);
      gather_entries(
          train, transform, std::span<const std::uint32_t>(rows), true,
          [&](std::size_t) { return columns.data(); }, [&](std::size_t) { return values.data(); },
          [&](std::size_t, const SparseRow<T>& row) {
            divergence.largest_input =
                std::max(divergence.largest_input, largest_magnitude<T>(row.values));
          });
    }
    Matrix<T> inputs(1, model.network.topology().inputs());
    for (std::uint32_t row = 0; row < train.rows() && !are_entries; ++row) {
      gather_inputs(train, transform, std::span(&row, 1), inputs.view());
      divergence.largest_input =
          std::max(divergence.largest_input, largest_magnitude<T>(inputs.elements()));
    }
  }
  if (preprocess.targets.is_identity())
    divergence.largest_target = largest_magnitude<double>(train.targets.elements());
}

template void measure_scales(const Model<float>&, const Dataset&, Divergence&);
template void measure_scales(const Model<double>&, const Dataset&, Divergence&);

}  // namespace nabla
