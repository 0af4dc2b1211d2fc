// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace nabla {

/// The candidate with the fewest insertions, deletions and replacements of one character from
/// `word` (Levenshtein 1966), the first of them where several are as near; empty where there is no
/// candidate. For "did you mean" in errors.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

}  // namespace nabla
