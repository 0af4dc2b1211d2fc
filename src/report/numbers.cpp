// SPDX-License-Identifier: MIT
#include "report/numbers.h"

#include <algorithm>
#include <string_view>

namespace nabla::report {

std::string accuracy_name(Task task) {
  switch (task) {
    case Task::kClassification:
      return "accuracy";
    case Task::kRegression:
      return "R²";
    case Task::kMultiLabel:
      return "subset accuracy";
  }
  return "";
}

std::string accuracy_text(Task task, double accuracy) {
  return task == Task::kRegression ? fixed(accuracy, 4) : fixed(100 * accuracy, 2) + "%";
}

std::string figure_name(const std::string& figure, Task task) {
  constexpr std::string_view kAccuracy = "accuracy";
  std::string name = figure;
  std::ranges::replace(name, '_', ' ');
  if (name.ends_with(kAccuracy))
    name.replace(name.size() - kAccuracy.size(), kAccuracy.size(), accuracy_name(task));
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
