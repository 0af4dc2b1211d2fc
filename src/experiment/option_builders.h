// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "experiment/option_table.h"
#include "experiment/option_values.h"

namespace nabla {

// One function per type of value makes a row of the option table. `field` is a generic lambda from
// ExperimentOptions, const or not, to a reference to the field.

template <class Field>
using FieldType = std::remove_cvref_t<std::invoke_result_t<Field, ExperimentOptions&>>;

inline constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

/// Of any type: `read` makes the field's value from a text, `write` the text from it.
template <class Field, class Read, class Write>
Option make_option(std::string key, std::string type, std::string range, std::string meaning,
                   Field field, Read read, Write write) {
  Option option;
  option.key = std::move(key);
  option.type = std::move(type);
  option.range = std::move(range);
  option.meaning = std::move(meaning);
  option.parse = [field, read](ExperimentOptions& options, std::string_view text,
                               const ValueOrigin&) { field(options) = read(text); };
  option.write = [field, write](const ExperimentOptions& options) { return write(field(options)); };
  return option;
}

template <class Field>
Option whole_option(std::string key, Field field, std::uint64_t lowest, std::uint64_t highest,
                    std::string meaning) {
  return make_option(
      std::move(key), "whole number", whole_range(lowest, highest), std::move(meaning), field,
      [lowest, highest](std::string_view text) {
        return static_cast<FieldType<Field>>(parse_whole(text, lowest, highest));
      },
      [](const auto& value) { return std::to_string(value); });
}

template <class Field>
Option yes_no_option(std::string key, Field field, std::string meaning) {
  return make_option(
      std::move(key), "yes or no", "", std::move(meaning), field,
      [](std::string_view text) {
        static const std::vector<std::string> kNames = {"yes", "no"};
        if (text != "yes" && text != "no") throw_bad_choice(text, kNames);
        return text == "yes";
      },
      [](bool value) { return std::string(value ? "yes" : "no"); });
}

/// One of several names, each with the field's value.
template <class Value>
using Choices = std::vector<std::pair<std::string, Value>>;

/// Names as the library gives them, so that none is written twice.
template <class Value, class Kinds>
Choices<Value> choices_of(Kinds&& kinds) {
  Choices<Value> choices;
  for (const auto kind : kinds) choices.emplace_back(name_of(kind), Value(kind));
  return choices;
}
template <class Value, class Enum>
Choices<Value> choices_of(std::initializer_list<Enum> values) {
  return choices_of<Value>(std::vector<Enum>(values));
}
/// Those and "auto", which leaves the field unset.
template <class Enum, class Kinds>
Choices<std::optional<Enum>> choices_with_auto(Kinds&& kinds) {
  auto choices = choices_of<std::optional<Enum>>(kinds);
  choices.insert(choices.begin(), {"auto", std::nullopt});
  return choices;
}

template <class Value>
std::vector<std::string> names_of(const Choices<Value>& choices) {
  std::vector<std::string> names;
  for (const auto& choice : choices) names.push_back(choice.first);
  return names;
}

template <class Value>
Value choose(const Choices<Value>& choices, std::string_view text) {
  for (const auto& [name, value] : choices)
    if (name == text) return value;
  throw_bad_choice(text, names_of(choices));
}

template <class Value>
std::string chosen_name(const Choices<Value>& choices, const Value& wanted) {
  for (const auto& [name, value] : choices)
    if (value == wanted) return name;
  return {};
}

template <class Field>
Option choice_option(std::string key, Field field, Choices<FieldType<Field>> choices,
                     std::string meaning) {
  return make_option(
      std::move(key), "name", join(names_of(choices), " · "), std::move(meaning), field,
      [choices](std::string_view text) { return choose(choices, text); },
      [choices](const auto& value) { return chosen_name(choices, value); });
}

/// A path relative to the folder of the file that names it, made absolute while it is read.
template <class Field>
Option path_option(std::string key, Field field, std::string empty_default, std::string meaning) {
  Option option = make_option(
      std::move(key), "path", "", std::move(meaning), field,
      [](std::string_view text) { return std::filesystem::path(text); },
      [](const std::filesystem::path& path) { return path.string(); });
  option.empty_default = std::move(empty_default);
  option.parse = [field](ExperimentOptions& options, std::string_view text,
                         const ValueOrigin& origin) {
    field(options) =
        text.empty() ? std::filesystem::path() : (origin.folder / text).lexically_normal();
  };
  return option;
}

}  // namespace nabla
