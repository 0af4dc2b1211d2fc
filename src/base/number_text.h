// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace nabla {

// Numbers as people read them; option_values.h has those that read back.

/// `digits` behind the point.
std::string fixed(double value, int digits);
/// Up to `digits` significant digits.
std::string general(double value, int digits = 6);
/// "1,234,567"
std::string with_thousands(double value);

}  // namespace nabla
