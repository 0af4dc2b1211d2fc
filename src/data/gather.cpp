// SPDX-License-Identifier: MIT
#include "data/gather.h"

#include <algorithm>
#include <cassert>
#include <type_traits>

#include "nabla/math/elementwise.h"

namespace nabla {

namespace {

template <class S, class T>
void convert_row(std::span<const S> from, T scale, std::span<T> to) {
  if constexpr (std::is_same_v<S, std::uint8_t>) {
    elementwise::convert_bytes(from, scale, to);
  } else {
    for (std::size_t j = 0; j < to.size(); ++j) to[j] = scale * static_cast<T>(from[j]);
  }
}

}  // namespace

template <class T>
void gather_inputs(const Dataset& data, const Preprocess& preprocess,
                   std::span<const std::uint32_t> rows, MatrixView<T> inputs) {
  assert(inputs.rows == rows.size() && inputs.cols == data.inputs());
  const T scale = static_cast<T>(preprocess.scale());
  std::visit(
      [&](const auto& features) {
        for (std::size_t i = 0; i < rows.size(); ++i)
          convert_row(features.row(rows[i]), scale, inputs.row(i));
      },
      data.features);
}

template <class T>
void gather_targets(const Dataset& data, std::span<const std::uint32_t> rows,
                    MatrixView<T> targets) {
  assert(targets.rows == rows.size() && targets.cols == data.outputs());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::span<T> row = targets.row(i);
    if (data.task == Task::kClassification) {
      std::ranges::fill(row, T(0));
      row[data.labels[rows[i]]] = T(1);
    } else {
      std::ranges::transform(data.targets.row(rows[i]), row.begin(),
                             [](double y) { return static_cast<T>(y); });
    }
  }
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

template void gather_inputs(const Dataset&, const Preprocess&, std::span<const std::uint32_t>,
                            MatrixView<float>);
template void gather_inputs(const Dataset&, const Preprocess&, std::span<const std::uint32_t>,
                            MatrixView<double>);
template void gather_targets(const Dataset&, std::span<const std::uint32_t>, MatrixView<float>);
template void gather_targets(const Dataset&, std::span<const std::uint32_t>, MatrixView<double>);

}  // namespace nabla
