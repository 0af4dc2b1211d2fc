// SPDX-License-Identifier: MIT
#include "data/csv_columns.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "nabla/base/error.h"

#include "base/text.h"
#include "data/csv_cell.h"

namespace nabla {

namespace {

std::string separator_name(char separator) {
  if (separator == '\t') return "tab";
  return separator == ';' ? "semicolon" : "comma";
}

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

bool contains(const std::vector<std::size_t>& columns, std::size_t column) {
  return std::ranges::find(columns, column) != columns.end();
}

bool are_different(const std::vector<std::string>& names) {
  return std::set<std::string>(names.begin(), names.end()).size() == names.size();
}

/// Whether columns can be told apart by the names in both headers.
bool match_by_name(const TableColumns& known, const CsvLayout& layout) {
  return !known.names.empty() && !layout.header.empty() && are_different(known.names) &&
         are_different(layout.header);
}

/// Whether the file has a header without this name, which is no index either.
bool lacks_name(const CsvLayout& layout, const std::string& column) {
  return !layout.header.empty() && column != "last" &&
         std::ranges::find(layout.header, column) == layout.header.end() &&
         column.find_first_not_of("0123456789") != std::string::npos;
}

std::string first_line(const CsvLayout& layout) {
  return layout.name + ":" + std::to_string(layout.first_line) + ": ";
}

}  // namespace

std::vector<std::size_t> TableColumns::features() const {
  std::vector<std::size_t> result;
  for (std::size_t column = 0; column < count; ++column)
    if (!contains(targets, column) && column != weights) result.push_back(column);
  return result;
}

void CsvLayout::check_width(const CsvTokens& tokens) const {
  if (tokens.cells().size() == columns) return;
  throw DataError(name + ":" + std::to_string(tokens.line()) + ": found " +
                  std::to_string(tokens.cells().size()) + " columns separated by " +
                  separator_name(tokens.separator()) + "; expected " + std::to_string(columns) +
                  " as on line " + std::to_string(first_line));
}

CsvLayout find_layout(CsvTokens& tokens, CsvHeader choice) {
  tokens.keep_all(true);
  if (!tokens.next_row())
    throw DataError(tokens.name() + ": the table is empty; expected rows of values");
  CsvLayout layout;
  layout.name = tokens.name();
  layout.columns = tokens.cells().size();
  layout.first_line = tokens.line();
  layout.header.assign(tokens.cells().begin(), tokens.cells().end());
  bool has_header = choice == CsvHeader::kYes;
  if (choice == CsvHeader::kAuto)
    has_header = std::ranges::none_of(tokens.cells(), is_numeric) && tokens.next_row() &&
                 std::ranges::any_of(tokens.cells(), is_numeric);
  tokens.rewind();
  if (has_header)
    tokens.next_row();
  else
    layout.header.clear();
  tokens.keep_all(false);
  return layout;
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
  std::size_t index = 0;
  const char* const last = column.data() + column.size();
  const auto [end, error] = std::from_chars(column.data(), last, index);
  const bool is_index = end == last && !column.empty();
  if (is_index && error == std::errc() && index < layout.columns) return index;
  const std::string indices =
      "an index from 0 to " + std::to_string(layout.columns - 1) + " or last";
  if (is_index)
    throw ConfigError(key + " = " + column + ": " + layout.name + " has " +
                      counted(layout.columns, "column") + "; expected " + indices);
  if (layout.header.empty())
    throw ConfigError(key + " = " + column + ": " + layout.name +
                      " has no header line to find this name in; expected " + indices);
  throw ConfigError(key + " = " + column + ": " + layout.name +
                    " has no such column; the nearest name is " +
                    quote_cell(nearest(column, layout.header)));
}

TableColumns resolve_columns(const CsvOptions& options, const CsvLayout& layout,
                             bool needs_weights) {
  TableColumns result;
  result.count = layout.columns;
  result.names = layout.header;
  for (const std::string& target : options.targets) {
    const std::size_t column = resolve_column("data.target", target, layout);
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
  if (result.features().empty())
    throw DataError(first_line(layout) + "found " + counted(layout.columns, "column") +
                    ", all of them targets or weights; expected a feature column, separated by "
                    "comma, semicolon or tab");
  return result;
}

std::vector<std::size_t> match_features(const TableColumns& known, const TableColumns& own,
                                        const CsvLayout& layout) {
  const std::vector<std::size_t> rest = own.features();
  const std::vector<std::size_t> wanted = known.features();
  if (!match_by_name(known, layout)) {
    if (rest.size() != wanted.size())
      throw DataError(first_line(layout) + counted(rest.size(), "feature") + ", expected " +
                      std::to_string(wanted.size()) + " as in the rows trained on");
    return rest;
  }
  std::map<std::string_view, std::size_t> column_of;
  for (const std::size_t column : rest) column_of[layout.header[column]] = column;
  std::vector<std::size_t> result;
  for (const std::size_t feature : wanted) {
    const auto found = column_of.find(known.names[feature]);
    if (found == column_of.end()) {
      const bool is_there =
          std::ranges::find(layout.header, known.names[feature]) != layout.header.end();
      throw DataError(first_line(layout) + "the feature column " +
                      quote_cell(known.names[feature]) +
                      (is_there ? " is a target or the weights here; expected data.target and "
                                  "data.weights to name the columns trained on"
                                : " is missing; expected all columns trained on"));
    }
    result.push_back(found->second);
    column_of.erase(found);
  }
  if (!column_of.empty())
    throw DataError(
        cell_place(layout.name, layout.first_line, column_of.begin()->second, layout.header) +
        "not a column of the rows trained on; expected their " + counted(wanted.size(), "feature"));
  return result;
}

TableColumns find_ignored(const TableColumns& known, std::size_t features,
                          const CsvLayout& layout) {
  TableColumns own;
  own.count = layout.columns;
  own.names = layout.header;
  if (match_by_name(known, layout)) {
    std::vector<std::size_t> others = known.targets;
    if (known.weights) others.push_back(*known.weights);
    for (const std::size_t other : others) {
      const auto found = std::ranges::find(layout.header, known.names[other]);
      if (found != layout.header.end())
        own.targets.push_back(static_cast<std::size_t>(found - layout.header.begin()));
    }
    return own;
  }
  if (layout.columns == features) return own;
  if (known.count == 0 && layout.columns == features + 1) {
    own.targets = {features};  // the last column
  } else if (layout.columns == known.count) {
    own.targets = known.targets;
    own.weights = known.weights;
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
