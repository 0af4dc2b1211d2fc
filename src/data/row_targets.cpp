// SPDX-License-Identifier: MIT
#include "data/row_targets.h"

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
#include "data/distinct_texts.h"
#include "data/multi_label.h"
#include "data/whole_targets.h"

namespace nabla {

std::string number_text(double value) {
  char text[64];
  const bool is_integer = value == std::floor(value) && std::abs(value) <= kInexactIntegers;
  const auto [end, error] =
      is_integer ? std::to_chars(text, text + sizeof text, static_cast<std::int64_t>(value))
                 : std::to_chars(text, text + sizeof text, value);
  return {text, end};
}

namespace {

/// The targets as texts: those of the file, or of its numbers.
struct TextTargets {
  DistinctTexts texts;
  std::vector<std::uint32_t> text_of_row;
};

TextTargets as_texts(const RowTargets& targets) {
  TextTargets result;
  if (!targets.texts.empty()) {
    for (std::size_t row = 0; row < targets.texts.size(); ++row) {
      const auto [number, is_new] = result.texts.add(targets.texts[row]);
      if (is_new)
        require_name(targets.texts[row], "class", [&] { return targets.place(row) + ": "; });
      result.text_of_row.push_back(number);
    }
    return result;
  }
  std::map<double, std::uint32_t> number_of;
  for (const double value : targets.values.elements()) {
    const auto [entry, is_new] = number_of.try_emplace(value, 0);
    if (is_new) entry->second = result.texts.add(number_text(value)).number;
    result.text_of_row.push_back(entry->second);
  }
  return result;
}

void set_labels(const RowTargets& targets, std::span<const std::string> classes, Dataset& dataset) {
  if (targets.texts.empty() && targets.values.cols() != 1)
    throw DataError(targets.place(0) + ": " + std::to_string(targets.values.cols()) +
                    " targets per row; expected one class per row, or data.task = regression");
  const auto [texts, text_of_row] = as_texts(targets);
  dataset.classes.assign(classes.begin(), classes.end());
  if (classes.empty()) dataset.classes = sorted_names(texts, [](std::size_t) { return true; });
  const std::vector<std::uint32_t> label_of_text = find_names(texts, dataset.classes);
  dataset.labels.reserve(text_of_row.size());
  for (std::size_t row = 0; row < text_of_row.size(); ++row) {
    const std::string& text = texts[text_of_row[row]];
    dataset.labels.push_back(label_of_text[text_of_row[row]]);
    if (dataset.labels.back() == kUnknownName)
      throw DataError(targets.place(row) + ": unknown class " + quote_cell(text) +
                      "; expected one of " + std::to_string(classes.size()) + " classes" +
                      nearest_of(text, classes));
  }
}

bool is_whole(double value) { return value == std::floor(value); }

/// Returns the task that kAuto stands for.
Task find_task(const RowTargets& targets, Dataset& dataset) {
  if (targets.are_text) return Task::kClassification;
  if (targets.values.cols() > 1 || !std::ranges::all_of(targets.values.elements(), is_whole))
    return Task::kRegression;
  const WholeTargets whole =
      targets.texts.empty() ? count_whole_targets(targets.values.elements())
                            : count_whole_targets(as_texts(targets).texts, targets.texts.size());
  if (const std::string note = whole.note(); !note.empty()) dataset.warnings.push_back(note);
  return whole.are_classes() ? Task::kClassification : Task::kRegression;
}

/// Throws DataError at the first target that is no number, or at the first one of all.
[[noreturn]] void refuse_text(const RowTargets& targets, const std::string& expected) {
  const auto& texts = targets.texts;
  auto found = std::ranges::find_if(texts, [](const auto& text) { return !is_numeric(text); });
  if (found == texts.end()) found = texts.begin();
  throw DataError(targets.place(static_cast<std::size_t>(found - texts.begin())) + ": found " +
                  quote_cell(*found) + "; " + expected);
}

void set_multi_label(RowTargets targets, Dataset& dataset) {
  dataset.task = Task::kMultiLabel;
  for (std::size_t row = 0; row < targets.values.rows(); ++row)
    if (!std::ranges::all_of(targets.values.row(row), is_label))
      throw DataError(targets.place(row) +
                      ": a label is neither 0 nor 1; expected these, or data.task = regression");
  if (targets.values.rows() == 0)
    refuse_text(targets, "expected labels of 0 or 1, or data.task = classification");
  dataset.targets = std::move(targets.values);
  if (const std::string note = one_label_note(dataset.targets); !note.empty())
    dataset.warnings.push_back(note);
}

}  // namespace

void set_targets(RowTargets targets, TaskChoice task, std::span<const std::string> classes,
                 Dataset& dataset) {
  const bool are_open = task == TaskChoice::kAuto && targets.values.cols() > 1;
  if (task == TaskChoice::kMultiLabel || (are_open && are_labels(targets.values))) {
    set_multi_label(std::move(targets), dataset);
    return;
  }
  if (task == TaskChoice::kRegression)
    dataset.task = Task::kRegression;
  else if (task == TaskChoice::kClassification || !classes.empty())
    dataset.task = Task::kClassification;
  else
    dataset.task = find_task(targets, dataset);
  if (dataset.task == Task::kClassification) {
    set_labels(targets, classes, dataset);
    return;
  }
  if (targets.values.rows() == 0)
    refuse_text(targets,
                "expected a number that double holds exactly, or data.task = classification");
  dataset.targets = std::move(targets.values);
}

}  // namespace nabla
