// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "sweep/results.h"

namespace nabla {

// What a rank tells the others of a trial that has ended: its result and, if one of its files could
// not be written, which and why.

struct TrialMessage {
  TrialResult result;
  std::string write_error;
};

std::string to_bytes(const TrialMessage& message);
TrialMessage trial_message(const std::string& bytes);

}  // namespace nabla
