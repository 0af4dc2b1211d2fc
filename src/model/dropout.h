// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/row_range.h"
#include "math/dropout.h"
#include "math/precision.h"
#include "model/units.h"
#include "model/workspace.h"

namespace nabla {

/// Inverted dropout (Srivastava et al. 2014; CS231n): in training each unit of a layer is left out
/// with the layer's probability, and what is left counts 1/(1 − p) of itself. Which ones depends on
/// seed, epoch, mini-batch, row in the mini-batch, layer and unit only.
class Dropout {
 public:
  /// None.
  Dropout() = default;
  /// The fraction of the units dropped of each level but the last, each from 0 to below 1.
  Dropout(const std::vector<double>& fractions, std::uint64_t seed);

  /// The masks of the epoch's mini-batch, both from 0. `first_row` of it is the workspace's row 0.
  void begin_step(std::size_t epoch, std::size_t batch, std::size_t first_row = 0);

  bool drops(std::size_t level) const {
    return level < masks_.size() && masks_[level].threshold > 0;
  }
  /// 1/(1 − p).
  double scale(std::size_t level) const { return drops(level) ? scales_[level] : 1.0; }

  /// Drops inputs of a^0; nothing if there is no dropout of inputs.
  template <class P>
  void apply_to_inputs(Workspace<P>& workspace, RowRange rows) const;
  /// Drops units of a^level, a level of neurons; nothing if the level has no dropout.
  template <class P>
  void apply(Workspace<P>& workspace, std::size_t level, RowRange rows, UnitRange units) const;
  /// The same of the entries of a row of sparse inputs, whose level has dropout: those dropped
  /// become 0.
  template <class T>
  void apply(std::span<const std::uint32_t> columns, std::size_t row, std::span<T> values) const;

 private:
  std::vector<kernels::DropoutMask> masks_;
  std::vector<double> scales_;
  std::size_t first_row_ = 0;
};

}  // namespace nabla
