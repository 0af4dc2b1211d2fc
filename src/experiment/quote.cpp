// SPDX-License-Identifier: MIT
#include "experiment/quote.h"

namespace nabla {

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::string result = "'";
  for (const char c : text.substr(0, kLongest))
    result += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return result + (text.size() > kLongest ? "…'" : "'");
}

}  // namespace nabla
