// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "nabla/data/dataset.h"

#include "base/text.h"

namespace nabla::report {

/// Four digits are enough beside a picture.
inline std::string general(double value, int digits = 4) { return nabla::general(value, digits); }
/// "96.12%" for a classification, "0.9612" for the R² of a regression.
std::string accuracy_text(Task task, double accuracy);
/// "1.63 s", "12 min 5 s", "2 h 3 min".
std::string duration(double seconds);

}  // namespace nabla::report
