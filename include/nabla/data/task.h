// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "nabla/base/kinds.h"

namespace nabla {

/// The kind of targets of a data set.
enum class Task {
  kClassification,  ///< each row is of one class
  kRegression,      ///< each row has one or more values
  kMultiLabel,      ///< each row has or lacks each of several labels, independently of the others
};

/// All that is known of a task alone.
struct TaskTraits {
  Task kind;
  std::string_view name;     ///< in configurations and files
  std::string_view targets;  ///< the noun for its targets
};

inline constexpr TaskTraits kTaskTable[] = {
    {Task::kClassification, "classification", "classes"},
    {Task::kRegression, "regression", "values"},
    {Task::kMultiLabel, "multi-label", "labels"},
};
static_assert(is_complete(kTaskTable));

constexpr const TaskTraits& traits_of(Task task) { return row_of(kTaskTable, task); }
/// The name used in configurations and files: "classification", …
constexpr std::string_view name_of(Task task) { return traits_of(task).name; }
/// The task of that name, if there is one.
constexpr std::optional<Task> parse_task(std::string_view name) {
  return find_kind(kTaskTable, name);
}

}  // namespace nabla
