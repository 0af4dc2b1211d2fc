// SPDX-License-Identifier: MIT
#include "data/number_range.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <type_traits>
#include <variant>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/base/matrix.h"

#include "base/option_values.h"
#include "base/text.h"
#include "data/entry_counts.h"
#include "data/gather.h"
#include "data/input_names.h"
#include "data/input_transform.h"
#include "data/missing_values.h"
#include "data/row_entries.h"
#include "math/elementwise.h"

namespace nabla {

namespace {

template <class T>
[[noreturn]] void refuse(const Dataset& data, std::size_t row, const std::string& data_name,
                         const std::string& column, const std::string& number,
                         const std::string& scaling) {
  constexpr bool kIsFloat = std::is_same_v<T, float>;
  throw DataError(data.origin.place(row, data_name) + ": " + column + ": " + number +
                  " is beyond " + (kIsFloat ? "float32" : "float64") + " after " + scaling +
                  "; expected a magnitude of at most " +
                  general(static_cast<double>(std::numeric_limits<T>::max()), 3) +
                  (kIsFloat ? ", or a training with train.precision = float64" : ""));
}

/// Returns the feature that made an input of a row infinite: that of the input, or if the input is
/// a sum over all features the one that is farthest from its mean.
std::size_t feature_of(std::size_t input, const Preprocess& preprocess,
                       const std::vector<double>& features) {
  if (preprocess.components.empty()) return input;
  std::size_t farthest = 0;
  const auto distance = [&](std::size_t j) { return std::abs(features[j] - preprocess.shift[j]); };
  for (std::size_t j = 1; j < features.size(); ++j)
    if (distance(j) > distance(farthest)) farthest = j;
  return farthest;
}

template <class T>
void require_row_in_range(std::span<const T> inputs, const Preprocess& preprocess,
                          const Dataset& data, std::size_t row, const std::string& data_name) {
  const MissingFill& missing = preprocess.missing;
  if (elementwise::all_finite<T>(inputs)) return;
  if (missing.is_identity()) require_complete_row(data, row, data_name);
  const std::vector<double> stored = row_of_features(data, row);
  std::vector<double> features = stored;  // as they are before the normalisation
  if (!missing.is_identity())
    for (std::size_t j = 0; j < features.size(); ++j)
      if (is_missing(stored[j])) features[j] = missing.values[j];
  for (std::size_t j = 0; j < inputs.size(); ++j) {
    if (std::isfinite(inputs[j])) continue;
    const std::size_t feature = feature_of(j, preprocess, features);
    // The training tells of a feature that is infinite from the start.
    if (feature >= features.size() || !std::isfinite(features[feature])) continue;
    const std::string number = write_number(features[feature]);
    refuse<T>(data, row, data_name, input_names(data)[feature],
              is_missing(stored[feature])
                  ? "the value is missing, and the " + number +
                        " of data.missing = " + std::string(name_of(missing.kind))
                  : number,
              "data.normalize = " + std::string(name_of(preprocess.kind)));
  }
}

/// Looks at the inputs that are made of the rows' entries; the others are 0.
template <class T, class S>
void require_entries_in_range(const Preprocess& preprocess, const InputTransform<T>& transform,
                              const SparseMatrix<S>& features, const Dataset& data,
                              const std::string& data_name) {
  std::vector<std::uint32_t> columns;
  std::vector<T> values;
  for (std::size_t i = 0; i < features.rows(); ++i) {
    const SparseRow<S> row = features.row(i);
    columns.resize(row.size() + transform.added_entries());
    values.resize(columns.size());
    const SparseRow<T> entries =
        transform.apply_entries(row, columns.data(), values.data(), /*may_be_borrowed=*/true);
    if (elementwise::all_finite<T>(entries.values)) continue;
    std::vector<T> inputs(preprocess.outputs(data.inputs()));
    copy_row(entries, std::span(inputs));
    require_row_in_range<T>(inputs, preprocess, data, i, data_name);
  }
}

template <class T>
void require_inputs_in_range(const Preprocess& preprocess, const InputTransform<T>& transform,
                             const Dataset& data, const std::string& data_name) {
  // A byte is within the range of every type, and so is its distance from a mean of bytes.
  if (std::holds_alternative<FeatureMatrix<std::uint8_t>>(data.features) ||
      std::holds_alternative<SparseMatrix<std::uint8_t>>(data.features))
    return;
  if (is_sparse(data) && keeps_zeros(preprocess, data))
    return std::visit(
        [&]<class Features>(const Features& features) {
          if constexpr (kIsSparse<Features>)
            require_entries_in_range(preprocess, transform, features, data, data_name);
        },
        data.features);
  constexpr std::size_t kRows = 64;
  Matrix<T> inputs(std::min(kRows, data.rows()), preprocess.outputs(data.inputs()));
  std::vector<std::uint32_t> rows(inputs.rows());
  for (std::size_t first = 0; first < data.rows(); first += kRows) {
    const std::size_t count = std::min(kRows, data.rows() - first);
    std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(first));
    const MatrixView<T> block = inputs.view().row_range(0, count);
    gather_inputs(data, transform, std::span<const std::uint32_t>(rows).first(count), block);
    if (elementwise::all_finite<T>(std::span<const T>(block.data, count * block.cols))) continue;
    for (std::size_t i = 0; i < count; ++i)
      require_row_in_range<T>(block.row(i), preprocess, data, first + i, data_name);
  }
}

template <class T>
void require_targets_in_range(const TargetScaling& scaling, const Dataset& data,
                              const std::string& data_name) {
  for (std::size_t i = 0; i < data.targets.rows(); ++i)
    for (std::size_t j = 0; j < data.targets.cols(); ++j) {
      const double target = data.targets(i, j);
      if (std::isfinite(target) && !std::isfinite(static_cast<T>(scaling.standardized(target, j))))
        refuse<T>(data, i, data_name, target_names(data)[j], write_number(target),
                  scaling.is_identity() ? "data.standardize-targets = no"
                                        : "data.standardize-targets = yes");
    }
}

}  // namespace

template <class T>
void require_in_range(const Preprocess& preprocess, const Dataset& data,
                      const std::string& data_name) {
  require_in_range(preprocess, InputTransform<T>(preprocess), data, data_name);
}

template <class T>
void require_in_range(const Preprocess& preprocess, const InputTransform<T>& transform,
                      const Dataset& data, const std::string& data_name) {
  if (data.rows() == 0) return;
  require_inputs_in_range(preprocess, transform, data, data_name);
  require_targets_in_range<T>(preprocess.targets, data, data_name);
}

template void require_in_range<float>(const Preprocess&, const Dataset&, const std::string&);
template void require_in_range<double>(const Preprocess&, const Dataset&, const std::string&);
template void require_in_range(const Preprocess&, const InputTransform<float>&, const Dataset&,
                               const std::string&);
template void require_in_range(const Preprocess&, const InputTransform<double>&, const Dataset&,
                               const std::string&);

}  // namespace nabla
