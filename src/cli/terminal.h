// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

namespace nabla {

/// How a terminal shows colours.
enum class Colours {
  kNone,  ///< not at all: shade characters
  k256,   ///< the 256 colours of xterm
  kTrue,  ///< 24 bits
};

/// Whether standard error is a terminal that can redraw a line.
bool error_is_terminal();
/// Columns of that terminal, kept within 20 and 200.
std::size_t terminal_width();

/// Columns of the terminal that is standard output, kept within 60 and 200; 80 if it is not a
/// terminal.
std::size_t output_width();
/// Columns that a table on standard output may take: those of its terminal, at least 60; no bound
/// if it is not a terminal.
std::size_t table_width();
/// The colours that standard output may have: none if it is not a terminal or NO_COLOR is set.
Colours output_colours();

/// "nabla: error: …" on standard error, in one line.
void print_error(const std::string& message);
/// "nabla: warning: …" on standard error.
void print_warning(const std::string& message);
/// "nabla: auto: …" on standard error: what the keys that were left to the data became.
void print_choices(const std::string& choices);

/// From now on the first SIGINT or SIGTERM is only noted; the second ends the process at once.
void catch_interrupts();

/// The signal noted, or 0.
int interrupted_by();

/// The signal that stopped the work: the one noted, or SIGTERM if another rank has got it.
int stopped_by();

}  // namespace nabla
