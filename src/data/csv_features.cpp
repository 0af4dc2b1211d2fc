// SPDX-License-Identifier: MIT
#include "data/csv_features.h"

#include <utility>
#include <vector>

#include "nabla/base/error.h"

namespace nabla {

CsvFeatures::CsvFeatures(CsvTokens tokens, CsvHeader header, const TableColumns& columns,
                         const OneHot& one_hot, std::size_t inputs)
    : tokens_(std::move(tokens)), layout_(find_layout(tokens_, header)), one_hot_(one_hot) {
  const TableColumns own = find_ignored(columns, one_hot.features(inputs), layout_);
  columns_ = columns.count > 0 ? match_features(columns, own, layout_) : own.features();
  std::vector<std::size_t> features;
  for (const OneHotColumn& column : one_hot.columns) features.push_back(column.feature);
  categories_.set_features(std::move(features));
  cells_.emplace(layout_, columns_, categories_);
}

FeatureMatrix<double> CsvFeatures::expand(FeatureMatrix<double> raw,
                                          const std::vector<std::size_t>& lines) {
  if (categories_.empty()) return raw;
  return categories_.expand(raw, one_hot_, [&](std::size_t row, std::size_t feature) {
    return cell_place(layout_.name, lines[row], columns_[feature], layout_.header);
  });
}

std::optional<FeatureMatrix<double>> CsvFeatures::next() {
  for (;;) {
    GrowingRows rows(columns_.size());
    std::vector<std::size_t> lines;
    while (tokens_.next_row_at_hand()) {
      layout_.check_width(tokens_);
      cells_->read(tokens_, rows.add_row());
      lines.push_back(tokens_.line());
    }
    if (rows.rows() > 0) {
      is_empty_ = false;
      return expand(rows.finish(), lines);
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

}  // namespace nabla
