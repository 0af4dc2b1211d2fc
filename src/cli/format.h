// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/train/evaluation.h"

#include "base/text.h"

namespace nabla {

/// "96.12%"
std::string percent(double fraction);
/// "1:05" or "2:03:04"; "?" where it is not finite.
std::string clock_time(double seconds);
/// "accuracy 96.12%", for a regression "R² 0.9612".
std::string accuracy_text(Task task, double accuracy);

/// Rows of cells as lines of aligned columns, two spaces apart: the first column to the left, the
/// others to the right. Width is counted in UTF-8 characters.
std::string aligned(const std::vector<std::vector<std::string>>& rows);

}  // namespace nabla
