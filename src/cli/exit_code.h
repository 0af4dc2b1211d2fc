// SPDX-License-Identifier: MIT
#pragma once

namespace nabla {

/// How the program ends. A stop by a signal has the code 128 + signal.
enum ExitCode : int {
  kSucceeded = 0,
  kInternalError = 1,
  kWrongUsage = 2,
  kBadData = 3,
  kTrainingDiverged = 4,
  kCheckFailed = 5,
};

/// A code for people.
struct ExitStatus {
  const char* code;
  const char* meaning;
};

inline constexpr ExitStatus kExitStatuses[] = {
    {"0", "success"},
    {"1", "an error inside the program or of the system, such as a full disk"},
    {"2", "wrong usage or configuration"},
    {"3", "bad or missing data or model"},
    {"4", "the training diverged: a cost or a parameter is not finite"},
    {"5", "`nabla check` found a gradient that is wrong"},
    {"130, 143", "stopped by SIGINT (Ctrl-C) or SIGTERM after the current mini-batch"},
};

}  // namespace nabla
