// SPDX-License-Identifier: MIT
#include "data/csv_targets.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "nabla/base/error.h"

#include "base/nearest.h"
#include "data/class_name.h"
#include "data/csv_cell.h"

namespace nabla {

namespace {

/// The different texts among the target cells in the order of their first appearance, and for each
/// cell the number of its text.
struct DistinctTexts {
  std::vector<std::string_view> texts;
  std::vector<std::size_t> first_cell;
  std::vector<std::uint32_t> text_of_cell;
};

DistinctTexts find_distinct(const TargetCells& targets) {
  DistinctTexts result;
  std::unordered_map<std::string_view, std::uint32_t> numbers;
  result.text_of_cell.reserve(targets.cells.size());
  for (std::size_t i = 0; i < targets.cells.size(); ++i) {
    const std::string_view cell = targets.cells[i];
    const auto [entry, is_new] =
        numbers.try_emplace(cell, static_cast<std::uint32_t>(result.texts.size()));
    if (is_new) {
      double value = 0;
      const CellKind kind = parse_number(cell, value);
      if (kind != CellKind::kNumber && kind != CellKind::kText)
        throw_not_a_number(targets.place(i), kind, cell);
      result.texts.push_back(cell);
      result.first_cell.push_back(i);
    }
    result.text_of_cell.push_back(entry->second);
  }
  return result;
}

/// Integers or texts are classes; other numbers, which leave no room for text, are values.
Task choose_task(const TargetCells& targets, const DistinctTexts& distinct) {
  std::optional<std::size_t> fraction;
  std::optional<std::size_t> text;
  for (std::size_t i = 0; i < distinct.texts.size(); ++i) {
    double value = 0;
    const bool is_number = parse_number(distinct.texts[i], value) == CellKind::kNumber;
    if (!is_number && !text) text = i;
    if (is_number && value != std::floor(value) && !fraction) fraction = i;
  }
  if (fraction && text)
    throw DataError(targets.place(distinct.first_cell[*text]) + "the target " +
                    quote_cell(distinct.texts[*text]) + " is text, but " +
                    quote_cell(distinct.texts[*fraction]) + " on line " +
                    std::to_string(targets.lines[distinct.first_cell[*fraction]]) +
                    " is no whole number; expected numbers only, or data.task = classification");
  return fraction ? Task::kRegression : Task::kClassification;
}

[[noreturn]] void throw_unknown_class(const std::string& place, std::string_view text,
                                      const std::vector<std::string>& classes) {
  throw DataError(place + "unknown class " + quote_cell(text) + "; expected one of " +
                  std::to_string(classes.size()) + " classes, of which " +
                  quote_cell(nearest(text, classes)) + " is the nearest");
}

void set_labels(const TargetCells& targets, const DistinctTexts& distinct,
                const std::vector<std::string>& known, Dataset& dataset) {
  std::map<ClassName, std::uint32_t> label_of;
  if (known.empty()) {
    // Texts of the same value ("1", "1.0") are one class and go by the first of them in the file.
    for (const std::string_view text : distinct.texts) label_of.try_emplace(ClassName(text));
    for (auto& [name, label] : label_of) {
      label = static_cast<std::uint32_t>(dataset.classes.size());
      dataset.classes.push_back(name.text);
    }
  } else {
    dataset.classes = known;
    for (std::size_t i = 0; i < known.size(); ++i)
      label_of.try_emplace(ClassName(known[i]), static_cast<std::uint32_t>(i));
  }
  std::vector<std::uint32_t> label_of_text;
  for (std::size_t i = 0; i < distinct.texts.size(); ++i) {
    const auto found = label_of.find(ClassName(distinct.texts[i]));
    if (found == label_of.end())
      throw_unknown_class(targets.place(distinct.first_cell[i]), distinct.texts[i], known);
    label_of_text.push_back(found->second);
  }
  dataset.labels.reserve(distinct.text_of_cell.size());
  for (const std::uint32_t text : distinct.text_of_cell)
    dataset.labels.push_back(label_of_text[text]);
}

void set_values(const TargetCells& targets, Dataset& dataset) {
  dataset.targets = Matrix<double>(targets.lines.size(), targets.columns.size());
  for (std::size_t i = 0; i < targets.cells.size(); ++i) {
    const CellKind kind = parse_number(targets.cells[i], dataset.targets.data()[i]);
    if (kind != CellKind::kNumber) throw_not_a_number(targets.place(i), kind, targets.cells[i]);
  }
}

}  // namespace

std::size_t resolve_column(const std::string& key, const std::string& column,
                           const std::string& name, std::size_t columns,
                           const std::vector<std::string>& header) {
  if (column == "last") return columns - 1;
  const auto named = std::ranges::find(header, column);
  if (named != header.end()) {
    if (std::find(named + 1, header.end(), column) != header.end())
      throw ConfigError(key + " = " + column + ": several columns of " + name +
                        " have this name; expected a zero-based index");
    return static_cast<std::size_t>(named - header.begin());
  }
  std::size_t index = 0;
  const char* const last = column.data() + column.size();
  const auto [end, error] = std::from_chars(column.data(), last, index);
  const bool is_index = end == last && !column.empty();
  if (is_index && error == std::errc() && index < columns) return index;
  const std::string indices = "an index from 0 to " + std::to_string(columns - 1) + " or last";
  if (is_index)
    throw ConfigError(key + " = " + column + ": " + name + " has " + std::to_string(columns) +
                      " columns; expected " + indices);
  if (header.empty())
    throw ConfigError(key + " = " + column + ": " + name +
                      " has no header line to find this name in; expected " + indices);
  throw ConfigError(key + " = " + column + ": " + name +
                    " has no such column; the nearest name is " + nearest(column, header));
}

std::vector<std::size_t> resolve_targets(const CsvOptions& options, const std::string& name,
                                         std::size_t columns,
                                         const std::vector<std::string>& header) {
  std::vector<std::size_t> result;
  for (const std::string& target : options.targets) {
    const std::size_t column = resolve_column("data.target", target, name, columns, header);
    if (std::ranges::find(result, column) != result.end())
      throw ConfigError("data.target names column " + std::to_string(column) + " of " + name +
                        " twice (" + target + "); expected different columns");
    result.push_back(column);
  }
  if (result.size() > 1 && options.task == TaskChoice::kClassification)
    throw ConfigError("data.task = classification with " + std::to_string(result.size()) +
                      " columns in data.target; expected one, or data.task = regression");
  return result;
}

std::string TargetCells::place(std::size_t cell) const {
  return cell_place(name, lines[cell / columns.size()], columns[cell % columns.size()], header);
}

void set_targets(const TargetCells& targets, const CsvOptions& options, Dataset& dataset) {
  if (targets.columns.size() > 1 || options.task == TaskChoice::kRegression) {
    dataset.task = Task::kRegression;
    set_values(targets, dataset);
    return;
  }
  const DistinctTexts distinct = find_distinct(targets);
  // Classes known beforehand leave no choice.
  const bool decided = options.task == TaskChoice::kClassification || !options.classes.empty();
  dataset.task = decided ? Task::kClassification : choose_task(targets, distinct);
  if (dataset.task == Task::kClassification) {
    set_labels(targets, distinct, options.classes, dataset);
  } else {
    set_values(targets, dataset);
  }
}

}  // namespace nabla
