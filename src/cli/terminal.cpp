// SPDX-License-Identifier: MIT
#include "cli/terminal.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace nabla {

namespace {

/// See https://no-color.org: set and not empty means no colours.
bool wants_colour() {
  const char* no_colour = std::getenv("NO_COLOR");
  return error_is_terminal() && (no_colour == nullptr || *no_colour == '\0');
}

void print_line(std::string_view colour, std::string_view kind, std::string message) {
  std::ranges::replace(message, '\n', ' ');
  const bool coloured = wants_colour();
  std::cerr << (coloured ? colour : "") << "nabla: " << kind << ":" << (coloured ? "\x1b[0m" : "")
            << " " << message << std::endl;
}

}  // namespace

bool error_is_terminal() {
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 &&
         (terminal == nullptr || std::string_view(terminal) != "dumb");
}

std::size_t terminal_width() {
  constexpr std::size_t kUnknown = 80;
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return std::clamp<std::size_t>(known ? size.ws_col : kUnknown, 40, 200);
}

void print_error(const std::string& message) { print_line("\x1b[1;31m", "error", message); }
void print_warning(const std::string& message) { print_line("\x1b[1;33m", "warning", message); }

}  // namespace nabla
