// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <cstddef>

#include "nabla/base/matrix.h"

namespace nabla {

/// Units [first, first + count) of a layer: columns of its activations and deltas. As neurons they
/// are rows of their layer's weights, as inputs columns of the next layer's.
struct UnitRange {
  std::size_t first = 0;
  std::size_t count = 0;
};

/// The columns of some units in a matrix that has one for each unit of the layer.
template <class T>
MatrixView<T> columns(MatrixView<T> matrix, UnitRange units) {
  assert(units.first + units.count <= matrix.cols);
  return {matrix.data + units.first, matrix.rows, units.count, matrix.stride};
}

/// Part of one layer's weights: some neurons with some of their inputs. The tile that has input 0
/// has the neurons' biases too.
struct Tile {
  std::size_t layer;
  UnitRange neurons;
  UnitRange inputs;
};

}  // namespace nabla
