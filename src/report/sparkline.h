// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>

namespace nabla {

/// The values as a line of block characters, at most 40: of more values the means of equal parts.
/// Heights are logarithmic if all values are above 0. Those that are not finite are left out;
/// empty for fewer than two.
std::string sparkline(std::span<const double> values);

}  // namespace nabla
