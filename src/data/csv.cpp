// SPDX-License-Identifier: MIT
#include "nabla/data/csv.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "nabla/base/error.h"
#include "nabla/base/file.h"

#include "data/csv_cell.h"
#include "data/csv_targets.h"
#include "data/csv_tokens.h"

namespace nabla {

namespace {

constexpr std::size_t kFeature = std::numeric_limits<std::size_t>::max();
constexpr std::size_t kWeight = kFeature - 1;

/// What is known of a table before its values are read.
struct Layout {
  std::size_t columns = 0;
  std::size_t first_line = 0;
  bool has_header = false;
  std::vector<std::string> header;
};

std::string separator_name(char separator) {
  if (separator == '\t') return "tab";
  return separator == ';' ? "semicolon" : "comma";
}

Layout find_layout(std::string_view text, const std::string& name, CsvHeader choice) {
  CsvTokens tokens(text, name);
  if (!tokens.next_row()) throw DataError(name + ": the table is empty; expected rows of values");
  Layout layout;
  layout.columns = tokens.cells().size();
  layout.first_line = tokens.line();
  layout.header.assign(tokens.cells().begin(), tokens.cells().end());
  layout.has_header = choice == CsvHeader::kYes;
  if (choice == CsvHeader::kAuto)
    layout.has_header = std::ranges::none_of(tokens.cells(), is_numeric) && tokens.next_row() &&
                        std::ranges::any_of(tokens.cells(), is_numeric);
  if (!layout.has_header) layout.header.clear();
  return layout;
}

/// Cells to make room for: no more than lines × columns, nor than fit into the text.
std::size_t cells_at_most(std::string_view text, std::size_t columns) {
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  return std::min(lines, text.size() / (2 * columns) + 1) * columns;
}

void check_width(const CsvTokens& tokens, const std::string& name, const Layout& layout) {
  if (tokens.cells().size() == layout.columns) return;
  throw DataError(name + ":" + std::to_string(tokens.line()) + ": found " +
                  std::to_string(tokens.cells().size()) + " columns separated by " +
                  separator_name(tokens.separator()) + "; expected " +
                  std::to_string(layout.columns) + " as on line " +
                  std::to_string(layout.first_line));
}

}  // namespace

Dataset parse_csv(std::string_view text, const std::string& name, const CsvOptions& options) {
  const Layout layout = find_layout(text, name, options.header);
  TargetCells targets;
  targets.name = name;
  targets.header = layout.header;
  targets.columns = resolve_targets(options, name, layout.columns, layout.header);
  const std::size_t target_count = targets.columns.size();
  const bool weighted = !options.weights.empty();
  const std::size_t weight_column = weighted ? resolve_column("data.weights", options.weights, name,
                                                              layout.columns, layout.header)
                                             : layout.columns;
  if (std::ranges::find(targets.columns, weight_column) != targets.columns.end())
    throw ConfigError("data.weights = " + options.weights +
                      ": this column is the target; expected another");
  const std::size_t feature_count = layout.columns - target_count - (weighted ? 1 : 0);
  if (feature_count == 0)
    throw DataError(
        name + ":" + std::to_string(layout.first_line) + ": found " +
        std::to_string(layout.columns) + (layout.columns == 1 ? " column" : " columns") +
        ", all of them targets or weights; expected a feature column, separated by comma, "
        "semicolon or tab");
  // For each column its place among the targets.
  std::vector<std::size_t> target_of(layout.columns, kFeature);
  for (std::size_t i = 0; i < target_count; ++i) target_of[targets.columns[i]] = i;
  if (weighted) target_of[weight_column] = kWeight;

  CsvTokens tokens(text, name);
  if (layout.has_header) tokens.next_row();
  std::vector<double> features;
  std::vector<double> weights;
  features.reserve(cells_at_most(text, layout.columns));
  while (tokens.next_row()) {
    check_width(tokens, name, layout);
    targets.lines.push_back(tokens.line());
    const std::size_t first_target = targets.cells.size();
    targets.cells.resize(first_target + target_count);
    for (std::size_t column = 0; column < layout.columns; ++column) {
      const std::string_view cell = tokens.cells()[column];
      if (target_of[column] < kWeight) {
        targets.cells[first_target + target_of[column]] = cell;
        continue;
      }
      double value = 0;
      const CellKind kind = parse_number(cell, value);
      if (kind != CellKind::kNumber)
        throw_not_a_number(cell_place(name, tokens.line(), column, layout.header), kind, cell);
      if (target_of[column] == kWeight) {
        if (value < 0)
          throw DataError(cell_place(name, tokens.line(), column, layout.header) +
                          quote_cell(cell) + " is negative; expected a weight of at least 0");
        weights.push_back(value);
      } else {
        features.push_back(value);
      }
    }
  }
  const std::size_t rows = targets.lines.size();
  if (rows == 0)
    throw DataError(name + ":" + std::to_string(layout.first_line) +
                    ": no rows after the header; expected one or more");
  if (weighted && std::ranges::all_of(weights, [](double weight) { return weight == 0; }))
    throw DataError(cell_place(name, layout.first_line, weight_column, layout.header) +
                    "all weights are 0; expected one above 0");
  Matrix<double> matrix(rows, feature_count);
  std::ranges::copy(features, matrix.data());

  Dataset dataset;
  dataset.weights = std::move(weights);
  dataset.features = std::move(matrix);
  if (target_count > 0) set_targets(targets, options, dataset);
  return dataset;
}

Dataset read_csv(const std::filesystem::path& path, const CsvOptions& options) {
  const std::vector<std::byte> content = read_file(path);
  const std::string_view text(reinterpret_cast<const char*>(content.data()), content.size());
  return parse_csv(text, path.string(), options);
}

}  // namespace nabla
