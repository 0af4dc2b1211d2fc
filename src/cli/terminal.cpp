// SPDX-License-Identifier: MIT
#include "cli/terminal.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace nabla {

namespace {

constexpr std::size_t kUnknownWidth = 80;

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool is_terminal(int descriptor) { return ::isatty(descriptor) == 1 && variable("TERM") != "dumb"; }

/// See https://no-color.org: set and not empty means no colours.
bool may_colour() { return variable("NO_COLOR").empty(); }

std::size_t width_of(int descriptor, std::size_t least) {
  winsize size{};
  const bool known = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return std::clamp<std::size_t>(known ? size.ws_col : kUnknownWidth, least, 200);
}

void print_line(std::string_view colour, std::string_view kind, std::string message) {
  std::ranges::replace(message, '\n', ' ');
  const bool coloured = error_is_terminal() && may_colour();
  std::cerr << (coloured ? colour : "") << "nabla: " << kind << ":" << (coloured ? "\x1b[0m" : "")
            << " " << message << std::endl;
}

// A signal handler can reach nothing but such a variable.
volatile std::sig_atomic_t noted_signal = 0;

extern "C" void note_signal(int signal) {
  if (noted_signal != 0) ::_exit(128 + signal);
  noted_signal = signal;
}

}  // namespace

bool error_is_terminal() { return is_terminal(STDERR_FILENO); }

std::size_t terminal_width() { return width_of(STDERR_FILENO, 20); }

std::size_t output_width() { return width_of(STDOUT_FILENO, 60); }

std::size_t table_width() {
  return is_terminal(STDOUT_FILENO) ? output_width() : std::numeric_limits<std::size_t>::max();
}

Colours output_colours() {
  if (!is_terminal(STDOUT_FILENO) || !may_colour()) return Colours::kNone;
  const std::string_view kind = variable("COLORTERM");
  return kind == "truecolor" || kind == "24bit" ? Colours::kTrue : Colours::k256;
}

void print_error(const std::string& message) { print_line("\x1b[1;31m", "error", message); }
void print_warning(const std::string& message) { print_line("\x1b[1;33m", "warning", message); }

void print_choices(const std::string& choices) {
  std::cerr << "nabla: auto: " + choices + "\n" << std::flush;
}

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGUSR1, &action, nullptr);
}

int interrupted_by() { return noted_signal; }

int stopped_by() { return noted_signal != 0 ? noted_signal : SIGTERM; }

}  // namespace nabla
