// SPDX-License-Identifier: MIT
#include "data/csv.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/data/data_options.h"

#include "base/memory.h"
#include "base/text.h"
#include "data/csv_cell.h"
#include "data/csv_tokens.h"
#include "data/source.h"

namespace nabla {

void RowPlaces::add(std::size_t row, std::size_t line) {
  if (runs.empty() || row == files.back().first_row ||
      line != runs.back().line + (row - runs.back().first_row))
    runs.push_back({row, line});
}

void RowPlaces::append(const RowPlaces& next, std::size_t first_row) {
  if (files.empty()) files = next.files;
  for (const RowOrigin::Run& run : next.runs) add(first_row + run.first_row, run.line);
}

RowOrigin RowPlaces::origin() const {
  std::vector<RowOrigin::File> result;
  auto file = files.begin();
  for (const RowOrigin::Run& run : runs) {
    while (file != files.end() && file->first_row <= run.first_row) {
      result.push_back({.name = file->name, .first_row = file->first_row});
      ++file;
    }
    result.back().runs.push_back(run);
  }
  return RowOrigin(std::move(result));
}

std::string RowPlaces::text(std::size_t row, std::size_t feature) const {
  const auto next =
      std::ranges::upper_bound(files, row, {}, [](const File& file) { return file.first_row; });
  const File& file = *(next - 1);
  const RowOrigin::Run& run =
      *(std::ranges::upper_bound(runs, row, {}, &RowOrigin::Run::first_row) - 1);
  return cell_place(file.name, run.line + (row - run.first_row), file.columns[feature],
                    file.header);
}

void CategoryRows::require_known(std::span<const std::uint32_t> rows, const OneHot& one_hot) const {
  categories.require_known(rows, one_hot, [&](std::size_t row, std::size_t feature) {
    return places.text(row, feature);
  });
}

void CategoryRows::expand(const OneHot& one_hot, Dataset& dataset) {
  dataset.features = categories.expand(std::move(features), one_hot);
  dataset.one_hot = one_hot;
}

/// Returns the features that data.one-hot names in the first file, or those of a known table.
std::vector<std::size_t> CsvTable::one_hot_features(const CsvLayout& layout,
                                                    const TableColumns& columns) const {
  std::vector<std::size_t> result;
  if (options_.known_one_hot) {
    for (const OneHotColumn& column : options_.known_one_hot->columns)
      result.push_back(column.feature);
    return result;
  }
  const std::vector<std::size_t> features = columns.features();
  if (!options_.one_hot) return result;
  for (const std::string& name : *options_.one_hot) {
    const std::size_t column = resolve_column("data.one-hot", name, layout);
    const auto found = std::ranges::find(features, column);
    if (found == features.end())
      throw ConfigError("data.one-hot = " + name +
                        ": this column is a target, the weights or ignored; expected a feature");
    const auto feature = static_cast<std::size_t>(found - features.begin());
    if (std::ranges::find(result, feature) != result.end())
      throw ConfigError("data.one-hot names column " + std::to_string(column) + " of " +
                        layout.name + " twice (" + name + "); expected different columns");
    result.push_back(feature);
  }
  std::ranges::sort(result);
  return result;
}

FeatureRules CsvTable::rules() const {
  const bool is_open = options_.known_columns.count == 0 && !options_.known_one_hot;
  return {.missing = MissingWords(options_.missing_values),
          .keep_missing = options_.keep_missing,
          .missing_remedy = missing_remedy_,
          .is_open = is_open,
          .find_categories = is_open && !options_.one_hot};
}

void CsvTable::begin(const CsvLayout& layout, const TableColumns& columns) {
  columns_ = options_.known_columns.count > 0 ? options_.known_columns : columns;
  categories_.set_features(one_hot_features(layout, columns));
  columns_.missing_values = options_.missing_values;
  const std::size_t features = columns_.features().size();
  features_.emplace(features);
  cells_.emplace(rules(), features, categories_);
  if (!options_.targets.empty()) targets_.emplace(options_, columns.targets.size());
  if (columns.weights)
    weights_place_ = cell_place(layout.name, layout.first_line, *columns.weights, layout.header);
}

/// Returns the text of a target or weight with a point in place of a decimal comma, so that numbers
/// are read, and classes of the same value found, in files of either mark.
std::string_view CsvTable::with_point(std::string_view cell, char decimal, const CellPlace& place) {
  if (decimal != ',') return cell;
  double ignored = 0;
  if (cell.find('.') != std::string_view::npos && is_numeric(cell))
    throw DataError(place.text() + quote_cell(cell) +
                    " has a decimal point among decimal commas; expected one of both, as "
                    "data.decimal says");
  if (parse_number(cell, ignored, decimal) != CellKind::kNumber) return cell;
  with_point_ = cell;
  std::ranges::replace(with_point_, ',', '.');
  return with_point_;
}

void CsvTable::add_weight(std::string_view cell, const CellPlace& place) {
  const CellKind kind = parse_number(cell, weights_.emplace_back());
  if (kind != CellKind::kNumber) throw_not_a_number(place.text(), kind, cell);
  if (weights_.back() < 0)
    throw DataError(place.text() + quote_cell(cell) +
                    " is negative; expected a weight of at least 0");
}

void CsvTable::read(CsvTokens& tokens) {
  const CsvLayout layout = find_layout(tokens, names_of_columns(options_));
  const TableColumns own = resolve_columns(options_, layout, needs_weights_);
  if (!features_) begin(layout, own);
  format_ = format_ ? common_format(*format_, layout.format()) : layout.format();
  const std::vector<std::size_t> features = match_features(
      columns_, own, layout,
      options_.known_columns.count > 0 ? OtherColumns::kLeftAside : OtherColumns::kRefused);
  const std::size_t first_row = features_->rows();
  places_.files.push_back({layout.name, layout.header, features, first_row});
  cells_->begin_file(layout, features);
  const std::size_t most_rows = physical_memory() / sizeof(double) / features_->cols();
  while (tokens.next_row()) {
    layout.check_width(tokens);
    if (features_->rows() >= most_rows)
      throw DataError(
          layout.name + ":" + std::to_string(tokens.line()) +
          ": the table does not fit into the memory of this machine; expected at most " +
          std::to_string(most_rows) + " rows");
    cells_->read(tokens, *features_);
    const auto take = [&](std::size_t column, auto add) {
      const CellPlace place{layout.name, tokens.line(), column, layout.header};
      add(with_point(tokens.cells()[column], layout.dialect.decimal, place), place);
    };
    for (const std::size_t column : own.targets)
      take(column, [&](std::string_view cell, const CellPlace& at) { targets_->add(cell, at); });
    if (own.weights)
      take(*own.weights, [&](std::string_view cell, const CellPlace& at) { add_weight(cell, at); });
    places_.add(features_->rows() - 1, tokens.line());
  }
  if (features_->rows() == first_row)
    throw DataError(layout.name + ":" + std::to_string(layout.first_line) +
                    ": no rows after the header; expected one or more");
}

/// Warns if the first column has no name and numbers the rows, as pandas writes its index.
void CsvTable::warn_of_row_numbers(std::vector<std::string>& warnings) const {
  const std::vector<std::size_t> features = columns_.features();
  const bool is_category = !categories_.empty() && categories_.features().front() == 0;
  if (options_.known_columns.count > 0 || columns_.names.empty() || !columns_.names[0].empty() ||
      features.front() != 0 || is_category)
    return;
  for (std::size_t row = 0; row < features_->rows(); ++row)
    if ((*features_)(row, 0) != static_cast<double>(row)) return;
  warnings.push_back(places_.files.front().name +
                     ": the first column has no name and holds 0, 1, 2, …; if it numbers the rows, "
                     "data.ignore = 0 leaves it out");
}

CsvRows CsvTable::finish() {
  if (!weights_.empty() && std::ranges::all_of(weights_, [](double w) { return w == 0; }))
    throw DataError(weights_place_ + "all weights are 0; expected one above 0");
  CsvRows rows;
  cells_->require_usable(*features_, options_.ignored);
  categories_.sort();
  warn_of_row_numbers(rows.dataset.warnings);
  rows.dataset.origin = places_.origin();
  if (categories_.empty()) {
    rows.dataset.features = features_->finish();
  } else {
    rows.dataset.features = features_->view();
    rows.categories = std::make_shared<CategoryRows>(
        CategoryRows{*std::move(features_), std::move(categories_), std::move(places_)});
  }
  if (targets_) targets_->finish(rows.dataset);
  rows.dataset.weights = std::move(weights_);
  rows.dataset.columns = std::move(columns_);
  rows.dataset.format = *format_;
  return rows;
}

namespace {

Dataset read_all(CsvTokens tokens, const CsvOptions& options) {
  CsvTable table(options);
  table.read(tokens);
  CsvRows rows = table.finish();
  if (!rows.categories) return std::move(rows.dataset);
  std::vector<std::uint32_t> all(rows.dataset.rows());
  std::iota(all.begin(), all.end(), 0U);
  const OneHot one_hot = options.known_one_hot ? *options.known_one_hot : rows.categories->fit(all);
  if (options.unknown_category == UnknownCategory::kError)
    rows.categories->require_known(all, one_hot);
  rows.categories->expand(one_hot, rows.dataset);
  return std::move(rows.dataset);
}

}  // namespace

Dataset parse_csv(std::string_view text, const std::string& name, const CsvOptions& options) {
  return read_all(CsvTokens(read_from(text), name, options.format), options);
}

Dataset read_csv(const std::filesystem::path& path, const CsvOptions& options) {
  return read_all(open_csv(path, options.format), options);
}

namespace {

using Files = std::vector<std::filesystem::path>;

/// Reads all files into a table that is new.
CsvRows read_files(const Files& files, const CsvFormat& format, CsvTable& table) {
  for (const std::filesystem::path& file : files) {
    CsvTokens tokens = open_csv(file, format);
    table.read(tokens);
  }
  return table.finish();
}

/// Refuses names that are not UTF-8, which a model file cannot hold, before hours of training.
void check_names(const TableColumns& columns, const std::string& file) {
  for (const std::string& name : columns.names)
    if (!is_utf8(name))
      throw DataError(file + ": the column name " + quote_cell(name) +
                      " is not UTF-8; expected a file that was converted to UTF-8");
}

Files resolve(const std::filesystem::path& dir, const Files& files) {
  Files result;
  for (const std::filesystem::path& file : files) result.push_back(dir / file);
  return result;
}

}  // namespace

SourceRows read_csv_source(const DataOptions& options) {
  const Files train = resolve(options.dir, options.train);
  const Files test = resolve(options.dir, options.test);

  CsvOptions csv = options.csv;
  csv.keep_missing = options.missing != Missing::kError;
  const bool is_for_model = csv.known_one_hot.has_value();
  SourceRows rows;
  const auto take = [](CsvRows table, Dataset& part, std::shared_ptr<CategoryRows>& categories) {
    part = std::move(table.dataset);
    categories = std::move(table.categories);
  };
  CsvTable train_table(csv);
  take(read_files(train, csv.format, train_table), rows.train, rows.train_categories);
  rows.train_name = train.front().string();
  check_names(rows.train.columns, rows.train_name);
  if (test.empty()) return rows;
  csv.classes = rows.train.classes;
  csv.task = chosen_task(rows.train.task);
  csv.known_columns = rows.train.columns;
  // This says which columns are categories; the categories themselves are not known yet.
  csv.known_one_hot =
      rows.train_categories ? rows.train_categories->categories.without_categories() : OneHot();
  // The test rows need no weights, as evaluation is unweighted.
  CsvTable test_table(csv, /*needs_weights=*/false, is_for_model ? kFillingModel : kFillingOption);
  take(read_files(test, csv.format, test_table), rows.test, rows.test_categories);
  rows.test_name = test.front().string();
  rows.train.format = common_format(rows.train.format, rows.test.format);
  return rows;
}

CsvFeatures::CsvFeatures(CsvTokens tokens, const TableColumns& columns, const OneHot& one_hot,
                         std::size_t inputs, bool keep_missing, UnknownCategory unknown)
    : tokens_(std::move(tokens)),
      layout_(find_layout(tokens_, columns.names)),
      one_hot_(one_hot),
      unknown_(unknown) {
  const TableColumns own = find_ignored(columns, one_hot.features(inputs), layout_);
  columns_ = columns.count > 0 ? match_features(columns, own, layout_, OtherColumns::kLeftAside)
                               : own.features();
  std::vector<std::size_t> features;
  for (const OneHotColumn& column : one_hot.columns) features.push_back(column.feature);
  categories_.set_features(std::move(features));
  cells_.emplace(
      FeatureRules{.missing = MissingWords(columns.count > 0 ? columns.missing_values
                                                             : CsvOptions().missing_values),
                   .keep_missing = keep_missing},
      columns_.size(), categories_);
  cells_->begin_file(layout_, columns_);
}

Dataset::Features CsvFeatures::expand(GrowingRows raw) {
  if (categories_.empty()) return raw.finish();
  std::vector<std::uint32_t> all(raw.rows());
  std::iota(all.begin(), all.end(), 0U);
  if (unknown_ == UnknownCategory::kError)
    categories_.require_known(all, one_hot_, [&](std::size_t row, std::size_t feature) {
      return places_.text(row, feature);
    });
  return categories_.expand(std::move(raw), one_hot_);
}

std::optional<Dataset::Features> CsvFeatures::next() {
  for (;;) {
    GrowingRows rows(columns_.size());
    places_ = {.files = {{layout_.name, layout_.header, columns_, 0}}, .runs = {}};
    texts_.clear();
    categories_.clear_rows();
    while (tokens_.next_row_at_hand()) {
      layout_.check_width(tokens_);
      cells_->read(tokens_, rows);
      places_.add(rows.rows() - 1, tokens_.line());
      if (keeps_texts_) texts_.emplace_back(tokens_.row_text());
    }
    if (rows.rows() > 0) {
      is_empty_ = false;
      return expand(std::move(rows));
    }
    if (tokens_.ended()) {
      if (is_empty_)
        throw DataError(layout_.name + ":" + std::to_string(layout_.first_line) +
                        ": no rows after the header; expected one or more");
      return std::nullopt;
    }
    tokens_.read_on();
  }
}

Dataset CsvFeatures::rest() {
  Dataset rows;
  RowPlaces places;
  std::vector<Dataset::Features> blocks;
  std::size_t count = 0;
  while (std::optional<Dataset::Features> block = next()) {
    places.append(places_, count);
    count += std::visit([](const auto& features) { return features.rows(); }, *block);
    blocks.push_back(*std::move(block));
  }
  // All blocks have the same type, as it follows from the columns.
  rows.features = std::visit(
      [&]<class Features>(const Features&) -> Dataset::Features {
        std::vector<Features> parts;
        for (Dataset::Features& block : blocks) parts.push_back(std::get<Features>(block));
        return Features::join(parts);
      },
      blocks.front());
  rows.origin = places.origin();
  return rows;
}

}  // namespace nabla
