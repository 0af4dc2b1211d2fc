// SPDX-License-Identifier: MIT
#include "data/csv_columns.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

#include "nabla/base/error.h"

#include "base/memory.h"
#include "base/option_values.h"
#include "base/text.h"
#include "data/csv_cell.h"
#include "data/multi_label.h"
#include "data/whole_targets.h"

namespace nabla {

namespace {

[[noreturn]] void throw_mixed(const std::string& place, std::string_view text,
                              const std::string& fraction) {
  throw DataError(place + "the target " + quote_cell(text) + " is text, but " + fraction +
                  " is not a whole number; expected numbers only, or data.task = classification");
}

[[noreturn]] void throw_unknown_class(const std::string& place, std::string_view text,
                                      const std::vector<std::string>& classes) {
  throw DataError(place + "unknown class " + quote_cell(text) + "; expected one of " +
                  std::to_string(classes.size()) + " classes" + nearest_of(text, classes));
}

}  // namespace

CsvTargets::CsvTargets(const CsvOptions& options, std::size_t columns)
    : columns_(columns),
      missing_(options.missing_values),
      task_(options.task),
      known_classes_(options.classes),
      are_values_(columns > 1 || task_ == TaskChoice::kRegression ||
                  task_ == TaskChoice::kMultiLabel),
      is_decided_(options.task == TaskChoice::kClassification || !options.classes.empty()) {
  for (const std::string& name : known_classes_) known_names_.emplace(name);
}

void CsvTargets::add(std::string_view cell, const CellPlace& place) {
  if (are_values_)
    add_value(cell, place);
  else
    add_text(cell, place);
}

void CsvTargets::add_value(std::string_view cell, const CellPlace& place) {
  double value = 0;
  CellKind kind = parse_number(cell, value);
  if (missing_.contains(cell, kind, value)) kind = CellKind::kMissing;
  if (kind == CellKind::kText && !first_fraction_.empty())
    throw_mixed(place.text(), cell, first_fraction_);
  if (kind != CellKind::kNumber) throw_not_a_number(place.text(), kind, cell);
  if (task_ == TaskChoice::kMultiLabel && !is_label(value))
    throw DataError(place.text() + "the label is " + quote_cell(cell) +
                    "; expected 0 or 1, or data.task = regression");
  values_.push_back(value);
}

void CsvTargets::add_text(std::string_view cell, const CellPlace& place) {
  const auto [number, is_new] = texts_.add(cell);
  if (is_new) {
    require_name(cell, "class", [&] { return place.text(); });
    if (!known_classes_.empty() && !known_names_.contains(ClassName(cell)))
      throw_unknown_class(place.text(), cell, known_classes_);
    double value = 0;
    const CellKind kind = parse_number(cell, value);
    const bool is_number = kind == CellKind::kNumber;
    if (missing_.contains(cell, kind, value)) {
      // Whether it is a class follows from the other rows.
      if (first_word_.empty()) {
        first_word_ = cell;
        first_word_place_ = place.text();
      }
    } else if (!is_number && !first_text_) {
      first_text_ = cell;
      first_text_place_ = place.text();
    }
    if (is_number && value != std::floor(value) && !is_decided_) {
      first_fraction_ = quote_cell(cell) + " on line " + std::to_string(place.line);
      if (first_text_) throw_mixed(first_text_place_, *first_text_, first_fraction_);
      become_values();
      return add_value(cell, place);
    }
  }
  text_of_row_.push_back(number);
}

/// Makes values of the whole numbers so far, which could have been classes.
void CsvTargets::become_values() {
  values_.reserve(text_of_row_.size() + 1);
  for (const std::uint32_t number : text_of_row_)
    parse_number(texts_[number], values_.emplace_back());
  text_of_row_ = {};
  texts_.clear();
  are_values_ = true;
}

void CsvTargets::set_labels(Dataset& dataset) {
  dataset.classes = known_classes_;
  if (known_classes_.empty())
    dataset.classes = sorted_names(texts_, [](std::size_t) { return true; });
  const std::vector<std::uint32_t> label_of_text = find_names(texts_, dataset.classes);
  dataset.labels.reserve(text_of_row_.size());
  for (const std::uint32_t text : text_of_row_) dataset.labels.push_back(label_of_text[text]);
}

/// Returns whether the missing words among the targets name classes, as other texts do.
bool CsvTargets::are_words_classes() const { return first_text_ || !known_classes_.empty(); }

void CsvTargets::finish(Dataset& dataset) {
  if (!first_word_.empty()) {
    if (!are_words_classes())
      throw_not_a_number(first_word_place_, CellKind::kMissing, first_word_);
    if (known_classes_.empty())
      dataset.warnings.push_back(first_word_place_ + quote_cell(first_word_) +
                                 " is a class, as the target is text; if it stands for a missing "
                                 "value, expected rows without it");
  }
  if (!are_values_ && !is_decided_ && !first_text_) {
    const WholeTargets whole = count_whole_targets(texts_, text_of_row_.size());
    if (const std::string note = whole.note(); !note.empty()) dataset.warnings.push_back(note);
    if (!whole.are_classes()) become_values();
  }
  dataset.task = are_values_ ? Task::kRegression : Task::kClassification;
  if (!are_values_) return set_labels(dataset);
  dataset.targets = Matrix<double>(values_.size() / columns_, columns_);
  std::ranges::copy(values_, dataset.targets.data());
  values_ = {};
  const bool may_be_labels = task_ == TaskChoice::kAuto && columns_ > 1;
  if (task_ != TaskChoice::kMultiLabel && !(may_be_labels && are_labels(dataset.targets))) return;
  dataset.task = Task::kMultiLabel;
  if (const std::string note = one_label_note(dataset.targets); !note.empty())
    dataset.warnings.push_back(note);
}

namespace {

std::string separator_name(char separator) {
  if (separator == '\t') return "tab";
  if (separator == ';') return "semicolon";
  if (separator == kBlanksSeparator) return "blanks";
  return separator == ',' ? "comma" : quote_cell({&separator, 1});
}

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

bool contains(const std::vector<std::size_t>& columns, std::size_t column) {
  return std::ranges::find(columns, column) != columns.end();
}

/// Returns whether both tables have a header, so that columns are found by name.
bool match_by_name(const TableColumns& known, const CsvLayout& layout) {
  return !known.names.empty() && !layout.header.empty();
}

/// The columns of each name, in ascending order.
using ColumnsOfName = std::map<std::string_view, std::vector<std::size_t>>;

ColumnsOfName columns_of_name(const std::vector<std::string>& names) {
  ColumnsOfName columns;
  for (std::size_t i = 0; i < names.size(); ++i) columns[names[i]].push_back(i);
  return columns;
}

std::string first_line(const CsvLayout& layout) {
  return layout.name + ":" + std::to_string(layout.first_line) + ": ";
}

}  // namespace

std::vector<std::size_t> TableColumns::features() const {
  std::vector<std::size_t> result;
  for (std::size_t column = 0; column < count; ++column)
    if (!contains(targets, column) && column != weights && !contains(ignored, column))
      result.push_back(column);
  return result;
}

CsvFormat CsvLayout::format() const {
  CsvFormat result;
  for (const auto& [mark, separator] : {std::pair(',', CsvSeparator::kComma),
                                        {';', CsvSeparator::kSemicolon},
                                        {'\t', CsvSeparator::kTab},
                                        {kBlanksSeparator, CsvSeparator::kBlanks}})
    if (dialect.separator == mark) result.separator = separator;
  result.decimal = dialect.decimal == ',' ? CsvDecimal::kComma : CsvDecimal::kPoint;
  result.header = header.empty() ? CsvHeader::kNo : CsvHeader::kYes;
  return result;
}

CsvFormat common_format(const CsvFormat& a, const CsvFormat& b) {
  CsvFormat common;
  if (a.separator == b.separator) common.separator = a.separator;
  if (a.decimal == b.decimal) common.decimal = a.decimal;
  if (a.header == b.header) common.header = a.header;
  return common;
}

std::string option_name(std::span<const std::string> names, std::size_t column) {
  const std::string index = std::to_string(column);
  if (names.empty()) return index;
  const std::string& name = names[column];
  constexpr std::string_view kWords[] = {"", "last", "auto", "none"};
  const bool is_plain = std::ranges::find(kWords, name) == std::end(kWords) && trim(name) == name &&
                        name.find_first_of(",#\"\r\n") == std::string::npos &&
                        name.find_first_not_of("-0123456789") != std::string::npos;
  return is_plain && std::ranges::count(names, name) == 1 ? name : index;
}

void CsvLayout::check_width(const CsvTokens& tokens) const {
  if (tokens.cells().size() == columns) return;
  throw DataError(name + ":" + std::to_string(tokens.line()) + ": found " +
                  std::to_string(tokens.cells().size()) + " columns separated by " +
                  separator_name(tokens.dialect().separator) + "; expected " +
                  std::to_string(columns) + " as on line " + std::to_string(first_line));
}

CsvLayout find_layout(CsvTokens& tokens, std::span<const std::string> names) {
  tokens.keep_all(true);
  if (!tokens.next_row())
    throw DataError(tokens.name() + ": the table is empty; expected rows of values");
  CsvLayout layout;
  layout.name = tokens.name();
  layout.columns = tokens.cells().size();
  layout.first_line = tokens.line();
  layout.dialect = tokens.dialect();
  layout.header.assign(tokens.cells().begin(), tokens.cells().end());
  bool has_header = tokens.header() == CsvHeader::kYes;
  if (tokens.header() == CsvHeader::kAuto) {
    const auto is_named = [&](std::string_view cell) {
      return std::ranges::find(names, cell) != names.end();
    };
    const auto is_number = [&](std::string_view cell) {
      return is_numeric(cell, layout.dialect.decimal);
    };
    has_header = std::ranges::any_of(tokens.cells(), is_named) ||
                 (std::ranges::none_of(tokens.cells(), is_number) && tokens.next_row() &&
                  std::ranges::any_of(tokens.cells(), is_number));
  }
  tokens.rewind();
  if (has_header) {
    tokens.next_row();
    layout.header_text = tokens.row_text();
  } else {
    layout.header.clear();
  }
  tokens.keep_all(false);
  return layout;
}

namespace {

/// Returns the index that the text is, counted from the end if it is negative; nullopt if it is
/// none. An index beyond the table is the number of columns.
std::optional<std::size_t> parse_index(std::string_view text, std::size_t columns) {
  const bool from_end = text.starts_with('-');
  const std::string_view digits = text.substr(from_end ? 1 : 0);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  std::size_t index = 0;
  const auto error = std::from_chars(digits.data(), digits.data() + digits.size(), index).ec;
  if (error != std::errc()) return columns;
  if (from_end) return index > 0 && index <= columns ? columns - index : columns;
  return std::min(index, columns);
}

}  // namespace

std::vector<std::string> names_of_columns(const CsvOptions& options) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& column) {
    if (!column.empty() && column != "last" && !parse_index(column, 0)) names.push_back(column);
  };
  for (const auto* columns : {&options.targets, &options.ignored, &options.known_columns.names})
    std::ranges::for_each(*columns, add);
  if (options.one_hot) std::ranges::for_each(*options.one_hot, add);
  add(options.weights);
  return names;
}

std::size_t resolve_column(const std::string& key, const std::string& column,
                           const CsvLayout& layout) {
  if (column == "last") return layout.columns - 1;
  const auto named = std::ranges::find(layout.header, column);
  if (named != layout.header.end()) {
    if (std::find(named + 1, layout.header.end(), column) != layout.header.end())
      throw ConfigError(key + " = " + column + ": several columns of " + layout.name +
                        " have this name; expected a zero-based index");
    return static_cast<std::size_t>(named - layout.header.begin());
  }
  const std::optional<std::size_t> index = parse_index(column, layout.columns);
  if (index && *index < layout.columns) return *index;
  const std::string indices =
      "an index from 0 to " + std::to_string(layout.columns - 1) + ", -1 for the last column";
  if (index)
    throw ConfigError(key + " = " + column + ": " + layout.name + " has " +
                      counted(layout.columns, "column") + "; expected " + indices);
  if (layout.header.empty())
    throw ConfigError(key + " = " + column + ": " + layout.name +
                      " has no header line to find this name in; expected " + indices);
  const std::string near = nearest(column, layout.header);
  throw ConfigError(key + " = " + column + ": " + layout.name + " has no such column" +
                    (near.empty() ? "" : "; the nearest name is " + quote_cell(near)));
}

namespace {

/// Returns whether the file has a header without this name and the name is not an index either.
bool lacks_name(const CsvLayout& layout, const std::string& column) {
  return !layout.header.empty() && column != "last" &&
         std::ranges::find(layout.header, column) == layout.header.end() &&
         !parse_index(column, layout.columns);
}

/// Returns the column that has the name of a target of the known table; nullopt if there is not
/// exactly one, or if the option gives a name of its own and no place.
std::optional<std::size_t> known_target(const CsvOptions& options, std::size_t index,
                                        const CsvLayout& layout) {
  const TableColumns& known = options.known_columns;
  const std::string& target = options.targets[index];
  const bool is_place = target == "last" || parse_index(target, layout.columns).has_value();
  if (!match_by_name(known, layout) || index >= known.targets.size() || !is_place ||
      std::ranges::find(layout.header, target) != layout.header.end())
    return std::nullopt;
  const std::string& name = known.names[known.targets[index]];
  if (std::ranges::count(layout.header, name) != 1) return std::nullopt;
  return static_cast<std::size_t>(std::ranges::find(layout.header, name) - layout.header.begin());
}

/// Returns targets, weights and ignored columns as a known table has them, if the options leave
/// them open: by name if both have a header, else by position in a table of as many columns.
/// nullopt if the file does not have each target once.
std::optional<TableColumns> known_roles(const CsvOptions& options, const CsvLayout& layout) {
  const TableColumns& known = options.known_columns;
  const bool are_open =
      options.targets == CsvOptions().targets && options.weights.empty() && options.ignored.empty();
  if (!are_open || known.targets.empty()) return std::nullopt;
  TableColumns roles;
  roles.count = layout.columns;
  roles.names = layout.header;
  if (!match_by_name(known, layout)) {
    if (layout.columns != known.count) return std::nullopt;
    roles.targets = known.targets;
    roles.weights = known.weights;
    roles.ignored = known.ignored;
    return roles;
  }
  for (const std::size_t target : known.targets) {
    if (std::ranges::count(layout.header, known.names[target]) != 1) return std::nullopt;
    const auto found = std::ranges::find(layout.header, known.names[target]);
    roles.targets.push_back(static_cast<std::size_t>(found - layout.header.begin()));
  }
  return roles;
}

}  // namespace

TableColumns resolve_columns(const CsvOptions& options, const CsvLayout& layout,
                             bool needs_weights) {
  if (const std::optional<TableColumns> roles = known_roles(options, layout)) return *roles;
  TableColumns result;
  result.count = layout.columns;
  result.names = layout.header;
  for (std::size_t i = 0; i < options.targets.size(); ++i) {
    const std::string& target = options.targets[i];
    const std::optional<std::size_t> known = known_target(options, i, layout);
    const std::size_t column = known ? *known : resolve_column("data.target", target, layout);
    if (contains(result.targets, column))
      throw ConfigError("data.target names column " + std::to_string(column) + " of " +
                        layout.name + " twice (" + target + "); expected different columns");
    result.targets.push_back(column);
  }
  if (result.targets.size() > 1 && options.task == TaskChoice::kClassification)
    throw ConfigError("data.task = classification with " + std::to_string(result.targets.size()) +
                      " columns in data.target; expected one, or data.task = regression");
  const bool has_weights =
      !options.weights.empty() && (needs_weights || !lacks_name(layout, options.weights));
  if (has_weights) {
    result.weights = resolve_column("data.weights", options.weights, layout);
    if (contains(result.targets, *result.weights))
      throw ConfigError("data.weights = " + options.weights +
                        ": this column is the target; expected another");
  }
  for (const std::string& name : options.ignored) {
    if (!needs_weights && lacks_name(layout, name)) continue;
    const std::size_t column = resolve_column("data.ignore", name, layout);
    if (contains(result.targets, column) || column == result.weights)
      throw ConfigError("data.ignore = " + name + ": this column is " +
                        (column == result.weights ? "the weights" : "a target") +
                        "; expected another");
    if (contains(result.ignored, column))
      throw ConfigError("data.ignore names column " + std::to_string(column) + " of " +
                        layout.name + " twice (" + name + "); expected different columns");
    result.ignored.push_back(column);
  }
  std::ranges::sort(result.ignored);
  if (result.features().empty())
    throw DataError(first_line(layout) + "found " + counted(layout.columns, "column") +
                    " separated by " + separator_name(layout.dialect.separator) +
                    ", all of them targets, weights or ignored; expected a feature column, or "
                    "another data.separator");
  return result;
}

std::vector<std::size_t> match_features(const TableColumns& known, const TableColumns& own,
                                        const CsvLayout& layout, OtherColumns others) {
  std::vector<std::size_t> rest = own.features();
  const std::vector<std::size_t> wanted = known.features();
  if (!match_by_name(known, layout)) {
    if (rest.size() != wanted.size())
      throw DataError(first_line(layout) + counted(rest.size(), "feature") + ", expected " +
                      std::to_string(wanted.size()) + " as in the rows trained on");
    return rest;
  }
  const ColumnsOfName here = columns_of_name(layout.header);
  const ColumnsOfName there = columns_of_name(known.names);
  std::vector<std::size_t> result;
  for (const std::size_t feature : wanted) {
    const std::string& name = known.names[feature];
    const auto found = here.find(name);
    if (found == here.end())
      throw DataError(first_line(layout) + "the feature column " + quote_cell(name) +
                      " is missing; expected all columns trained on");
    // Columns of one name keep their order.
    const std::vector<std::size_t>& same = there.at(name);
    if (found->second.size() != same.size())
      throw DataError(first_line(layout) + counted(found->second.size(), "column") +
                      " of the name " + quote_cell(name) + "; expected " +
                      std::to_string(same.size()) + " as in the table trained on");
    const auto place = std::ranges::find(same, feature) - same.begin();
    const std::size_t column = found->second[static_cast<std::size_t>(place)];
    if (contains(own.targets, column) || column == own.weights)
      throw DataError(first_line(layout) + "the feature column " + quote_cell(name) +
                      " is a target or the weights here; expected data.target and data.weights to "
                      "name the columns trained on");
    result.push_back(column);
    std::erase(rest, column);
  }
  if (others == OtherColumns::kRefused && !rest.empty())
    throw DataError(cell_place(layout.name, layout.first_line, rest.front(), layout.header) +
                    "not a column of the rows trained on; expected their " +
                    counted(wanted.size(), "feature"));
  return result;
}

TableColumns find_ignored(const TableColumns& known, std::size_t features,
                          const CsvLayout& layout) {
  TableColumns own;
  own.count = layout.columns;
  own.names = layout.header;
  // By name the features are found without knowing the others.
  if (match_by_name(known, layout) || layout.columns == features) return own;
  if (known.count == 0 && layout.columns == features + 1) {
    own.targets = {features};  // the last column
  } else if (layout.columns == known.count) {
    own.targets = known.targets;
    own.weights = known.weights;
    own.ignored = known.ignored;
  } else if (layout.columns + known.targets.size() == known.count) {
    // The targets alone are missing, and the columns behind them move up.
    const auto moved = [&](std::size_t column) {
      return column - static_cast<std::size_t>(std::ranges::count_if(
                          known.targets, [&](std::size_t target) { return target < column; }));
    };
    if (known.weights) own.weights = moved(*known.weights);
    for (const std::size_t column : known.ignored) own.ignored.push_back(moved(column));
  } else {
    throw DataError(first_line(layout) + "found " + counted(layout.columns, "column") +
                    "; expected the model's " + counted(features, "feature") +
                    (known.count > features + 1 ? ", or the " + std::to_string(known.count) +
                                                      " columns of the table trained on"
                                                : ", with or without the target"));
  }
  return own;
}

}  // namespace nabla
