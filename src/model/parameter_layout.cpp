// SPDX-License-Identifier: MIT
#include "model/parameter_layout.h"

#include <algorithm>
#include <cassert>
#include <cstddef>

#include "nabla/base/matrix.h"

namespace nabla {

namespace {

/// to ← fromᵀ, square by square, so that the cache keeps the lines of both.
template <class T>
void transpose(MatrixView<const T> from, MatrixView<T> to) {
  constexpr std::size_t kSide = 16;
  for (std::size_t first = 0; first < from.rows; first += kSide)
    for (std::size_t col = 0; col < from.cols; col += kSide)
      for (std::size_t r = first; r < std::min(first + kSide, from.rows); ++r)
        for (std::size_t c = col; c < std::min(col + kSide, from.cols); ++c) to(c, r) = from(r, c);
}

template <class T>
MatrixView<T> weights(const Layer& layer, std::span<T> numbers) {
  const std::size_t rows = layer.input_major ? layer.inputs : layer.outputs;
  const std::size_t cols = layer.input_major ? layer.outputs : layer.inputs;
  return {numbers.data() + layer.weight_offset, rows, cols, layer.weight_stride};
}

}  // namespace

template <class T>
void copy_parameters(const Topology& from_topology, std::span<const T> from,
                     const Topology& to_topology, std::span<T> to) {
  assert(from.size() == from_topology.storage() && to.size() == to_topology.storage());
  const auto from_layers = from_topology.layers(), to_layers = to_topology.layers();
  for (std::size_t i = 0; i < from_layers.size(); ++i) {
    const Layer &source = from_layers[i], &target = to_layers[i];
    const MatrixView<const T> w = weights(source, from);
    const MatrixView<T> copy = weights(target, to);
    if (source.input_major != target.input_major)
      transpose(w, copy);
    else
      for (std::size_t r = 0; r < w.rows; ++r) std::ranges::copy(w.row(r), copy.row(r).begin());
    // All else of a layer stands behind its weights, in the same order and distances.
    const bool is_last = i + 1 == from_layers.size();
    const std::size_t end = is_last ? from.size() : from_layers[i + 1].weight_offset;
    std::ranges::copy(from.subspan(source.bias_offset, end - source.bias_offset),
                      to.data() + target.bias_offset);
  }
}

template void copy_parameters(const Topology&, std::span<const float>, const Topology&,
                              std::span<float>);
template void copy_parameters(const Topology&, std::span<const double>, const Topology&,
                              std::span<double>);

}  // namespace nabla
