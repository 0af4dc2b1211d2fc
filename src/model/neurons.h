// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <cstddef>

#include "nabla/base/matrix.h"

namespace nabla {

/// Neurons [first, first + count) of a layer: a block of columns of its activations and deltas, and
/// of rows of its weights.
struct Neurons {
  std::size_t first = 0;
  std::size_t count = 0;
};

/// The columns of [rows × width] activations or deltas that belong to some neurons.
template <class T>
MatrixView<T> columns(MatrixView<T> matrix, Neurons neurons) {
  assert(neurons.first + neurons.count <= matrix.cols);
  return {matrix.data + neurons.first, matrix.rows, neurons.count, matrix.stride};
}

}  // namespace nabla
