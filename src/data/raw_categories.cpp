// SPDX-License-Identifier: MIT
#include "data/raw_categories.h"

#include <algorithm>
#include <cassert>
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
    throw ConfigError("data.one-hot: " + std::to_string(rows) + " rows of " +
                      std::to_string(inputs) + " inputs would take " +
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
}

std::size_t RawCategories::add_feature(std::size_t feature) {
  features_.push_back(feature);
  texts_.emplace_back();
  return features_.size() - 1;
}

void RawCategories::sort() {
  std::vector<std::size_t> order(features_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return features_[i]; });
  std::vector<std::size_t> features;
  std::vector<DistinctTexts> texts;
  for (const std::size_t i : order) {
    features.push_back(features_[i]);
    texts.push_back(std::move(texts_[i]));
  }
  features_ = std::move(features);
  texts_ = std::move(texts);
}

OneHot RawCategories::without_categories() const {
  OneHot result;
  for (const std::size_t feature : features_) result.columns.push_back({feature, {}});
  return result;
}

OneHot RawCategories::fit(const FeatureMatrix<double>& raw,
                          std::span<const std::uint32_t> rows) const {
  OneHot result;
  for (std::size_t i = 0; i < features_.size(); ++i) {
    std::vector<bool> is_there(texts_[i].size());
    for (const std::uint32_t row : rows)
      is_there[static_cast<std::size_t>(raw.row(row)[features_[i]])] = true;
    result.columns.push_back(
        {features_[i], sorted_names(texts_[i], [&](std::size_t text) { return is_there[text]; })});
  }
  return result;
}

FeatureMatrix<double> RawCategories::expand(
    const FeatureMatrix<double>& raw, const OneHot& one_hot, UnknownCategory unknown,
    const std::function<std::string(std::size_t row, std::size_t feature)>& place) const {
  assert(one_hot.columns.size() == features_.size());
  std::vector<std::vector<std::uint32_t>> numbers;
  for (std::size_t i = 0; i < features_.size(); ++i)
    numbers.push_back(find_names(texts_[i], one_hot.columns[i].categories));
  require_category_memory(raw.rows(), one_hot.inputs(raw.cols()));
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
      if (number != kUnknownName)
        to[number] = 1;
      else if (unknown == UnknownCategory::kError)
        throw_unknown(place(row, features_[i]), texts_[i][text], categories);
      to += categories.size();
      feature = features_[i] + 1;
    }
    std::copy(from.begin() + static_cast<std::ptrdiff_t>(feature), from.end(), to);
  }
  return result;
}

}  // namespace nabla
