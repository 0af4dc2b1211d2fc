// SPDX-License-Identifier: MIT
#include "nabla/data/preprocess.h"

#include <cstdint>
#include <variant>

namespace nabla {

Preprocess fit_preprocess(NormalizeChoice choice, const Dataset& train) {
  const bool is_bytes = std::holds_alternative<FeatureMatrix<std::uint8_t>>(train.features);
  const bool scale =
      choice == NormalizeChoice::kScale || (choice == NormalizeChoice::kAuto && is_bytes);
  return {scale ? Preprocess::Kind::kScale : Preprocess::Kind::kNone};
}

}  // namespace nabla
