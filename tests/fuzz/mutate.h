// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "nabla/base/random.h"

namespace nabla::fuzz {

/// Returns one of the seeds, damaged in one to four places: flipped bits, other bytes, a
/// truncation, parts removed, repeated or taken from another seed, and numbers made large: binary
/// of 2, 4 or 8 bytes in either byte order, and in text.
std::string mutated(const std::vector<std::string>& seeds, Random& random);

}  // namespace nabla::fuzz
