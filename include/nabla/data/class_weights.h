// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

namespace nabla {

/// How much the rows of each class count while training (data.class-weights).
struct ClassWeights {
  enum class Kind {
    kNone,      ///< 1 for every class
    kBalanced,  ///< n / (classes · n_class), so that all classes count the same
    kList,      ///< `list`
  };
  Kind kind = Kind::kNone;
  /// kList: one weight per class in the order of the classes; finite, ≥ 0, not all 0.
  std::vector<double> list;

  bool operator==(const ClassWeights&) const = default;
};

}  // namespace nabla
