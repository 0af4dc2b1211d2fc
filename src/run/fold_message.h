// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "nabla/train/cross_validation.h"

namespace nabla {

/// What a rank tells the others of its folds: all that a cross-validation's files and outputs say
/// of them. Of the summary these are status, epochs, seconds, parameters and divergence.
std::string to_bytes(const std::vector<FoldResult>& folds);
std::vector<FoldResult> folds_message(const std::string& bytes);

}  // namespace nabla
