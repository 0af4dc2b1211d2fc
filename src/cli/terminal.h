// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

namespace nabla {

/// Whether standard error is a terminal that can redraw a line.
bool error_is_terminal();
/// Columns of that terminal, kept within 40 and 200.
std::size_t terminal_width();

/// "nabla: error: …" on standard error, in one line.
void print_error(const std::string& message);
/// "nabla: warning: …" on standard error.
void print_warning(const std::string& message);

}  // namespace nabla
