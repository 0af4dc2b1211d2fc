// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

#include "cli/terminal_image.h"

namespace nabla {

/// Whether standard error is a terminal that can redraw a line.
bool error_is_terminal();
/// Columns of that terminal, kept within 40 and 200.
std::size_t terminal_width();

/// Columns of the terminal that is standard output, kept within 40 and 200; 80 where it is none.
std::size_t output_width();
/// What colours standard output may have: none where it is no terminal or NO_COLOR is set.
Colours output_colours();

/// "nabla: error: …" on standard error, in one line.
void print_error(const std::string& message);
/// "nabla: warning: …" on standard error.
void print_warning(const std::string& message);

}  // namespace nabla
