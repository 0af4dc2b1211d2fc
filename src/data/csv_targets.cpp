// SPDX-License-Identifier: MIT
#include "data/csv_targets.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "nabla/base/error.h"

#include "base/nearest.h"

namespace nabla {

namespace {

[[noreturn]] void throw_mixed(const std::string& place, std::string_view text,
                              const std::string& fraction) {
  throw DataError(place + "the target " + quote_cell(text) + " is text, but " + fraction +
                  " is no whole number; expected numbers only, or data.task = classification");
}

[[noreturn]] void throw_unknown_class(const std::string& place, std::string_view text,
                                      const std::vector<std::string>& classes) {
  throw DataError(place + "unknown class " + quote_cell(text) + "; expected one of " +
                  std::to_string(classes.size()) + " classes, of which " +
                  quote_cell(nearest(text, classes)) + " is the nearest");
}

}  // namespace

CsvTargets::CsvTargets(const CsvOptions& options, std::size_t columns)
    : columns_(columns),
      known_classes_(options.classes),
      are_values_(columns > 1 || options.task == TaskChoice::kRegression),
      is_decided_(options.task == TaskChoice::kClassification || !options.classes.empty()) {
  for (std::size_t i = 0; i < known_classes_.size(); ++i)
    label_of_.try_emplace(ClassName(known_classes_[i]), static_cast<std::uint32_t>(i));
}

void CsvTargets::add(std::string_view cell, const CellPlace& place) {
  if (are_values_)
    add_value(cell, place);
  else
    add_text(cell, place);
}

void CsvTargets::add_value(std::string_view cell, const CellPlace& place) {
  double value = 0;
  const CellKind kind = parse_number(cell, value);
  if (kind == CellKind::kText && !first_fraction_.empty())
    throw_mixed(place.text(), cell, first_fraction_);
  if (kind != CellKind::kNumber) throw_not_a_number(place.text(), kind, cell);
  values_.push_back(value);
}

void CsvTargets::add_text(std::string_view cell, const CellPlace& place) {
  const auto [number, is_new] = texts_.add(cell);
  if (is_new) {
    require_name(cell, "class", place);
    if (!known_classes_.empty() && !label_of_.contains(ClassName(cell)))
      throw_unknown_class(place.text(), cell, known_classes_);
    double value = 0;
    const bool is_number = parse_number(cell, value) == CellKind::kNumber;
    if (!is_number && !first_text_) {
      first_text_ = cell;
      first_text_place_ = place.text();
    }
    if (is_number && value != std::floor(value) && !is_decided_) {
      become_values(cell, place);
      return add_value(cell, place);
    }
  }
  text_of_row_.push_back(number);
}

/// The whole numbers so far, which looked like classes, are values too.
void CsvTargets::become_values(std::string_view fraction, const CellPlace& place) {
  first_fraction_ = quote_cell(fraction) + " on line " + std::to_string(place.line);
  if (first_text_) throw_mixed(first_text_place_, *first_text_, first_fraction_);
  values_.reserve(text_of_row_.size() + 1);
  for (const std::uint32_t number : text_of_row_)
    parse_number(texts_[number], values_.emplace_back());
  text_of_row_ = {};
  texts_.clear();
  are_values_ = true;
}

void CsvTargets::set_labels(Dataset& dataset) {
  dataset.classes = known_classes_;
  if (known_classes_.empty()) {
    // Texts of the same value ("1", "1.0") are one class and go by the first of them in the file.
    for (std::size_t i = 0; i < texts_.size(); ++i) label_of_.try_emplace(ClassName(texts_[i]));
    for (auto& [name, label] : label_of_) {
      label = static_cast<std::uint32_t>(dataset.classes.size());
      dataset.classes.push_back(name.text);
    }
  }
  std::vector<std::uint32_t> label_of_text;
  for (std::size_t i = 0; i < texts_.size(); ++i)
    label_of_text.push_back(label_of_.at(ClassName(texts_[i])));
  dataset.labels.reserve(text_of_row_.size());
  for (const std::uint32_t text : text_of_row_) dataset.labels.push_back(label_of_text[text]);
}

void CsvTargets::finish(Dataset& dataset) {
  dataset.task = are_values_ ? Task::kRegression : Task::kClassification;
  if (!are_values_) return set_labels(dataset);
  dataset.targets = Matrix<double>(values_.size() / columns_, columns_);
  std::ranges::copy(values_, dataset.targets.data());
  values_ = {};
}

}  // namespace nabla
