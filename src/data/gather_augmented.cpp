// SPDX-License-Identifier: MIT
#include "data/gather_augmented.h"

#include <cassert>
#include <variant>

namespace nabla {

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
