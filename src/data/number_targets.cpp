// SPDX-License-Identifier: MIT
#include "data/number_targets.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "nabla/base/error.h"

#include "base/text.h"
#include "data/csv_cell.h"

namespace nabla {

namespace {

/// Returns the shortest text of the number; integers have no exponent.
std::string text_of(double value) {
  char text[64];
  constexpr double kExactIntegers = 9007199254740992;
  const bool is_integer = value == std::floor(value) && std::abs(value) <= kExactIntegers;
  const auto [end, error] =
      is_integer ? std::to_chars(text, text + sizeof text, static_cast<std::int64_t>(value))
                 : std::to_chars(text, text + sizeof text, value);
  return {text, end};
}

/// Returns the labels of the classes' values.
std::map<double, std::uint32_t> known_labels(std::span<const std::string> classes) {
  std::map<double, std::uint32_t> label_of;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    double value = 0;
    if (parse_number(classes[i], value) == CellKind::kNumber)
      label_of.try_emplace(value, static_cast<std::uint32_t>(i));
  }
  return label_of;
}

void set_labels(const NumberTargets& targets, std::span<const std::string> classes,
                Dataset& dataset) {
  const std::span<const double> values = targets.values.elements();
  if (values.size() != targets.values.rows())
    throw DataError(targets.place(0) + ": " + std::to_string(targets.values.cols()) +
                    " targets per row; expected one class per row, or data.task = regression");
  std::map<double, std::uint32_t> label_of;
  if (classes.empty()) {
    std::vector<double> distinct(values.begin(), values.end());
    std::ranges::sort(distinct);
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    for (const double value : distinct) {
      label_of.emplace(value, static_cast<std::uint32_t>(dataset.classes.size()));
      dataset.classes.push_back(text_of(value));
    }
  } else {
    label_of = known_labels(classes);
    dataset.classes.assign(classes.begin(), classes.end());
  }
  dataset.labels.reserve(values.size());
  for (std::size_t row = 0; row < values.size(); ++row) {
    const auto found = label_of.find(values[row]);
    if (found == label_of.end())
      throw DataError(targets.place(row) + ": unknown class " + text_of(values[row]) +
                      "; expected one of " + std::to_string(classes.size()) +
                      " classes, of which " + quote_cell(nearest(text_of(values[row]), classes)) +
                      " is the nearest");
    dataset.labels.push_back(found->second);
  }
}

}  // namespace

void set_number_targets(NumberTargets targets, TaskChoice task,
                        std::span<const std::string> classes, Dataset& dataset) {
  const bool decided = task != TaskChoice::kAuto || !classes.empty();
  const bool classifies = decided ? task != TaskChoice::kRegression : targets.integers;
  dataset.task = classifies ? Task::kClassification : Task::kRegression;
  if (classifies)
    set_labels(targets, classes, dataset);
  else
    dataset.targets = std::move(targets.values);
}

}  // namespace nabla
