// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "model/neurons.h"

namespace nabla {

/// Part of one layer's weights: some neurons with some of their inputs. The tile that has input 0
/// has the neurons' biases too.
struct Tile {
  std::size_t layer;
  Neurons neurons;
  Neurons inputs;
};

}  // namespace nabla
