// SPDX-License-Identifier: MIT
#include "model/model_metadata.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "nabla/base/error.h"

#include "base/text.h"
#include "model/input_metadata.h"
#include "model/metadata_text.h"

namespace nabla {

namespace {

using Text = MetadataText;
using safetensors::quote;

constexpr std::string_view kFormat = "nabla";
constexpr std::string_view kVersion = "1";

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
  text.require_keys({"task", "widths", "activations", "output", "cost"},
                    {"batch_norm", "huber_delta", "precision", "sparse"});

  const std::string task = text.text_of("task");
  const std::optional<Task> known = parse_task(task);
  if (!known)
    text.fail("unknown task " + quote(task) + ", expected " +
              alternatives(kTaskTable, [](auto&) { return true; }));
  result.task = *known;

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
  for (const Activation hidden : std::span(result.activations).first(result.widths.size() - 2))
    if (!traits_of(hidden).is_for_hidden)
      text.fail(std::string(name_of(hidden)) + " in a hidden layer");
  if (!traits_of(result.activations.back()).is_for_outputs)
    text.fail("output " + quote(text.text_of("output")) + ", expected " +
              alternatives(kActivations, [](auto& row) { return row.is_for_outputs; }));

  if (text.json().contains("batch_norm")) {
    if (text.json()["batch_norm"] != true) text.fail("expected true at \"batch_norm\"");
    result.batch_norm = true;
  }

  if (text.json().contains("precision")) {
    if (text.text_of("precision") != name_of(Precision::kBfloat16))
      text.fail("unknown precision " + quote(text.text_of("precision")) + ", expected " +
                quote(name_of(Precision::kBfloat16)));
    result.is_bfloat16 = true;
  }

  if (text.json().contains("sparse")) {
    if (text.json()["sparse"] != true) text.fail("expected true at \"sparse\"");
    result.sparse = true;
  }

  const std::string cost = text.text_of("cost");
  const std::optional<Cost> parsed = parse_cost(cost);
  if (!parsed) text.fail("unknown cost " + quote(cost));
  result.cost = *parsed;
  const bool has_delta = traits_of(*parsed).has_delta;
  if (text.json().contains("huber_delta") != has_delta)
    text.fail("expected " + quote("huber_delta") + " with the cost huber and no other");
  if (has_delta) {
    const Json& delta = text.json()["huber_delta"];
    if (!delta.is_number()) text.fail("expected a number at " + quote("huber_delta"));
    result.cost.huber_delta = delta.get<double>();
  }
  try {
    require_compatible(result.activations.back(), result.cost);
  } catch (const ConfigError& error) {
    text.fail(error.what());
  }
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

template <class T>
ModelDescription description_of(const Model<T>& model) {
  const Topology& topology = model.network.topology();
  return {.widths = topology.widths(),
          .activations = topology.activations(),
          .batch_norm = topology.batch_norm(),
          .is_bfloat16 = model.precision == Precision::kBfloat16,
          .sparse = model.sparse,
          .cost = model.cost,
          .task = model.task,
          .preprocess = model.preprocess,
          .classes = model.classes,
          .columns = model.columns,
          .one_hot = model.one_hot};
}

template <class T>
Model<T> described_model(ModelDescription description) {
  Model<T> model{.network = Network<T>(
                     Topology(description.widths, description.activations, description.batch_norm)),
                 .cost = description.cost,
                 .preprocess = std::move(description.preprocess),
                 .task = description.task,
                 .classes = std::move(description.classes),
                 .columns = std::move(description.columns),
                 .one_hot = std::move(description.one_hot)};
  if (description.is_bfloat16) model.precision = Precision::kBfloat16;
  model.sparse = description.sparse;
  return model;
}

template ModelDescription description_of(const Model<float>&);
template ModelDescription description_of(const Model<double>&);
template Model<float> described_model(ModelDescription);
template Model<double> described_model(ModelDescription);

safetensors::Metadata to_metadata(const ModelDescription& description) {
  Json hidden = Json::array();
  for (std::size_t i = 0; i + 1 < description.activations.size(); ++i)
    hidden.push_back(name_of(description.activations[i]));
  Json network;
  network["task"] = name_of(description.task);
  network["widths"] = description.widths;
  network["activations"] = std::move(hidden);
  network["output"] = name_of(description.activations.back());
  network["cost"] = name_of(description.cost.kind);
  // Written only if there is one, so that files without stay as they were.
  if (traits_of(description.cost.kind).has_delta)
    network["huber_delta"] = description.cost.huber_delta;
  if (description.batch_norm) network["batch_norm"] = true;
  if (description.is_bfloat16) network["precision"] = name_of(Precision::kBfloat16);
  if (description.sparse) network["sparse"] = true;

  Json labels = Json::array();
  for (const std::string& label : description.classes) {
    if (!is_utf8(label))
      throw DataError("class name " + quote(label) +
                      " is not UTF-8, which a model file cannot hold; convert the data to UTF-8");
    labels.push_back(label);
  }

  safetensors::Metadata metadata = {
      {"format", std::string(kFormat)},
      {"format_version", std::string(kVersion)},
      {"network", network.dump()},
      {"preprocess", write_preprocess(description.preprocess, description.one_hot)},
      {"labels", labels.dump()}};
  if (description.columns.count > 0) metadata["columns"] = write_columns(description.columns);
  return metadata;
}

ModelDescription parse_metadata(const safetensors::Metadata& metadata, const std::string& name) {
  require_equal(metadata, "format", kFormat, name);
  require_equal(metadata, "format_version", kVersion, name);
  ModelDescription result;
  read_network(Text(metadata, "network", name), result);
  const Text preprocess(metadata, "preprocess", name, 4);
  result.preprocess = read_preprocess(preprocess, result.widths.front(),
                                      result.task == Task::kRegression ? result.widths.back() : 0);
  const std::size_t inputs = result.preprocess.features(result.widths.front());
  result.one_hot = read_one_hot(preprocess, inputs);
  read_labels(Text(metadata, "labels", name), result);
  if (!metadata.contains("columns")) return result;
  const Text columns(metadata, "columns", name);
  result.columns = read_columns(columns);
  if (result.columns.features().size() != result.one_hot.features(inputs))
    columns.fail(std::to_string(result.columns.features().size()) +
                 " columns of features, expected " +
                 std::to_string(result.one_hot.features(inputs)));
  return result;
}

}  // namespace nabla
