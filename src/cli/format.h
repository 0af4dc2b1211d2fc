// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "nabla/data/dataset.h"

#include "base/text.h"
#include "run/columns.h"

namespace nabla {

/// "96.12%"
std::string percent(double fraction);
/// "1:05" or "2:03:04"; "?" if it is not finite.
std::string clock_time(double seconds);
/// "accuracy 96.12%", "R² 0.9612" or "subset accuracy 96.12%".
std::string accuracy_text(Task task, double accuracy);

/// "validation accuracy 95.12%, cost 0.1234, test accuracy 94.80%": the scores that a run is judged
/// by, and beside those of validation rows the accuracy on the test rows. There are scores.
std::string scores_text(const RowScores& scores, Task task);

/// Rows of cells as lines of aligned columns, two spaces apart: the first column to the left, the
/// others to the right. Width is counted in UTF-8 characters.
std::string aligned(const std::vector<std::vector<std::string>>& rows);

/// "name:  text" lines, the texts aligned.
std::string described(const std::vector<std::vector<std::string>>& rows);

}  // namespace nabla
