// SPDX-License-Identifier: MIT
#include "report/numbers.h"

#include <cmath>

namespace nabla::report {

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
