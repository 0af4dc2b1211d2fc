// SPDX-License-Identifier: MIT
#include "data/raw_categories.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <memory>
#include <numeric>
#include <utility>

#include "nabla/base/error.h"

#include "base/memory.h"
#include "base/text.h"
#include "data/csv_cell.h"

namespace nabla {

namespace {

void require_category_memory(std::size_t rows, std::size_t inputs) {
  const double bytes = static_cast<double>(rows) * static_cast<double>(inputs) * sizeof(double);
  const auto memory = static_cast<double>(physical_memory());
  if (bytes > memory / 2)
    throw ConfigError("data.one-hot", std::to_string(rows) + " rows of " + std::to_string(inputs) +
                                          " inputs would take " +
                                          std::to_string(static_cast<std::uint64_t>(bytes / 1e9)) +
                                          " GB of memory, expected at most half of the machine's " +
                                          std::to_string(static_cast<std::uint64_t>(memory / 1e9)));
}

[[noreturn]] void throw_unknown(const std::string& place, const std::string& text,
                                const std::vector<std::string>& categories) {
  std::vector<std::string> names = categories;
  std::erase(names, "");
  const std::string what = text.empty() ? "the value is missing, as it is in no training row"
                                        : "unknown category " + quote_cell(text);
  throw DataError(place + what + "; expected one of the " + std::to_string(names.size()) +
                  " of the training rows" + (text.empty() ? "" : nearest_of(text, names)) +
                  ", or data.unknown-category = ignore");
}

}  // namespace

void RawCategories::set_features(std::vector<std::size_t> features) {
  assert(std::ranges::is_sorted(features));
  features_ = std::move(features);
  texts_ = std::vector<DistinctTexts>(features_.size());
  numbers_ = std::vector<std::deque<std::uint32_t>>(features_.size());
}

std::size_t RawCategories::add_feature(std::size_t feature, std::size_t rows) {
  features_.push_back(feature);
  texts_.emplace_back();
  numbers_.emplace_back();
  if (rows > 0) numbers_.back().assign(rows, texts_.back().add({}).number);
  return features_.size() - 1;
}

void RawCategories::clear_rows() {
  for (std::deque<std::uint32_t>& numbers : numbers_) numbers.clear();
}

void RawCategories::sort() {
  std::vector<std::size_t> order(features_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return features_[i]; });
  std::vector<std::size_t> features;
  std::vector<DistinctTexts> texts;
  std::vector<std::deque<std::uint32_t>> numbers;
  for (const std::size_t i : order) {
    features.push_back(features_[i]);
    texts.push_back(std::move(texts_[i]));
    numbers.push_back(std::move(numbers_[i]));
  }
  features_ = std::move(features);
  texts_ = std::move(texts);
  numbers_ = std::move(numbers);
}

OneHot RawCategories::without_categories() const {
  OneHot result;
  for (const std::size_t feature : features_) result.columns.push_back({feature, {}});
  return result;
}

OneHot RawCategories::fit(std::span<const std::uint32_t> rows) const {
  // All rows have all texts.
  const bool are_all = !numbers_.empty() && rows.size() == numbers_.front().size();
  std::vector<std::vector<char>> is_there;  // per column and text
  for (const DistinctTexts& texts : texts_) is_there.emplace_back(texts.size(), are_all ? 1 : 0);
  if (!are_all)
    for (std::size_t i = 0; i < features_.size(); ++i)
      for (const std::uint32_t row : rows) is_there[i][numbers_[i][row]] = 1;
  OneHot result;
  for (std::size_t i = 0; i < features_.size(); ++i)
    result.columns.push_back({features_[i], sorted_names(texts_[i], [&](std::size_t text) {
                                return is_there[i][text] != 0;
                              })});
  return result;
}

/// Returns for each column the place of each text among the categories, or kUnknownName.
std::vector<std::vector<std::uint32_t>> RawCategories::places_among(const OneHot& one_hot) const {
  assert(one_hot.columns.size() == features_.size());
  std::vector<std::vector<std::uint32_t>> places;
  for (std::size_t i = 0; i < features_.size(); ++i)
    places.push_back(find_names(texts_[i], one_hot.columns[i].categories));
  return places;
}

void RawCategories::require_known(std::span<const std::uint32_t> rows, const OneHot& one_hot,
                                  const Place& place) const {
  const std::vector<std::vector<std::uint32_t>> places = places_among(one_hot);
  const bool are_all_known = std::ranges::all_of(places, [](const auto& of_column) {
    return std::ranges::find(of_column, kUnknownName) == of_column.end();
  });
  if (are_all_known) return;
  for (const std::uint32_t row : rows)
    for (std::size_t i = 0; i < features_.size(); ++i) {
      const std::uint32_t text = numbers_[i][row];
      if (places[i][text] == kUnknownName)
        throw_unknown(place(row, features_[i]), texts_[i][text], one_hot.columns[i].categories);
    }
}

namespace {

bool are_smaller_as_entries(std::size_t features, const OneHot& one_hot) {
  constexpr std::size_t kRowBytes = 24;
  const std::size_t entries = features * (sizeof(double) + sizeof(std::uint32_t)) + kRowBytes;
  return 2 * entries < one_hot.inputs(features) * sizeof(double);
}

}  // namespace

Dataset::Features RawCategories::expand(GrowingRows raw, const OneHot& one_hot) const {
  if (are_smaller_as_entries(raw.cols(), one_hot)) return expand_sparsely(std::move(raw), one_hot);
  return expand_densely(std::move(raw), one_hot);
}

/// The rows become the values of the entries where they are.
SparseMatrix<double> RawCategories::expand_sparsely(GrowingRows raw, const OneHot& one_hot) const {
  const std::vector<std::vector<std::uint32_t>> places = places_among(one_hot);
  const std::size_t features = raw.cols();
  const std::size_t inputs = one_hot.inputs(features);
  std::vector<std::uint32_t> first_input(features);  // of each feature
  std::size_t next = 0;
  auto column = one_hot.columns.begin();
  for (std::size_t feature = 0; feature < features; ++feature) {
    first_input[feature] = static_cast<std::uint32_t>(next);
    const bool is_category = column != one_hot.columns.end() && column->feature == feature;
    next += is_category ? column->categories.size() : 1;
    if (is_category) ++column;
  }
  struct Arrays {
    FeatureMatrix<double> values;
    std::unique_ptr<std::uint32_t[]> columns;
  };
  auto arrays = std::make_shared<Arrays>();
  const std::size_t rows = raw.rows();
  arrays->columns = std::make_unique_for_overwrite<std::uint32_t[]>(rows * features);
  std::uint32_t* const columns = arrays->columns.get();
  prefer_huge_pages(columns, rows * features * sizeof(std::uint32_t));
  for (std::size_t row = 0; row < rows; ++row) {
    std::uint32_t* const of_row = columns + row * features;
    std::ranges::copy(first_input, of_row);
    for (std::size_t i = 0; i < features_.size(); ++i) {
      const std::uint32_t category = places[i][numbers_[i][row]];
      // An unknown one stays at the first with the value 0.
      if (category == kUnknownName)
        raw(row, features_[i]) = 0;
      else
        of_row[features_[i]] += category;
    }
  }
  arrays->values = raw.finish();
  const double* const values = rows == 0 ? nullptr : arrays->values.row(0).data();
  return {rows, features, columns, values, inputs, std::move(arrays)};
}

FeatureMatrix<double> RawCategories::expand_densely(GrowingRows raw, const OneHot& one_hot) const {
  const std::vector<std::vector<std::uint32_t>> places = places_among(one_hot);
  const std::size_t features = raw.cols();
  const std::size_t inputs = one_hot.inputs(features);
  require_category_memory(raw.rows(), inputs);
  // Each row is moved from its last feature to its first, since none has its place before itself.
  std::size_t row = raw.rows();
  raw.widen(inputs, [&](const double* from, double* to) {
    --row;
    double* next = to + inputs;
    const auto move = [&](std::size_t first, std::size_t end) {
      next -= end - first;
      std::memmove(next, from + first, (end - first) * sizeof(double));
    };
    std::size_t end = features;
    for (std::size_t i = features_.size(); i-- > 0;) {
      move(features_[i] + 1, end);
      end = features_[i];
      const std::uint32_t category = places[i][numbers_[i][row]];
      const std::size_t categories = one_hot.columns[i].categories.size();
      next -= categories;
      std::fill_n(next, categories, 0.0);
      if (category != kUnknownName) next[category] = 1;
    }
    move(0, end);
  });
  return raw.finish();
}

}  // namespace nabla
