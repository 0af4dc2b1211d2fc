// SPDX-License-Identifier: MIT
#include "data/csv_categories.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <set>
#include <utility>

#include "nabla/base/error.h"

#include "base/memory.h"
#include "base/nearest.h"
#include "data/class_name.h"

namespace nabla {

namespace {

constexpr std::uint32_t kUnknown = 0xffffffff;

/// For each text its place among the categories, or kUnknown.
std::vector<std::uint32_t> number_categories(const DistinctTexts& texts,
                                             const std::vector<std::string>& categories) {
  std::map<ClassName, std::uint32_t> place_of;
  for (std::size_t i = 0; i < categories.size(); ++i)
    place_of.try_emplace(ClassName(categories[i]), static_cast<std::uint32_t>(i));
  std::vector<std::uint32_t> result(texts.size(), kUnknown);
  for (std::size_t text = 0; text < texts.size(); ++text) {
    const auto found = place_of.find(ClassName(texts[text]));
    if (found != place_of.end()) result[text] = found->second;
  }
  return result;
}

void require_memory(std::size_t rows, std::size_t inputs) {
  const double bytes = static_cast<double>(rows) * static_cast<double>(inputs) * sizeof(double);
  const auto memory = static_cast<double>(physical_memory());
  if (bytes > memory / 2)
    throw ConfigError("data.one-hot: " + std::to_string(rows) + " rows of " +
                      std::to_string(inputs) + " inputs would take " +
                      std::to_string(static_cast<std::uint64_t>(bytes / 1e9)) +
                      " GB of memory, expected at most half of the machine's " +
                      std::to_string(static_cast<std::uint64_t>(memory / 1e9)));
}

}  // namespace

void RawCategories::set_features(std::vector<std::size_t> features) {
  assert(std::ranges::is_sorted(features));
  features_ = std::move(features);
  texts_ = std::vector<DistinctTexts>(features_.size());
}

OneHot RawCategories::without_categories() const {
  OneHot result;
  for (const std::size_t feature : features_) result.columns.push_back({feature, {}});
  return result;
}

double RawCategories::add(std::size_t index, std::string_view cell, const CellPlace& place) {
  const auto [number, is_new] = texts_[index].add(cell);
  if (is_new) require_name(cell, "category", place);
  return number;
}

OneHot RawCategories::fit(const FeatureMatrix<double>& raw,
                          std::span<const std::uint32_t> rows) const {
  OneHot result;
  for (std::size_t i = 0; i < features_.size(); ++i) {
    std::vector<bool> is_there(texts_[i].size());
    for (const std::uint32_t row : rows)
      is_there[static_cast<std::size_t>(raw.row(row)[features_[i]])] = true;
    // Texts of the same value ("1", "1.0") are one category and go by the first of them.
    std::set<ClassName> names;
    for (std::size_t text = 0; text < is_there.size(); ++text)
      if (is_there[text]) names.emplace(texts_[i][text]);
    OneHotColumn& column = result.columns.emplace_back();
    column.feature = features_[i];
    for (const ClassName& name : names) column.categories.push_back(name.text);
  }
  return result;
}

FeatureMatrix<double> RawCategories::expand(
    const FeatureMatrix<double>& raw, const OneHot& one_hot,
    const std::function<std::string(std::size_t row, std::size_t feature)>& place) const {
  assert(one_hot.columns.size() == features_.size());
  std::vector<std::vector<std::uint32_t>> numbers;
  for (std::size_t i = 0; i < features_.size(); ++i)
    numbers.push_back(number_categories(texts_[i], one_hot.columns[i].categories));
  require_memory(raw.rows(), one_hot.inputs(raw.cols()));
  Matrix<double> result(raw.rows(), one_hot.inputs(raw.cols()));
  for (std::size_t row = 0; row < raw.rows(); ++row) {
    const std::span<const double> from = raw.row(row);
    double* to = result.row(row).data();
    std::size_t feature = 0;
    for (std::size_t i = 0; i < features_.size(); ++i) {
      to = std::copy(from.begin() + static_cast<std::ptrdiff_t>(feature),
                     from.begin() + static_cast<std::ptrdiff_t>(features_[i]), to);
      const auto text = static_cast<std::size_t>(from[features_[i]]);
      const std::vector<std::string>& categories = one_hot.columns[i].categories;
      const std::uint32_t number = numbers[i][text];
      if (number == kUnknown)
        throw DataError(place(row, features_[i]) + "unknown category " +
                        quote_cell(texts_[i][text]) + "; expected one of the " +
                        std::to_string(categories.size()) + " of the training rows, of which " +
                        quote_cell(nearest(texts_[i][text], categories)) + " is the nearest");
      to[number] = 1;
      to += categories.size();
      feature = features_[i] + 1;
    }
    std::copy(from.begin() + static_cast<std::ptrdiff_t>(feature), from.end(), to);
  }
  return result;
}

}  // namespace nabla
