// SPDX-License-Identifier: MIT
#include "data/gather.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>

#include "data/row_entries.h"
#include "math/bfloat16.h"

namespace nabla {

namespace {

/// The form in which a transform takes a row.
template <class T>
const T* operand_of(std::span<const T> row) {
  return row.data();
}
template <class T>
const SparseRow<T>& operand_of(const SparseRow<T>& row) {
  return row;
}

}  // namespace

template <class T, class Y>
void gather_inputs(const Dataset& data, const InputTransform<T>& transform,
                   std::span<const std::uint32_t> rows, MatrixView<Y> inputs) {
  assert(inputs.rows == rows.size());
  constexpr std::size_t kBlock = InputTransform<T>::kBlockRows;
  std::visit(
      [&](const auto& features) {
        std::remove_cvref_t<decltype(operand_of(features.row(0)))> block[kBlock];
        for (std::size_t first = 0; first < rows.size(); first += kBlock) {
          const std::size_t count = std::min(kBlock, rows.size() - first);
          for (std::size_t i = 0; i < count; ++i)
            block[i] = operand_of(features.row(rows[first + i]));
          transform.apply(std::span(std::as_const(block)).first(count),
                          inputs.row_range(first, count));
        }
      },
      data.features);
}

template <class T>
std::size_t most_entries(const Dataset& data, const InputTransform<T>& transform, std::size_t row) {
  return std::visit(
      [&]<class Features>(const Features& features) {
        if constexpr (kIsSparse<Features>)
          return features.row(row).size() + transform.added_entries();
        else
          return features.cols() + transform.added_entries();
      },
      data.features);
}

template <class T>
std::size_t most_entries(const Dataset& data, const InputTransform<T>& transform, std::size_t first,
                         std::size_t count, std::size_t at_once) {
  std::size_t most = 0;
  for (std::size_t begin = first; begin < first + count; begin += at_once) {
    std::size_t sum = 0;
    for (std::size_t row = begin; row < std::min(begin + at_once, first + count); ++row)
      sum += most_entries(data, transform, row);
    most = std::max(most, sum);
  }
  return most;
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

namespace {

/// Asks for each cache line that holds some of the numbers.
template <class T>
void prefetch(std::span<const T> numbers) {
  const auto* const first = reinterpret_cast<const char*>(numbers.data());
  const auto* const end = first + numbers.size_bytes();
  const auto skipped = reinterpret_cast<std::uintptr_t>(first) % kAlignment;
  for (const char* line = first - skipped; line < end; line += kAlignment) {
    __builtin_prefetch(line);
    // A function that only prefetches has no effect in g++'s eyes: its calls would be left out.
    asm volatile("");
  }
}
template <class T>
void prefetch(const SparseRow<T>& row) {
  prefetch(row.columns);
  prefetch(row.values);
}

}  // namespace

void prefetch_inputs(const Dataset& data, std::span<const std::uint32_t> rows) {
  std::visit(
      [&](const auto& features) {
        for (const std::uint32_t row : rows) prefetch(features.row(row));
      },
      data.features);
}

template std::size_t most_entries(const Dataset&, const InputTransform<float>&, std::size_t);
template std::size_t most_entries(const Dataset&, const InputTransform<double>&, std::size_t);
template std::size_t most_entries(const Dataset&, const InputTransform<float>&, std::size_t,
                                  std::size_t, std::size_t);
template std::size_t most_entries(const Dataset&, const InputTransform<double>&, std::size_t,
                                  std::size_t, std::size_t);
template void gather_inputs(const Dataset&, const InputTransform<float>&,
                            std::span<const std::uint32_t>, MatrixView<float>);
template void gather_inputs(const Dataset&, const InputTransform<float>&,
                            std::span<const std::uint32_t>, MatrixView<bfloat16_t>);
template void gather_inputs(const Dataset&, const InputTransform<double>&,
                            std::span<const std::uint32_t>, MatrixView<double>);
template void gather_targets(const Dataset&, std::span<const std::uint32_t>, MatrixView<float>,
                             const TargetScaling&);
template void gather_targets(const Dataset&, std::span<const std::uint32_t>, MatrixView<double>,
                             const TargetScaling&);

template <class T, class Y>
void gather_augmented_inputs(const Dataset& data, const Augmentation& augmentation,
                             std::size_t epoch, const InputTransform<T>& transform,
                             std::span<const std::uint32_t> rows, MatrixView<Y> inputs) {
  assert(inputs.rows == rows.size());
  AugmentScratch<T> scratch;
  T storage[kMaxImageChannels * kMaxImagePixels];
  const std::span<T> image = std::span(storage).first(data.inputs());
  const T* const pointer = image.data();
  std::visit(
      [&]<class Features>(const Features& features) {
        ElementOf<Features> whole[kIsSparse<Features> ? std::size(storage) : 1];
        for (std::size_t i = 0; i < rows.size(); ++i) {
          auto pixels = features.row(rows[i]);
          if constexpr (kIsSparse<Features>) {
            copy_row(pixels, std::span(whole).first(image.size()));
            augmentation.deform(std::span<const ElementOf<Features>>(whole, image.size()), epoch,
                                rows[i], image, scratch);
          } else {
            augmentation.deform(pixels, epoch, rows[i], image, scratch);
          }
          transform.apply(std::span(&pointer, 1), inputs.row_range(i, 1));
        }
      },
      data.features);
}

template void gather_augmented_inputs(const Dataset&, const Augmentation&, std::size_t,
                                      const InputTransform<float>&, std::span<const std::uint32_t>,
                                      MatrixView<float>);
template void gather_augmented_inputs(const Dataset&, const Augmentation&, std::size_t,
                                      const InputTransform<float>&, std::span<const std::uint32_t>,
                                      MatrixView<bfloat16_t>);
template void gather_augmented_inputs(const Dataset&, const Augmentation&, std::size_t,
                                      const InputTransform<double>&, std::span<const std::uint32_t>,
                                      MatrixView<double>);

}  // namespace nabla
