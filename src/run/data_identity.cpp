// SPDX-License-Identifier: MIT
#include "run/data_identity.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <exception>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>
#include <variant>

// xxHash is used from its header alone.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "nabla/base/error.h"
#include "nabla/train/checkpoint.h"

#include "base/text.h"
#include "data/describe.h"
#include "data/input_names.h"

namespace nabla {

namespace {

using Json = nlohmann::ordered_json;
using Names = std::vector<std::string>;

/// A part of the data with its name for people and its key in JSON.
struct IdentifiedPart {
  const char* name;
  RowsIdentity DataIdentity::*rows;
};

constexpr IdentifiedPart kIdentifiedParts[] = {{"training", &DataIdentity::train},
                                               {"validation", &DataIdentity::validation},
                                               {"test", &DataIdentity::test}};

template <class T>
std::uint64_t hash_of(const T& numbers) {
  const auto bytes = std::as_bytes(std::span(numbers));
  return XXH64(bytes.data(), bytes.size(), 0);
}
template <class T>
std::uint64_t hash_of(const SparseRow<T>& row) {
  return hash_of(std::array{hash_of(row.columns), hash_of(row.values)});
}

RowsIdentity identify(const Dataset& part) {
  RowsIdentity identity{.rows = part.rows()};
  std::vector<std::uint64_t> features(part.rows());
  std::vector<std::uint64_t> targets(part.rows());
  std::visit(
      [&](const auto& matrix) {
        for (std::size_t i = 0; i < features.size(); ++i) features[i] = hash_of(matrix.row(i));
      },
      part.features);
  const bool has_labels = !part.labels.empty();
  for (std::size_t i = 0; i < targets.size(); ++i)
    targets[i] = has_labels ? part.labels[i] : hash_of(part.targets.row(i));
  for (std::size_t i = 0; i < features.size(); ++i) {
    const double weight = part.weights.empty() ? 1 : part.weights[i];
    identity.in_any_order +=
        hash_of(std::array{features[i], targets[i], std::bit_cast<std::uint64_t>(weight)});
  }
  identity.features = hash_of(features);
  identity.targets = hash_of(targets);
  identity.weights = hash_of(part.weights);
  return identity;
}

std::string and_more(std::size_t count) {
  return count > 1 ? " (and " + std::to_string(count - 1) + " more)" : "";
}

/// Returns the names that `some` has and `others` lacks, in the order of `some`.
Names names_beyond(const Names& some, Names others) {
  Names result;
  for (const std::string& name : some) {
    const auto found = std::ranges::find(others, name);
    if (found == others.end())
      result.push_back(name);
    else
      others.erase(found);
  }
  return result;
}

/// Returns the difference between two lists of names of `noun`s; empty if they are the same.
std::string names_difference(const std::string& noun, const Names& now, const Names& then) {
  if (now == then) return "";
  const Names added = names_beyond(now, then);
  const Names missing = names_beyond(then, now);
  const auto [here, there] = std::ranges::mismatch(now, then);
  // One name in another's place, or names that have changed places.
  const bool is_in_place =
      now.size() == then.size() && (missing.empty() || std::equal(here + 1, now.end(), there + 1));
  if (is_in_place)
    return noun + " " + std::to_string(here - now.begin() + 1) + " is " + in_quotes(*here) +
           ", expected " + in_quotes(*there);
  if (added.empty())
    return "the " + noun + " " + in_quotes(missing[0]) + and_more(missing.size()) + " is missing";
  if (missing.empty())
    return "the " + noun + " " + in_quotes(added[0]) + and_more(added.size()) + " is new";
  return "the " + noun + " " + in_quotes(missing[0]) + and_more(missing.size()) +
         " is missing and " + in_quotes(added[0]) + and_more(added.size()) + " is new";
}

std::string columns_difference(const Names& now, const Names& then) {
  if (now.empty() && !then.empty()) return "no header, expected one with the columns' names";
  if (then.empty() && !now.empty()) return "a header with the columns' names, expected none";
  return names_difference("column", now, then);
}

std::string categories_difference(const std::vector<CategoricalColumn>& now,
                                  const std::vector<CategoricalColumn>& then) {
  const auto columns = [](const std::vector<CategoricalColumn>& categorical) {
    Names names;
    for (const CategoricalColumn& column : categorical) names.push_back(column.column);
    return names;
  };
  std::string text = names_difference("column of categories", columns(now), columns(then));
  for (std::size_t i = 0; text.empty() && i < now.size(); ++i) {
    text = names_difference("category", now[i].categories, then[i].categories);
    if (!text.empty()) text = "column " + in_quotes(now[i].column) + ": " + text;
  }
  return text;
}

std::vector<CategoricalColumn> categorical_columns(const Dataset& data) {
  const std::vector<std::size_t> features = data.columns.features();
  std::vector<CategoricalColumn> result;
  for (const OneHotColumn& column : data.one_hot.columns)
    result.push_back({column_name(data.columns, features[column.feature]), column.categories});
  return result;
}

std::string count_difference(std::size_t now, std::size_t then, const std::string& noun) {
  if (now == then) return "";
  return std::to_string(now) + " " + noun + (now == 1 ? "" : "s") + ", expected " +
         std::to_string(then);
}

std::string values_difference(const std::string& rows, const RowsIdentity& now,
                              const RowsIdentity& then) {
  if (now == then) return "";
  if (now.in_any_order == then.in_any_order) return "the " + rows + " are in another order";
  std::string parts;
  const auto add = [&](const char* part, std::uint64_t RowsIdentity::*hash) {
    if (now.*hash != then.*hash) parts += (parts.empty() ? "" : " and ") + std::string(part);
  };
  add("features", &RowsIdentity::features);
  add("targets", &RowsIdentity::targets);
  add("weights", &RowsIdentity::weights);
  return "the " + parts + " of the " + rows + " have other values";
}

std::string hexadecimal(std::uint64_t hash) {
  std::array<char, 16> digits;
  digits.fill('0');
  std::array<char, 16> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), hash, 16);
  std::copy_backward(text.data(), end, digits.end());
  return {digits.data(), digits.size()};
}

std::uint64_t hash_in(const Json& json) {
  const auto text = json.get<std::string>();
  std::uint64_t hash = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hash, 16);
  if (error != std::errc() || end != text.data() + text.size() || text.size() != 16)
    throw DataError("a hash of 16 hexadecimal digits");
  return hash;
}

Json to_json(const RowsIdentity& identity) {
  return {{"rows", identity.rows},
          {"features", hexadecimal(identity.features)},
          {"targets", hexadecimal(identity.targets)},
          {"weights", hexadecimal(identity.weights)},
          {"in_any_order", hexadecimal(identity.in_any_order)}};
}

RowsIdentity rows_in(const Json& json) {
  return {.rows = json.at("rows").get<std::size_t>(),
          .features = hash_in(json.at("features")),
          .targets = hash_in(json.at("targets")),
          .weights = hash_in(json.at("weights")),
          .in_any_order = hash_in(json.at("in_any_order"))};
}

DataIdentity identity_in(const Json& json) {
  DataIdentity identity;
  identity.task = json.at("task").get<std::string>();
  identity.columns = json.at("columns").get<Names>();
  for (const Json& column : json.at("categories"))
    identity.categorical.push_back(
        {column.at("column").get<std::string>(), column.at("names").get<Names>()});
  identity.classes = json.at("classes").get<Names>();
  identity.inputs = json.at("inputs").get<std::size_t>();
  identity.outputs = json.at("outputs").get<std::size_t>();
  identity.type = json.at("type").get<std::string>();
  for (const auto& [name, rows] : kIdentifiedParts) identity.*rows = rows_in(json.at(name));
  return identity;
}

}  // namespace

DataIdentity identify(const DataSplit& data) {
  const Dataset& train = data.train;
  return {.task = std::string(name_of(train.task)),
          .columns = train.columns.names,
          .categorical = categorical_columns(train),
          .classes = train.classes,
          .inputs = train.inputs(),
          .outputs = train.outputs(),
          .type = element_type(train).name,
          .train = identify(train),
          .validation = identify(data.validation),
          .test = identify(data.test)};
}

std::string difference(const DataIdentity& now, const DataIdentity& then) {
  std::string text = columns_difference(now.columns, then.columns);
  if (text.empty() && now.task != then.task) text = now.task + ", expected " + then.task;
  if (text.empty()) text = names_difference("class", now.classes, then.classes);
  if (text.empty()) text = categories_difference(now.categorical, then.categorical);
  if (text.empty()) text = count_difference(now.inputs, then.inputs, "input");
  if (text.empty()) text = count_difference(now.outputs, then.outputs, "output");
  if (text.empty() && now.type != then.type)
    text = "features of type " + now.type + ", expected " + then.type;
  for (const auto& [name, rows] : kIdentifiedParts)
    if (text.empty())
      text = count_difference((now.*rows).rows, (then.*rows).rows, std::string(name) + " row");
  for (const auto& [name, rows] : kIdentifiedParts)
    if (text.empty()) text = values_difference(std::string(name) + " rows", now.*rows, then.*rows);
  return text;
}

Json to_json(const DataIdentity& identity) {
  Json json;
  json["task"] = identity.task;
  json["inputs"] = identity.inputs;
  json["outputs"] = identity.outputs;
  json["type"] = identity.type;
  json["columns"] = identity.columns;
  json["categories"] = Json::array();
  for (const CategoricalColumn& column : identity.categorical)
    json["categories"].push_back({{"column", column.column}, {"names", column.categories}});
  json["classes"] = identity.classes;
  for (const auto& [name, rows] : kIdentifiedParts) json[name] = to_json(identity.*rows);
  return json;
}

DataIdentity parse_identity(std::string_view json, const std::string& place) {
  try {
    return identity_in(Json::parse(json));
  } catch (const nlohmann::json::exception&) {
    throw DataError(place + ": not the identity of data, expected what this program writes");
  } catch (const DataError& error) {
    throw DataError(place + ": not the identity of data, expected " + error.what());
  }
}

KnownData identified(DataSplit data) {
  DataIdentity identity = identify(data);
  return {std::move(data), std::move(identity)};
}

std::optional<DataIdentity> identity_in_folder(const std::filesystem::path& folder) {
  std::ifstream stream(folder / "summary.json", std::ios::binary);
  const auto summary =
      Json::parse(std::string{std::istreambuf_iterator<char>(stream), {}}, nullptr, false);
  try {
    return parse_identity(summary.at("data").dump(), "");
  } catch (const Json::exception&) {
    // An interrupted run has checkpoints alone.
  } catch (const DataError&) {
    // A summary of an earlier version does not hold the data.
  }
  for (const char* name : {"checkpoint.safetensors", "checkpoint.previous.safetensors"}) {
    try {
      return parse_identity(read_checkpoint(folder / name).data, "");
    } catch (const DataError&) {
      // The one before it may be good.
    }
  }
  return std::nullopt;
}

}  // namespace nabla
