// SPDX-License-Identifier: MIT
#include "data/feature_cells.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "nabla/base/error.h"

#include "base/option_values.h"
#include "base/text.h"
#include "data/csv_cell.h"

namespace nabla {

namespace {

constexpr double kMissingNumber = std::numeric_limits<double>::quiet_NaN();

/// Errors describe at most so many columns; they name all of them.
constexpr std::size_t kMostDescribed = 8;

/// Returns "1 of 5 cells", whose kind the message has named.
std::string share(std::size_t count, std::size_t rows) {
  return std::to_string(count) + " of " + std::to_string(rows) + " cells";
}

}  // namespace

/// The reason why a column of an open table cannot be used.
struct FeatureCells::Complaint {
  enum class Kind { kMissing, kMixed, kOther } kind;
  std::size_t feature;
  const Cells* cells;  ///< the first of them is the place
  std::string text;
};

FeatureCells::FeatureCells(FeatureRules rules, std::size_t features, RawCategories& categories)
    : rules_(std::move(rules)), categories_(categories), columns_(features) {
  for (std::size_t i = 0; i < categories.features().size(); ++i) {
    Column& column = columns_[categories.features()[i]];
    column.category = i;
    column.is_chosen = true;
  }
}

void FeatureCells::begin_file(const CsvLayout& layout, const std::vector<std::size_t>& columns) {
  for (std::size_t feature = 0; feature < columns_.size(); ++feature)
    columns_[feature].column = columns[feature];
  if (layout_ == nullptr) {
    header_ = layout.header;
    first_line_ = layout.first_line;
    places_ = columns;
  }
  layout_ = &layout;
  decimal_ = layout.dialect.decimal;
}

void FeatureCells::Cells::add(std::string_view cell, const CsvLayout& layout, std::size_t at,
                              std::size_t column) {
  if (count++ > 0) return;
  file = layout.name;
  line = at;
  label = column_label(column, layout.header);
  first = cell;
}

void FeatureCells::read(const CsvTokens& tokens, GrowingRows& rows) {
  const std::span<const std::string_view> cells = tokens.cells();
  double* const features = rows.add_row();
  for (std::size_t feature = 0; feature < columns_.size(); ++feature) {
    Column& column = columns_[feature];
    const std::string_view cell = cells[column.column];
    if (column.category) {
      read_category(column, cell, tokens);
      features[feature] = RawCategories::kCell;
    } else {
      const CellKind kind = parse_number(cell, features[feature], layout_->dialect.decimal);
      if (kind != CellKind::kNumber || rules_.missing.has_numbers())
        features[feature] = read_odd(feature, kind, tokens, rows);
    }
  }
}

void FeatureCells::read_category(Column& column, std::string_view cell, const CsvTokens& tokens) {
  bool is_missing = rules_.missing.contains(cell);
  if (!is_missing && rules_.missing.has_numbers()) {
    double value = 0;
    const CellKind kind = parse_number(cell, value, decimal_);
    is_missing = rules_.missing.contains(cell, kind, value);
  }
  const std::string_view text = is_missing ? std::string_view() : cell;
  if (text.empty()) ++column.missing.count;
  const auto [number, is_new] = categories_.add(*column.category, text);
  if (!is_new || text.empty()) return;
  if (column.is_chosen) {
    require_name(cell, "category", [&] {
      return cell_place(layout_->name, tokens.line(), column.column, layout_->header);
    });
  } else if (is_numeric(cell, layout_->dialect.decimal)) {
    column.numbers.add(cell, *layout_, tokens.line(), column.column);
  } else if (number <= kMostCategories && !name_fault(cell, "category").empty()) {
    column.unfit.add(cell, *layout_, tokens.line(), column.column);
  }
}

/// Returns the feature of a cell that may be anything but a plain number; the parsed number, if it
/// is one, is in the last of the rows.
double FeatureCells::read_odd(std::size_t feature, CellKind kind, const CsvTokens& tokens,
                              GrowingRows& rows) {
  Column& column = columns_[feature];
  const std::string_view cell = tokens.cells()[column.column];
  const double value = rows(rows.rows() - 1, feature);
  const auto place = [&] {
    return cell_place(layout_->name, tokens.line(), column.column, layout_->header);
  };
  if (rules_.missing.contains(cell, kind, value)) {
    if (!rules_.is_open && !rules_.keep_missing)
      throw_unfilled(place(), cell, rules_.missing_remedy);
    column.missing.add(cell, *layout_, tokens.line(), column.column);
    return kMissingNumber;
  }
  if (kind == CellKind::kNumber) return value;
  if (kind != CellKind::kText || !rules_.is_open) throw_not_a_number(place(), kind, cell);
  const bool is_first = column.missing.count + 1 == rows.rows();
  if (!is_first || !rules_.find_categories) {
    column.texts.add(cell, *layout_, tokens.line(), column.column);
    return kMissingNumber;
  }
  column.first.add(cell, *layout_, tokens.line(), column.column);
  become_category(feature, rows);
  read_category(column, cell, tokens);
  return RawCategories::kCell;
}

/// Makes categories of an open column all of whose cells so far are missing.
void FeatureCells::become_category(std::size_t feature, GrowingRows& rows) {
  Column& column = columns_[feature];
  const std::size_t before = rows.rows() - 1;
  column.category = categories_.add_feature(feature, before);
  for (std::size_t row = 0; row < before; ++row) rows(row, feature) = RawCategories::kCell;
}

/// Returns how many cells of a column of categories are numbers.
std::size_t FeatureCells::number_cells(std::size_t feature) const {
  const DistinctTexts& texts = categories_.texts(*columns_[feature].category);
  std::vector<std::size_t> cells(texts.size());
  for (const std::uint32_t number : categories_.numbers(*columns_[feature].category))
    ++cells[number];
  std::size_t numbers = 0;
  for (std::size_t text = 0; text < texts.size(); ++text)
    if (is_numeric(texts[text], decimal_)) numbers += cells[text];
  return numbers;
}

std::optional<FeatureCells::Complaint> FeatureCells::complaint(std::size_t feature,
                                                               const GrowingRows& rows) const {
  using Kind = Complaint::Kind;
  const Column& column = columns_[feature];
  const std::size_t count = rows.rows();
  const auto complain = [&](Kind kind, const Cells& cells, std::string text) {
    return Complaint{kind, feature, &cells, std::move(text)};
  };
  if (column.is_chosen) return std::nullopt;
  if (column.texts.count > 0)
    return complain(Kind::kMixed, column.texts,
                    quote_cell(column.texts.first) + " is not a number (" +
                        share(column.texts.count, count) + ")");
  if (!column.category) {
    if (column.missing.count == count)
      return complain(Kind::kOther, column.missing, "all values are missing");
    if (column.missing.count == 0 || rules_.keep_missing) return std::nullopt;
    return complain(
        Kind::kMissing, column.missing,
        "the value is missing (" +
            (column.missing.first.empty() ? "" : quote_cell(column.missing.first) + ", ") +
            share(column.missing.count, count) + ")");
  }
  const DistinctTexts& texts = categories_.texts(*column.category);
  if (column.numbers.count > 0)
    return complain(Kind::kMixed, column.numbers,
                    quote_cell(column.numbers.first) + " is a number (" +
                        share(number_cells(feature), count) + "), but " +
                        quote_cell(column.first.first) + " is text");
  std::size_t different = texts.size() - (column.missing.count > 0 ? 1 : 0);
  const std::size_t filled = count - column.missing.count;
  // Texts of the same value, "true" and "TRUE", are one category.
  if (different <= kMostCategories)
    different = sorted_names(texts, [&](std::size_t text) { return !texts[text].empty(); }).size();
  const std::string categories =
      "text of " + std::to_string(different) + (different == 1 ? " category" : " categories");
  if (different == filled)
    return complain(Kind::kOther, column.first, categories + ", no two cells alike");
  if (different > kMostCategories)
    return complain(Kind::kOther, column.first,
                    categories + ", more than " + std::to_string(kMostCategories));
  if (column.unfit.count > 0)
    return complain(Kind::kOther, column.unfit, name_fault(column.unfit.first, "category"));
  return std::nullopt;
}

void FeatureCells::require_usable(const GrowingRows& rows,
                                  const std::vector<std::string>& ignored) const {
  using Kind = Complaint::Kind;
  std::vector<Complaint> complaints;
  for (std::size_t feature = 0; feature < columns_.size(); ++feature)
    if (auto found = complaint(feature, rows)) complaints.push_back(*std::move(found));
  if (complaints.empty()) return;

  std::string text;
  for (const Complaint& each : complaints) {
    const auto described = static_cast<std::size_t>(&each - complaints.data());
    const Cells& cells = *each.cells;
    const std::string& first_file = complaints.front().cells->file;
    const std::string line = std::to_string(cells.line);
    if (described == 0)
      text = cells.file + ":" + line + ": " + cells.label + ": " + each.text;
    else if (described < kMostDescribed)
      text += "; " + cells.label + " from " +
              (cells.file == first_file ? "line " : cells.file + ":") + line + ": " + each.text;
  }
  if (complaints.size() > kMostDescribed)
    text += "; and " + std::to_string(complaints.size() - kMostDescribed) + " more columns";

  std::vector<std::string> missing, useless = ignored, categories;
  bool all_mixed = true, is_first_line = header_.empty();
  for (const Complaint& each : complaints) {
    if (each.kind == Kind::kMissing) {
      missing.push_back(option_name(header_, places_[each.feature]));
      continue;
    }
    useless.push_back(option_name(header_, places_[each.feature]));
    all_mixed = all_mixed && each.kind == Kind::kMixed;
    const Cells& first = columns_[each.feature].first;
    is_first_line = is_first_line && (first.count > 0 ? first : *each.cells).line == first_line_;
  }
  const bool are_useless = useless.size() > ignored.size();
  text += "; expected ";
  if (!are_useless) {
    useless.insert(useless.end(), missing.begin(), missing.end());
    throw DataError(text + "numbers, or " + kFillingOption + ", or data.ignore = " + join(useless));
  }
  if (is_first_line) text += "data.header = yes if line 1 names the columns, or ";
  if (all_mixed) {
    for (std::size_t feature = 0; feature < columns_.size(); ++feature) {
      const Column& column = columns_[feature];
      if (column.category || column.texts.count > 0)
        categories.push_back(option_name(header_, places_[feature]));
    }
    text += "data.one-hot = " + join(categories) + " for categories, or ";
  }
  if (!missing.empty()) text += std::string(kFillingOption) + " and ";
  throw DataError(text + "data.ignore = " + join(useless));
}

}  // namespace nabla
