// SPDX-License-Identifier: MIT
#include "report/numbers.h"

#include <algorithm>
#include <cmath>
#include <string_view>

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

std::string figure_name(const std::string& figure, Task task) {
  constexpr std::string_view kAccuracy = "accuracy";
  std::string name = figure;
  std::ranges::replace(name, '_', ' ');
  if (task == Task::kRegression && name.ends_with(kAccuracy))
    name.replace(name.size() - kAccuracy.size(), kAccuracy.size(), "R²");
  return name.starts_with("train ") ? "training" + name.substr(5) : name;
}

std::string phase_name(const NamedPhase& phase) {
  std::string name = phase.name;
  std::ranges::replace(name, '_', ' ');
  return name;
}

std::string figure_text(const std::string& figure, double value) {
  if (figure == "samples_per_second") return with_thousands(value);
  if (figure.find("accuracy") != std::string::npos) return fixed(value, 4);
  return general(value);
}

}  // namespace nabla::report
