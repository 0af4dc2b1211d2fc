// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "nabla/base/matrix.h"
#include "nabla/data/dataset.h"
#include "nabla/data/preprocess.h"

#include "data/augmentation.h"
#include "data/input_transform.h"

namespace nabla {

/// inputs(i, ·) ← the preprocessed features of data row rows[i], converted from the type they are
/// stored in. inputs is [rows × network inputs], which are as many as the preprocessing gives.
/// Allocates nothing.
template <class T>
void gather_inputs(const Dataset& data, const InputTransform<T>& transform,
                   std::span<const std::uint32_t> rows, MatrixView<T> inputs);

/// Returns the largest number of inputs of a data row that may be entries, see gather_entries.
template <class T>
std::size_t most_entries(const Dataset& data, const InputTransform<T>& transform, std::size_t row);
/// Returns the same of `at_once` data rows that follow each other, from `first` on, of `count`.
template <class T>
std::size_t most_entries(const Dataset& data, const InputTransform<T>& transform, std::size_t first,
                         std::size_t count, std::size_t at_once);

/// Writes the inputs of a data row that are not 0, or that its sparse row has, to `columns` and
/// `values`, which have room for most_entries of them; returns their number. The preprocessing
/// keeps zeros, see keeps_zeros. Allocates nothing.
template <class T>
std::size_t gather_entries(const Dataset& data, const InputTransform<T>& transform, std::size_t row,
                           std::uint32_t* columns, T* values);

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

/// Does as gather_inputs, but deforms the images as `epoch` sees them before they are preprocessed.
/// `augmentation` was made for these data. Allocates nothing.
template <class T>
void gather_augmented_inputs(const Dataset& data, const Augmentation& augmentation,
                             std::size_t epoch, const InputTransform<T>& transform,
                             std::span<const std::uint32_t> rows, MatrixView<T> inputs);

}  // namespace nabla
