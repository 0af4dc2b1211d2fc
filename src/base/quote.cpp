// SPDX-License-Identifier: MIT
#include "base/quote.h"

#include "base/text.h"

namespace nabla {

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  return "'" + printable(text, kLongest) + "'";
}

}  // namespace nabla
