// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>

#include "nabla/base/matrix.h"
#include "nabla/data/dataset.h"
#include "nabla/data/preprocess.h"

#include "data/augmentation.h"
#include "data/input_transform.h"
#include "data/row_entries.h"

namespace nabla {

/// inputs(i, ·) ← the preprocessed features of data row rows[i], converted from the type they are
/// stored in. inputs is [rows × network inputs], which are as many as the preprocessing gives. Y is
/// T or, if T is float, bfloat16_t. Allocates nothing.
template <class T, class Y>
void gather_inputs(const Dataset& data, const InputTransform<T>& transform,
                   std::span<const std::uint32_t> rows, MatrixView<Y> inputs);

/// Returns the largest number of inputs of a data row that may be entries, see gather_entries.
template <class T>
std::size_t most_entries(const Dataset& data, const InputTransform<T>& transform, std::size_t row);
/// Returns the same of `at_once` data rows that follow each other, from `first` on, of `count`.
template <class T>
std::size_t most_entries(const Dataset& data, const InputTransform<T>& transform, std::size_t first,
                         std::size_t count, std::size_t at_once);

/// The inputs of a row of features that are not 0, written to `columns` and `values`, which have
/// room for all.
template <class T, class S>
SparseRow<T> entries_of_inputs(const InputTransform<T>& transform, std::span<const S> features,
                               std::uint32_t* columns, T* values) {
  const S* const pointer = features.data();
  const std::size_t inputs = features.size() + transform.added_entries();
  transform.apply(std::span(&pointer, 1), MatrixView<T>(values, 1, inputs));
  std::size_t count = 0;
  for (std::size_t j = 0; j < inputs; ++j) {
    columns[count] = static_cast<std::uint32_t>(j);
    const T value = values[j];
    values[count] = value;
    count += value != T(0) ? 1 : 0;
  }
  return {{columns, count}, {values, count}};
}

/// Calls use(i, row) for the inputs of data row rows[i], i ascending: those that are not 0, or that
/// its sparse row has. They lie in columns_of(i) and values_of(i), which have room for most_entries
/// of the row, or in the data themselves if they `may_be_borrowed`. The preprocessing keeps
/// zeros, see keeps_zeros. Allocates nothing.
template <class T, class Columns, class Values, class Use>
void gather_entries(const Dataset& data, const InputTransform<T>& transform,
                    std::span<const std::uint32_t> rows, bool may_be_borrowed, Columns columns_of,
                    Values values_of, Use use);

/// targets(i, ·) ← the targets of data row rows[i]: 1 at the label and 0 elsewhere for a
/// classification, standardised by `scaling` for a regression. targets is
/// [rows × data.outputs()].
template <class T>
void gather_targets(const Dataset& data, std::span<const std::uint32_t> rows, MatrixView<T> targets,
                    const TargetScaling& scaling = {});

/// to[i] ← weights[rows[i]]; does nothing if `to` is empty.
void gather_weights(std::span<const double> weights, std::span<const std::uint32_t> rows,
                    std::span<double> to);

/// Asks the cache for the features of data rows that are to be gathered soon.
void prefetch_inputs(const Dataset& data, std::span<const std::uint32_t> rows);

template <class T, class Columns, class Values, class Use>
void gather_entries(const Dataset& data, const InputTransform<T>& transform,
                    std::span<const std::uint32_t> rows, bool may_be_borrowed, Columns columns_of,
                    Values values_of, Use use) {
  std::visit(
      [&]<class Features>(const Features& features) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
          std::uint32_t* const columns = columns_of(i);
          T* const values = values_of(i);
          if constexpr (kIsSparse<Features>)
            use(i,
                transform.apply_entries(features.row(rows[i]), columns, values, may_be_borrowed));
          else
            use(i, entries_of_inputs(transform, features.row(rows[i]), columns, values));
        }
      },
      data.features);
}

/// Does as gather_inputs, but deforms the images as `epoch` sees them before they are preprocessed.
/// `augmentation` was made for these data. Allocates nothing.
template <class T, class Y>
void gather_augmented_inputs(const Dataset& data, const Augmentation& augmentation,
                             std::size_t epoch, const InputTransform<T>& transform,
                             std::span<const std::uint32_t> rows, MatrixView<Y> inputs);

}  // namespace nabla
