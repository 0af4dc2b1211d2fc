// SPDX-License-Identifier: MIT
#include "base/number_text.h"

#include <cmath>
#include <cstddef>
#include <cstdio>

namespace nabla {

namespace {

std::string printed(const char* format, int digits, double value) {
  // A NaN has a sign bit, which says nothing.
  if (std::isnan(value)) return "nan";
  const int size = std::snprintf(nullptr, 0, format, digits, value);
  std::string text(static_cast<std::size_t>(size) + 1, '\0');
  std::snprintf(text.data(), text.size(), format, digits, value);
  text.pop_back();
  return text;
}

}  // namespace

std::string fixed(double value, int digits) { return printed("%.*f", digits, value); }
std::string general(double value, int digits) { return printed("%.*g", digits, value); }

std::string with_thousands(double value) {
  std::string text = fixed(value, 0);
  if (!std::isfinite(value)) return text;
  for (std::size_t i = text.size(); i > 3 && text[i - 4] != '-';) text.insert(i -= 3, ",");
  return text;
}

}  // namespace nabla
