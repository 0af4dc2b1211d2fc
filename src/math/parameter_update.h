// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "nabla/math/algorithm.h"

namespace nabla::kernels {

/// The constants of one step, see Algorithm.
template <class T>
struct UpdateConstants {
  T scale;         ///< of the nabla: 1/m, and less where it is clipped
  T l1, l2;        ///< penalties
  T rate;          ///< η; with betas divided by 1 − β₁ᵗ
  T momentum;      ///< μ or β₁
  T new_share;     ///< 1 − μ or 1 − β₁
  T square_decay;  ///< α or β₂
  T new_square;    ///< 1 − α or 1 − β₂
  T root;          ///< with betas 1 / √(1 − β₂ᵗ); else 1
  T epsilon;
  T keep;  ///< with weight decay 1 − η · weight_decay; else 1
};

/// The parameters of one call and what belongs to them.
template <class T>
struct UpdateRange {
  const T* nabla;
  T* parameters;
  T* slots[kMostSlots];  ///< null from the algorithm's number of slots on
  std::size_t size;
};

}  // namespace nabla::kernels
