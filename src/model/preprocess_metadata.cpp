// SPDX-License-Identifier: MIT
#include "model/preprocess_metadata.h"

#include <cmath>
#include <optional>
#include <span>
#include <vector>

#include "data/normalization.h"
#include "model/table_metadata.h"

namespace nabla {

namespace {

using safetensors::quote;

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

/// What something is divided by.
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

}  // namespace

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
      text.require_keys({"kind"}, {"targets", "one_hot"});
      break;
    case InputFormula::kShifted:
      text.require_keys({"kind", "shift"}, {"targets", "one_hot"});
      result.shift = numbers_of(text, text.json()["shift"], "shift", inputs);
      break;
    case InputFormula::kAffine:
      text.require_keys({"kind", "shift", "divisor"}, {"targets", "one_hot"});
      result.shift = numbers_of(text, text.json()["shift"], "shift", inputs);
      result.divisor = divisors_of(text, text.json(), inputs);
      break;
    case InputFormula::kRotated:
      text.require_keys({"kind", "shift", "components"}, {"targets", "one_hot"});
      result.shift = numbers_of(text, text.json()["shift"], "shift", text.array_of("shift").size());
      result.components = components_of(text, result.shift.size(), inputs);
      break;
  }
  if (!text.json().contains("targets")) return result;
  if (targets == 0) text.fail("standardised targets, but the task is a classification");
  const Json& scaling = text.json()["targets"];
  text.require_keys(scaling, {"shift", "divisor"});
  result.targets.shift = numbers_of(text, scaling["shift"], "shift", targets);
  result.targets.divisor = divisors_of(text, scaling, targets);
  return result;
}

}  // namespace nabla
