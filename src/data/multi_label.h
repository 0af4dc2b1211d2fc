// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "nabla/base/matrix.h"

namespace nabla {

// Targets of several labels, [rows × labels].

inline bool is_label(double target) { return target == 0 || target == 1; }

/// Whether all targets are 0 or 1.
bool are_labels(const Matrix<double>& targets);

/// Returns a note for the user if each row has exactly one of several labels, so that they may be
/// meant as the classes of one column; else an empty text.
std::string one_label_note(const Matrix<double>& labels);

}  // namespace nabla
