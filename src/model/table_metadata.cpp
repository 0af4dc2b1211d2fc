// SPDX-License-Identifier: MIT
#include "model/table_metadata.h"

#include <algorithm>
#include <vector>

#include "nabla/base/error.h"

#include "base/text.h"
#include "data/csv_cell.h"

namespace nabla {

namespace {

using safetensors::quote;

Json texts(const std::vector<std::string>& items, const std::string& what) {
  Json array = Json::array();
  for (const std::string& item : items) {
    if (!is_utf8(item))
      throw DataError(what + " " + quote(item) +
                      " is not UTF-8, which a model file cannot hold; expected data in UTF-8");
    array.push_back(item);
  }
  return array;
}

std::vector<std::string> texts_of(const MetadataText& text, const Json& object,
                                  const std::string& key) {
  std::vector<std::string> result;
  for (const Json& item : text.array_of(object, key)) result.push_back(text.text_of(item, key));
  return result;
}

/// A whole number below `end`.
std::size_t index_of(const MetadataText& text, const Json& value, const std::string& key,
                     std::size_t end) {
  if (!value.is_number_unsigned() || value.get<std::size_t>() >= end)
    text.fail("expected whole numbers below " + std::to_string(end) + " at " + quote(key));
  return value.get<std::size_t>();
}

bool ascends(const std::vector<std::string>& categories) {
  return std::ranges::adjacent_find(categories, [](const auto& a, const auto& b) {
           return !(ClassName(a) < ClassName(b));
         }) == categories.end();
}

}  // namespace

std::string write_columns(const TableColumns& columns) {
  Json json;
  json["count"] = columns.count;
  if (!columns.names.empty()) json["names"] = texts(columns.names, "column name");
  json["targets"] = columns.targets;
  if (columns.weights) json["weights"] = *columns.weights;
  return json.dump();
}

TableColumns read_columns(const MetadataText& text) {
  constexpr std::size_t kMostColumns = std::size_t{1} << 32;
  text.require_keys({"count", "targets"}, {"names", "weights"});
  const Json& json = text.json();
  TableColumns result;
  result.count = index_of(text, json["count"], "count", kMostColumns);
  if (json.contains("names")) {
    result.names = texts_of(text, json, "names");
    if (result.names.size() != result.count)
      text.fail(std::to_string(result.names.size()) + " names, expected one for each of the " +
                std::to_string(result.count) + " columns");
  }
  for (const Json& target : text.array_of("targets")) {
    result.targets.push_back(index_of(text, target, "targets", result.count));
    if (std::ranges::count(result.targets, result.targets.back()) > 1)
      text.fail("a target is named twice");
  }
  if (json.contains("weights")) {
    result.weights = index_of(text, json["weights"], "weights", result.count);
    if (std::ranges::find(result.targets, *result.weights) != result.targets.end())
      text.fail("the weights are a target");
  }
  return result;
}

Json write_one_hot(const OneHot& one_hot) {
  Json array = Json::array();
  for (const OneHotColumn& column : one_hot.columns) {
    Json& object = array.emplace_back();
    object["feature"] = column.feature;
    object["categories"] = texts(column.categories, "category");
  }
  return array;
}

OneHot read_one_hot(const MetadataText& text, std::size_t inputs) {
  OneHot result;
  if (!text.json().contains("one_hot")) return result;
  std::size_t left = inputs;  // that are of no category yet
  for (const Json& object : text.array_of("one_hot")) {
    text.require_keys(object, {"feature", "categories"});
    OneHotColumn column;
    column.feature = index_of(text, object["feature"], "feature", inputs);
    column.categories = texts_of(text, object, "categories");
    if (column.categories.empty() || !ascends(column.categories))
      text.fail("expected one or more different categories in order");
    if (column.categories.size() > left)
      text.fail("more categories than the " + std::to_string(inputs) + " inputs");
    left -= column.categories.size();
    if (!result.columns.empty() && column.feature <= result.columns.back().feature)
      text.fail("expected ascending features at \"one_hot\"");
    result.columns.push_back(std::move(column));
  }
  if (!result.empty() && result.columns.back().feature >= result.features(inputs))
    text.fail("a one-hot feature beyond the " + std::to_string(result.features(inputs)) +
              " features");
  return result;
}

}  // namespace nabla
