// SPDX-License-Identifier: MIT
#include "model/dropout.h"

#include <cmath>

#include "base/random.h"
#include "math/dropout.h"

namespace nabla {

Dropout::Dropout(const std::vector<double>& fractions, std::uint64_t seed) {
  for (std::size_t level = 0; level < fractions.size(); ++level) {
    Random random(seed, Stream::kDropout, static_cast<std::uint32_t>(level));
    const std::uint32_t first = random.bits(), second = random.bits();
    const double threshold = std::nearbyint(fractions[level] * 0x1p32);
    masks_.push_back({.key = {first, second},
                      .epoch = 0,
                      .batch = 0,
                      .threshold = static_cast<std::uint32_t>(std::fmin(threshold, 0x1p32 - 1))});
    scales_.push_back(1.0 / (1.0 - fractions[level]));
  }
}

void Dropout::begin_step(std::size_t epoch, std::size_t batch, std::size_t first_row) {
  first_row_ = first_row;
  for (kernels::DropoutMask& mask : masks_) {
    mask.epoch = static_cast<std::uint32_t>(epoch);
    mask.batch = static_cast<std::uint32_t>(batch);
  }
}

template <class P>
void Dropout::apply(Workspace<P>& workspace, std::size_t level, RowRange rows,
                    UnitRange units) const {
  if (drops(level))
    drop_units<SumOf<P>>(masks_[level], first_row_ + rows.first, units.first,
                         columns(workspace.activation(level, rows), units));
}

template <class P>
void Dropout::apply_to_inputs(Workspace<P>& workspace, RowRange rows) const {
  if (drops(0)) drop_units(masks_[0], first_row_ + rows.first, 0, workspace.dense_inputs(rows));
}

template <class T>
void Dropout::apply(std::span<const std::uint32_t> columns, std::size_t row,
                    std::span<T> values) const {
  for (std::size_t k = 0; k < columns.size(); ++k)
    if (is_dropped(masks_[0], first_row_ + row, columns[k])) values[k] = 0;
}

template void Dropout::apply(std::span<const std::uint32_t>, std::size_t, std::span<float>) const;
template void Dropout::apply(std::span<const std::uint32_t>, std::size_t, std::span<double>) const;
template void Dropout::apply_to_inputs(Workspace<Float32>&, RowRange) const;
template void Dropout::apply_to_inputs(Workspace<Bfloat16>&, RowRange) const;
template void Dropout::apply_to_inputs(Workspace<Float64>&, RowRange) const;
template void Dropout::apply(Workspace<Float32>&, std::size_t, RowRange, UnitRange) const;
template void Dropout::apply(Workspace<Bfloat16>&, std::size_t, RowRange, UnitRange) const;
template void Dropout::apply(Workspace<Float64>&, std::size_t, RowRange, UnitRange) const;

}  // namespace nabla
