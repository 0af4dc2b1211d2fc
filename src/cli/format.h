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
/// others to the right. Width is counted in UTF-8 characters. Columns that find no room in `width`
/// follow below, behind the first column again; a cell of more than a third of it is cut.
std::string aligned(const std::vector<std::vector<std::string>>& rows, std::size_t width);
/// The same in table_width().
std::string aligned(const std::vector<std::vector<std::string>>& rows);

/// "name:  text" lines, the texts aligned and broken at spaces to fit `width`.
std::string described(const std::vector<std::vector<std::string>>& rows, std::size_t width);
/// The same in table_width().
std::string described(const std::vector<std::vector<std::string>>& rows);

/// The text with its paragraphs in lines of at most `width` characters. Lines that begin with a
/// space stay as they are.
std::string wrapped(const std::string& text, std::size_t width = 80);

/// The text with lines of more than `width` characters broken at spaces; what follows is indented
/// as the line is.
std::string broken(const std::string& text, std::size_t width);

/// At most so many characters of a UTF-8 text.
std::string cut(const std::string& text, std::size_t characters);

}  // namespace nabla
