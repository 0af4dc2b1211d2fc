// SPDX-License-Identifier: MIT
#include "cli/interrupt.h"

#include <csignal>
#include <unistd.h>

namespace nabla {

namespace {

// A signal handler can reach nothing but such a variable.
volatile std::sig_atomic_t noted_signal = 0;

extern "C" void note_signal(int signal) {
  if (noted_signal != 0) ::_exit(128 + signal);
  noted_signal = signal;
}

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

int interrupted_by() { return noted_signal; }

}  // namespace nabla
