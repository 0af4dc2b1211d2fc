// SPDX-License-Identifier: MIT
#include "model/model_metadata.h"

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "nabla/base/error.h"

#include "base/utf8.h"

namespace nabla {

namespace {

using Json = nlohmann::ordered_json;
using safetensors::quote;

constexpr std::string_view kFormat = "nabla";
constexpr std::string_view kVersion = "1";

/// One of the JSON texts in the metadata; `place` names file and text in errors.
class Text {
 public:
  Text(const safetensors::Metadata& metadata, const std::string& key, const std::string& name)
      : place_(name + ": metadata " + quote(key) + ": ") {
    const auto found = metadata.find(key);
    if (found == metadata.end()) throw DataError(place_ + "missing");
    json_ = parse(found->second);
  }

  [[noreturn]] void fail(const std::string& what) const { throw DataError(place_ + what); }

  const Json& json() const { return json_; }

  /// Requires an object with exactly these keys.
  void require_keys(std::initializer_list<std::string_view> keys) const {
    if (!json_.is_object()) fail("expected a JSON object");
    for (const std::string_view key : keys)
      if (!json_.contains(std::string(key))) fail("the key " + quote(key) + " is missing");
    for (const auto& item : json_.items())
      if (std::ranges::find(keys, item.key()) == keys.end())
        fail("unknown key " + quote(item.key()) + ", written by a newer version?");
  }

  std::string text_of(const std::string& key) const { return text_of(json_[key], key); }
  std::string text_of(const Json& value, const std::string& key) const {
    if (!value.is_string()) fail("expected a text at " + quote(key));
    return value.get<std::string>();
  }
  const Json& array_of(const std::string& key) const {
    if (!json_[key].is_array()) fail("expected an array at " + quote(key));
    return json_[key];
  }

 private:
  /// Refuses depth before it is built, and keys given twice, of which the parser would keep one.
  Json parse(const std::string& text) const {
    if (text.find('\0') != std::string::npos) fail("not valid JSON: it contains a zero byte");
    constexpr int kMaxDepth = 2;
    std::vector<std::string> keys;
    const auto check = [&](int depth, Json::parse_event_t event, Json& value) {
      if (depth > kMaxDepth) fail("JSON nested deeper than expected");
      if (event == Json::parse_event_t::key) {
        if (std::ranges::find(keys, value.get_ref<const std::string&>()) != keys.end())
          fail("the key " + quote(value.get_ref<const std::string&>()) + " is given twice");
        if (keys.size() == kMaxKeys) fail("more keys than expected");
        keys.push_back(value.get<std::string>());
      }
      return true;
    };
    try {
      return Json::parse(text, check);
    } catch (const Json::exception&) {
      fail("not valid JSON");
    }
  }

  static constexpr std::size_t kMaxKeys = 16;  // more than any text of ours has

  std::string place_;
  Json json_;
};

void require_equal(const safetensors::Metadata& metadata, const std::string& key,
                   std::string_view expected, const std::string& name) {
  const auto found = metadata.find(key);
  if (found == metadata.end() || found->second != expected)
    throw DataError(name + ": metadata " + quote(key) + " is " +
                    (found == metadata.end() ? "missing" : quote(found->second)) + ", expected " +
                    quote(expected) + ": not a model this program can read");
}

Activation activation_of(const Text& text, const std::string& name) {
  const std::optional<Activation> activation = parse_activation(name);
  if (!activation) text.fail("unknown activation " + quote(name));
  return *activation;
}

void read_network(const Text& text, ModelDescription& result) {
  text.require_keys({"task", "widths", "activations", "output", "cost"});

  const std::string task = text.text_of("task");
  if (task != "classification" && task != "regression")
    text.fail("unknown task " + quote(task) + ", expected classification or regression");
  result.task = task == "regression" ? Task::kRegression : Task::kClassification;

  for (const Json& width : text.array_of("widths")) {
    if (!width.is_number_unsigned() || width.get<std::size_t>() == 0)
      text.fail("expected widths that are positive integers");
    result.widths.push_back(width.get<std::size_t>());
  }
  if (result.widths.size() < 2) text.fail("expected at least two widths");

  for (const Json& hidden : text.array_of("activations"))
    result.activations.push_back(activation_of(text, text.text_of(hidden, "activations")));
  result.activations.push_back(activation_of(text, text.text_of("output")));
  if (result.activations.size() != result.widths.size() - 1)
    text.fail(std::to_string(result.activations.size() - 1) +
              " activations, expected one for each of the " +
              std::to_string(result.widths.size() - 2) + " hidden layers");
  if (std::find(result.activations.begin(), result.activations.end() - 1, Activation::kSoftmax) !=
      result.activations.end() - 1)
    text.fail("softmax in a hidden layer");
  if (!is_for_outputs(result.activations.back()))
    text.fail("output " + quote(text.text_of("output")) +
              ", expected sigmoid, softmax, tanh or identity");

  const std::string cost = text.text_of("cost");
  const std::optional<Cost> parsed = parse_cost(cost);
  if (!parsed) text.fail("unknown cost " + quote(cost));
  result.cost = *parsed;
  try {
    require_compatible(result.activations.back(), result.cost);
  } catch (const ConfigError& error) {
    text.fail(error.what());
  }
}

void read_preprocess(const Text& text, ModelDescription& result) {
  text.require_keys({"kind"});
  const std::string kind = text.text_of("kind");
  if (kind != "none" && kind != "scale")
    text.fail("unknown kind " + quote(kind) + ", expected none or scale");
  result.preprocess.kind = kind == "scale" ? Preprocess::Kind::kScale : Preprocess::Kind::kNone;
}

void read_labels(const Text& text, ModelDescription& result) {
  if (!text.json().is_array()) text.fail("expected an array of class names");
  for (const Json& label : text.json()) result.classes.push_back(text.text_of(label, "labels"));
  const std::size_t expected = result.task == Task::kClassification ? result.widths.back() : 0;
  if (result.classes.size() != expected)
    text.fail(std::to_string(result.classes.size()) + " class names, expected " +
              std::to_string(expected));
}

}  // namespace

safetensors::Metadata to_metadata(const ModelDescription& description) {
  Json hidden = Json::array();
  for (std::size_t i = 0; i + 1 < description.activations.size(); ++i)
    hidden.push_back(name_of(description.activations[i]));
  Json network;
  network["task"] = description.task == Task::kClassification ? "classification" : "regression";
  network["widths"] = description.widths;
  network["activations"] = std::move(hidden);
  network["output"] = name_of(description.activations.back());
  network["cost"] = name_of(description.cost);

  Json preprocess;
  preprocess["kind"] = description.preprocess.kind == Preprocess::Kind::kScale ? "scale" : "none";

  Json labels = Json::array();
  for (const std::string& label : description.classes) {
    if (!is_utf8(label))
      throw DataError("class name " + quote(label) +
                      " is not UTF-8, which a model file cannot hold; convert the data to UTF-8");
    labels.push_back(label);
  }

  return {{"format", std::string(kFormat)},
          {"format_version", std::string(kVersion)},
          {"network", network.dump()},
          {"preprocess", preprocess.dump()},
          {"labels", labels.dump()}};
}

ModelDescription parse_metadata(const safetensors::Metadata& metadata, const std::string& name) {
  require_equal(metadata, "format", kFormat, name);
  require_equal(metadata, "format_version", kVersion, name);
  ModelDescription result;
  read_network(Text(metadata, "network", name), result);
  read_preprocess(Text(metadata, "preprocess", name), result);
  read_labels(Text(metadata, "labels", name), result);
  return result;
}

}  // namespace nabla
