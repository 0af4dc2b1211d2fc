// SPDX-License-Identifier: MIT
#include "data/gather.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <utility>
#include <variant>

namespace nabla {

template <class T>
void gather_inputs(const Dataset& data, const InputTransform<T>& transform,
                   std::span<const std::uint32_t> rows, MatrixView<T> inputs) {
  assert(inputs.rows == rows.size());
  constexpr std::size_t kBlock = InputTransform<T>::kBlockRows;
  std::visit(
      [&](const auto& features) {
        decltype(features.row(0).data()) pointers[kBlock];
        for (std::size_t first = 0; first < rows.size(); first += kBlock) {
          const std::size_t count = std::min(kBlock, rows.size() - first);
          for (std::size_t i = 0; i < count; ++i)
            pointers[i] = features.row(rows[first + i]).data();
          transform.apply(std::span(std::as_const(pointers)).first(count),
                          inputs.row_range(first, count));
        }
      },
      data.features);
}

template <class T>
void gather_targets(const Dataset& data, std::span<const std::uint32_t> rows, MatrixView<T> targets,
                    const TargetScaling& scaling) {
  assert(targets.rows == rows.size() && targets.cols == data.outputs());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::span<T> row = targets.row(i);
    if (data.task == Task::kClassification) {
      std::ranges::fill(row, T(0));
      row[data.labels[rows[i]]] = T(1);
    } else {
      const std::span<const double> y = data.targets.row(rows[i]);
      for (std::size_t j = 0; j < row.size(); ++j)
        row[j] = static_cast<T>(scaling.standardized(y[j], j));
    }
  }
}

void gather_weights(std::span<const double> weights, std::span<const std::uint32_t> rows,
                    std::span<double> to) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = weights[rows[i]];
}

void prefetch_inputs(const Dataset& data, std::span<const std::uint32_t> rows) {
  std::visit(
      [&](const auto& features) {
        for (const std::uint32_t row : rows) {
          const auto bytes = std::as_bytes(features.row(row));
          for (std::size_t i = 0; i < bytes.size(); i += kAlignment)
            __builtin_prefetch(bytes.data() + i);
        }
      },
      data.features);
}

template void gather_inputs(const Dataset&, const InputTransform<float>&,
                            std::span<const std::uint32_t>, MatrixView<float>);
template void gather_inputs(const Dataset&, const InputTransform<double>&,
                            std::span<const std::uint32_t>, MatrixView<double>);
template void gather_targets(const Dataset&, std::span<const std::uint32_t>, MatrixView<float>,
                             const TargetScaling&);
template void gather_targets(const Dataset&, std::span<const std::uint32_t>, MatrixView<double>,
                             const TargetScaling&);

template <class T>
void gather_augmented_inputs(const Dataset& data, const Augmentation& augmentation,
                             std::size_t epoch, const InputTransform<T>& transform,
                             std::span<const std::uint32_t> rows, MatrixView<T> inputs) {
  assert(inputs.rows == rows.size());
  AugmentScratch<T> scratch;
  T storage[kMaxImageChannels * kMaxImagePixels];
  const std::span<T> image = std::span(storage).first(data.inputs());
  const T* const pointer = image.data();
  std::visit(
      [&](const auto& features) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
          augmentation.deform(features.row(rows[i]), epoch, rows[i], image, scratch);
          transform.apply(std::span(&pointer, 1), inputs.row_range(i, 1));
        }
      },
      data.features);
}

template void gather_augmented_inputs(const Dataset&, const Augmentation&, std::size_t,
                                      const InputTransform<float>&, std::span<const std::uint32_t>,
                                      MatrixView<float>);
template void gather_augmented_inputs(const Dataset&, const Augmentation&, std::size_t,
                                      const InputTransform<double>&, std::span<const std::uint32_t>,
                                      MatrixView<double>);

}  // namespace nabla
