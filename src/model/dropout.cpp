// SPDX-License-Identifier: MIT
#include "model/dropout.h"

#include <cmath>

#include "base/random.h"
#include "math/dropout.h"

namespace nabla {

Dropout::Dropout(const std::vector<double>& fractions, std::uint64_t seed) {
  for (std::size_t width = 0; width < fractions.size(); ++width) {
    Random random(seed, Stream::kDropout, static_cast<std::uint32_t>(width));
    const std::uint32_t first = random.bits(), second = random.bits();
    const double threshold = std::nearbyint(fractions[width] * 0x1p32);
    masks_.push_back({.key = {first, second},
                      .epoch = 0,
                      .batch = 0,
                      .threshold = static_cast<std::uint32_t>(std::fmin(threshold, 0x1p32 - 1))});
    scales_.push_back(1.0 / (1.0 - fractions[width]));
  }
}

void Dropout::begin_step(std::size_t epoch, std::size_t batch) {
  for (kernels::DropoutMask& mask : masks_) {
    mask.epoch = static_cast<std::uint32_t>(epoch);
    mask.batch = static_cast<std::uint32_t>(batch);
  }
}

template <class T>
void Dropout::apply(Workspace<T>& workspace, std::size_t width, RowRange rows,
                    Neurons units) const {
  if (drops(width))
    drop_units<T>(masks_[width], rows.first, units.first,
                  columns(workspace.activation(width, rows), units));
}

template void Dropout::apply(Workspace<float>&, std::size_t, RowRange, Neurons) const;
template void Dropout::apply(Workspace<double>&, std::size_t, RowRange, Neurons) const;

}  // namespace nabla
