// SPDX-License-Identifier: MIT
#include "experiment/report/numbers.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace nabla::report {

namespace {

std::string printed(const char* format, int digits, double value) {
  if (std::isnan(value)) return "nan";
  std::array<char, 400> text{};
  const int size = std::snprintf(text.data(), text.size(), format, digits, value);
  return {text.data(), static_cast<std::size_t>(size)};
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

std::string accuracy_text(Task task, double accuracy) {
  return task == Task::kClassification ? fixed(100 * accuracy, 2) + "%" : fixed(accuracy, 4);
}

std::string duration(double seconds) {
  if (!std::isfinite(seconds)) return "?";
  if (seconds < 60) return general(seconds, 3) + " s";
  const auto total = static_cast<long long>(std::llround(seconds));
  if (total < 3600) return std::to_string(total / 60) + " min " + std::to_string(total % 60) + " s";
  return std::to_string(total / 3600) + " h " + std::to_string(total / 60 % 60) + " min";
}

}  // namespace nabla::report
