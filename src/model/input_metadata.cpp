// SPDX-License-Identifier: MIT
#include "model/input_metadata.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <vector>

#include "nabla/base/error.h"

#include "base/text.h"
#include "data/csv_cell.h"
#include "data/normalization.h"

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

Json write_one_hot(const OneHot& one_hot) {
  Json array = Json::array();
  for (const OneHotColumn& column : one_hot.columns) {
    Json& object = array.emplace_back();
    object["feature"] = column.feature;
    object["categories"] = texts(column.categories, "category");
  }
  return array;
}

double number_of(const MetadataText& text, const Json& value, const std::string& key) {
  if (!value.is_number()) text.fail("expected numbers at " + quote(key));
  return value.get<double>();
}

/// An array of so many numbers; JSON has no infinite ones.
std::vector<double> numbers_of(const MetadataText& text, const Json& array, const std::string& key,
                               std::size_t count) {
  if (!array.is_array()) text.fail("expected an array at " + quote(key));
  if (array.size() != count)
    text.fail(std::to_string(array.size()) + " numbers at " + quote(key) + ", expected " +
              std::to_string(count));
  std::vector<double> numbers;
  numbers.reserve(count);
  for (const Json& value : array) numbers.push_back(number_of(text, value, key));
  return numbers;
}

/// The divisors of a formula, all above 0.
std::vector<double> divisors_of(const MetadataText& text, const Json& object, std::size_t count) {
  std::vector<double> divisors = numbers_of(text, object["divisor"], "divisor", count);
  for (const double divisor : divisors)
    if (!(std::isnormal(divisor) && divisor > 0))
      text.fail("expected normal numbers above 0 at \"divisor\"");
  return divisors;
}

/// The rows one after another: as many as the network has inputs, each with a number per feature.
std::vector<double> components_of(const MetadataText& text, std::size_t features,
                                  std::size_t inputs) {
  const Json& rows = text.array_of("components");
  if (rows.size() != inputs)
    text.fail(std::to_string(rows.size()) + " components, expected the network's " +
              std::to_string(inputs) + " inputs");
  if (features < inputs)
    text.fail(std::to_string(inputs) + " components of " + std::to_string(features) +
              " features, expected at most as many");
  std::vector<double> components;
  for (const Json& row : rows) {
    const std::vector<double> numbers = numbers_of(text, row, "components", features);
    components.insert(components.end(), numbers.begin(), numbers.end());
  }
  return components;
}

/// Whole numbers below `end`, each larger than the one before.
std::vector<std::size_t> ascending(const MetadataText& text, const Json& object,
                                   const std::string& key, std::size_t end) {
  std::vector<std::size_t> result;
  for (const Json& item : text.array_of(object, key)) {
    const std::size_t index = index_of(text, item, key, end);
    if (!result.empty() && index <= result.back())
      text.fail("expected ascending numbers at " + quote(key));
    result.push_back(index);
  }
  return result;
}

/// The filling of missing features; `width` counts the features and their indicators.
MissingFill read_missing(const MetadataText& text, std::size_t width) {
  const Json& object = text.json()["missing"];
  text.require_keys(object, {"kind", "values"}, {"indicators"});
  const std::string name = object["kind"].is_string() ? object["kind"].get<std::string>() : "";
  const std::optional<Missing> kind = parse_missing(name);
  if (!kind || *kind == Missing::kError)
    text.fail("unknown kind " + quote(name) + " at \"missing\", written by a newer version?");
  MissingFill fill;
  fill.kind = *kind;
  const std::size_t indicators =
      object.contains("indicators") ? text.array_of(object, "indicators").size() : 0;
  if (indicators >= width) text.fail("more indicators than features at \"missing\"");
  fill.values = numbers_of(text, object["values"], "values", width - indicators);
  if (indicators > 0) fill.indicators = ascending(text, object, "indicators", fill.values.size());
  return fill;
}

}  // namespace

std::string write_columns(const TableColumns& columns) {
  Json json;
  json["count"] = columns.count;
  if (!columns.names.empty()) json["names"] = texts(columns.names, "column name");
  json["targets"] = columns.targets;
  if (columns.weights) json["weights"] = *columns.weights;
  if (!columns.ignored.empty()) json["ignored"] = columns.ignored;
  if (columns.count > 0) json["missing_values"] = texts(columns.missing_values, "missing value");
  return json.dump();
}

TableColumns read_columns(const MetadataText& text) {
  constexpr std::size_t kMostColumns = std::size_t{1} << 32;
  text.require_keys({"count", "targets"}, {"names", "weights", "ignored", "missing_values"});
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
  if (json.contains("missing_values")) {
    result.missing_values = texts_of(text, json, "missing_values");
  } else if (result.count > 0) {
    result.missing_values = {"?", "NA", "N/A"};  // those of version 0.1
  }
  if (!json.contains("ignored")) return result;
  result.ignored = ascending(text, json, "ignored", result.count);
  for (const std::size_t index : result.ignored)
    if (index == result.weights || std::ranges::find(result.targets, index) != result.targets.end())
      text.fail("an ignored column is a target or the weights");
  return result;
}

std::string write_preprocess(const Preprocess& preprocess, const OneHot& one_hot) {
  Json json;
  json["kind"] = name_of(preprocess.kind);
  if (!preprocess.shift.empty()) json["shift"] = preprocess.shift;
  if (!preprocess.divisor.empty()) json["divisor"] = preprocess.divisor;
  if (!preprocess.components.empty()) {
    const std::size_t features = preprocess.shift.size();
    Json& rows = json["components"] = Json::array();
    for (std::size_t first = 0; first < preprocess.components.size(); first += features)
      rows.push_back(std::span(preprocess.components).subspan(first, features));
  }
  if (!preprocess.binary.empty()) json["binary"] = preprocess.binary;
  if (!preprocess.missing.is_identity()) {
    Json& missing = json["missing"];
    missing["kind"] = name_of(preprocess.missing.kind);
    missing["values"] = preprocess.missing.values;
    if (!preprocess.missing.indicators.empty())
      missing["indicators"] = preprocess.missing.indicators;
  }
  if (!preprocess.targets.is_identity())
    json["targets"] = {{"shift", preprocess.targets.shift},
                       {"divisor", preprocess.targets.divisor}};
  if (!one_hot.empty()) json["one_hot"] = write_one_hot(one_hot);
  return json.dump();
}

Preprocess read_preprocess(const MetadataText& text, std::size_t inputs, std::size_t targets) {
  if (!text.json().is_object()) text.fail("expected a JSON object");
  if (!text.json().contains("kind")) text.fail("the key \"kind\" is missing");
  const std::string name = text.text_of("kind");
  const std::optional<Normalization> kind = parse_normalization(name);
  if (!kind || *kind == Normalization::kAuto)
    text.fail("unknown kind " + quote(name) + ", written by a newer version?");
  Preprocess result;
  result.kind = *kind;
  switch (traits_of(*kind).formula) {
    case InputFormula::kScaled:
    case InputFormula::kUnitLength:
      text.require_keys({"kind"}, {"targets", "one_hot", "missing", "binary"});
      if (text.json().contains("binary"))
        result.binary = ascending(text, text.json(), "binary", inputs);
      break;
    case InputFormula::kShifted:
      text.require_keys({"kind", "shift"}, {"targets", "one_hot", "missing"});
      result.shift = numbers_of(text, text.json()["shift"], "shift", inputs);
      break;
    case InputFormula::kAffine:
      text.require_keys({"kind", "shift", "divisor"}, {"targets", "one_hot", "missing"});
      result.shift = numbers_of(text, text.json()["shift"], "shift", inputs);
      result.divisor = divisors_of(text, text.json(), inputs);
      break;
    case InputFormula::kRotated:
      text.require_keys({"kind", "shift", "components"}, {"targets", "one_hot", "missing"});
      result.shift = numbers_of(text, text.json()["shift"], "shift", text.array_of("shift").size());
      result.components = components_of(text, result.shift.size(), inputs);
      break;
  }
  if (text.json().contains("missing"))
    result.missing = read_missing(text, result.components.empty() ? inputs : result.shift.size());
  if (!text.json().contains("targets")) return result;
  if (targets == 0) text.fail("standardised targets, but the task is a classification");
  const Json& scaling = text.json()["targets"];
  text.require_keys(scaling, {"shift", "divisor"});
  result.targets.shift = numbers_of(text, scaling["shift"], "shift", targets);
  result.targets.divisor = divisors_of(text, scaling, targets);
  return result;
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
