// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/option.h"
#include "base/option_values.h"

namespace nabla {

/// Names with the values of a field that they stand for.
template <class Value>
using Choices = std::vector<std::pair<std::string, Value>>;

/// Returns the kinds with the names that the library gives them.
template <class Value, class Kinds>
Choices<Value> choices_of(const Kinds& kinds) {
  Choices<Value> choices;
  for (const auto kind : kinds) choices.emplace_back(name_of(kind), Value(kind));
  return choices;
}

/// Returns the same choices after "auto", which leaves the field unset.
template <class Enum, class Kinds>
Choices<std::optional<Enum>> with_auto(const Kinds& kinds) {
  Choices<std::optional<Enum>> choices = choices_of<std::optional<Enum>>(kinds);
  choices.insert(choices.begin(), {"auto", std::nullopt});
  return choices;
}

/// Returns those of `kinds` for whose traits `belongs` holds.
template <class Kinds, class Predicate>
auto kinds_where(const Kinds& kinds, Predicate belongs) {
  std::vector<std::remove_cvref_t<decltype(*kinds.begin())>> found;
  for (const auto kind : kinds)
    if (belongs(traits_of(kind))) found.push_back(kind);
  return found;
}

/// Returns the names of these kinds.
template <class Kinds, class Predicate>
std::vector<std::string> names_where(const Kinds& kinds, Predicate belongs) {
  std::vector<std::string> names;
  for (const auto kind : kinds_where(kinds, belongs)) names.emplace_back(name_of(kind));
  return names;
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

/// Returns the name of the value; empty if it is none of the choices.
template <class Value>
std::string chosen_name(const Choices<Value>& choices, const Value& wanted) {
  for (const auto& [name, value] : choices)
    if (value == wanted) return name;
  return {};
}

/// Makes the rows of a struct's table, one function per type of value. A field is a pointer to a
/// member, or a generic lambda from the struct, const or not, to a reference.
template <class Struct>
class OptionRow {
 public:
  using Row = Option<Struct>;

  /// Makes a row of any type: `read` makes the field's value from a text, `write` the text from it,
  /// and `check` throws for a value that is out of range; both errors say what was expected.
  template <class Field, class Read, class Write, class Check>
  static Row of(std::string key, Field field, std::string type, std::string range, Read read,
                Write write, Check check, std::string meaning) {
    Row row{std::move(key), std::move(type), std::move(range), std::move(meaning)};
    row.parse = [field, read, check](Struct& options, std::string_view text, const ValueOrigin&) {
      auto value = read(text);
      check(value);
      std::invoke(field, options) = std::move(value);
    };
    row.write = [field, write](const Struct& options) {
      return write(std::invoke(field, options));
    };
    row.check = [field, check](const Struct& options) { check(std::invoke(field, options)); };
    return row;
  }

  template <class Field>
  static Row number(std::string key, Field field, Interval interval, std::string meaning) {
    Row row = of(
        std::move(key), field, "number", interval.text(),
        [interval](std::string_view text) { return parse_number(text, interval.number()); },
        write_number<double>, [interval](double value) { require_in(interval, value); },
        std::move(meaning));
    row.interval = interval;
    return row;
  }

  template <class Field>
  static Row whole(std::string key, Field field, Interval interval, std::string meaning) {
    Row row = of(
        std::move(key), field, "whole number", interval.text(),
        [interval](std::string_view text) { return parse_whole(text, interval.whole()); },
        [](std::uint64_t value) { return std::to_string(value); },
        [interval](std::uint64_t value) { require_in(interval, value); }, std::move(meaning));
    row.interval = interval;
    return row;
  }

  /// Makes rows of a number that stays unset for "auto".
  template <class Field>
  static Row number_or_auto(std::string key, Field field, Interval interval, std::string meaning) {
    return or_auto<double>(
        std::move(key), field, "number or auto", interval,
        [expected = "auto or " + interval.number()](std::string_view text) {
          return parse_number(text, expected);
        },
        write_number<double>, std::move(meaning));
  }

  template <class Field>
  static Row whole_or_auto(std::string key, Field field, Interval interval, std::string meaning) {
    return or_auto<std::uint64_t>(
        std::move(key), field, "whole number or auto", interval,
        [expected = "auto or " + interval.whole()](std::string_view text) {
          return parse_whole(text, expected);
        },
        [](std::uint64_t value) { return std::to_string(value); }, std::move(meaning));
  }

  /// Makes a row of a list. `read` reads an item, `write` writes it, and `check` throws for a list
  /// that cannot be.
  template <class Field, class Read, class Write, class Check>
  static Row list(std::string key, Field field, std::string type, std::string range, Read read,
                  Write write, Check check, std::string meaning) {
    using Item = std::remove_cvref_t<std::invoke_result_t<Read, std::string_view>>;
    return of(
        std::move(key), field, std::move(type), std::move(range),
        [read](std::string_view text) {
          std::vector<Item> items;
          for (const std::string& item : split_list(text)) items.push_back(read(item));
          return items;
        },
        [write](const std::vector<Item>& items) {
          std::vector<std::string> texts;
          for (const Item& item : items) texts.emplace_back(write(item));
          return join(texts);
        },
        check, std::move(meaning));
  }

  /// Makes a row of a list of numbers in the interval; `check` throws for a list that cannot be.
  template <class Field, class Check>
  static Row numbers(std::string key, Field field, Interval interval, Check check,
                     std::string meaning) {
    Row row = list(
        std::move(key), field, "list of numbers", "each " + interval.text(),
        [interval](std::string_view text) { return parse_number(text, interval.number()); },
        write_number<double>, each_in<double>(interval, check), std::move(meaning));
    row.interval = interval;
    return row;
  }

  template <class Field, class Check>
  static Row wholes(std::string key, Field field, Interval interval, Check check,
                    std::string meaning) {
    Row row = list(
        std::move(key), field, "list of whole numbers", "each " + interval.text(),
        [interval](std::string_view text) -> std::size_t {
          return parse_whole(text, interval.whole());
        },
        [](std::size_t size) { return std::to_string(size); },
        each_in<std::size_t>(interval, check), std::move(meaning));
    row.interval = interval;
    return row;
  }

  template <class Field>
  static Row yes_no(std::string key, Field field, std::string meaning) {
    return of(
        std::move(key), field, "yes or no", "",
        [](std::string_view text) {
          static const std::vector<std::string> kNames = {"yes", "no"};
          if (text != "yes" && text != "no") throw_bad_choice(text, kNames);
          return text == "yes";
        },
        [](bool value) { return std::string(value ? "yes" : "no"); }, [](bool) {},
        std::move(meaning));
  }

  /// Makes a row of yes or no that stays unset for "auto".
  template <class Field>
  static Row auto_yes_no(std::string key, Field field, std::string meaning) {
    return choice(
        std::move(key), field,
        Choices<std::optional<bool>>{{"auto", std::nullopt}, {"yes", true}, {"no", false}},
        std::move(meaning));
  }

  /// Makes a row whose value is one of several names.
  template <class Field, class Value>
  static Row choice(std::string key, Field field, Choices<Value> choices, std::string meaning) {
    const std::string range = join(names_of(choices), " · ");
    return of(
        std::move(key), field, "name", range,
        [choices](std::string_view text) { return choose(choices, text); },
        [choices](const Value& value) { return chosen_name(choices, value); },
        [choices](const Value& value) {
          if (chosen_name(choices, value).empty())
            throw ConfigError("another value, expected one of " + join(names_of(choices)));
        },
        std::move(meaning));
  }

  /// Makes a row of a path. It is relative to the folder of the file that names it, and becomes
  /// absolute when it is read.
  template <class Field>
  static Row path(std::string key, Field field, std::string empty_default, std::string meaning) {
    return paths(
        std::move(key), field, "path", std::move(empty_default), std::move(meaning),
        [](std::string_view text, const ValueOrigin& origin) {
          return text.empty() ? std::filesystem::path() : (origin.folder / text).lexically_normal();
        },
        [](const std::filesystem::path& path) { return path.string(); });
  }

  /// Makes a row of a data file. Its name is relative to data.dir, or on the command line to the
  /// current folder.
  template <class Field>
  static Row data_file(std::string key, Field field, std::string empty_default,
                       std::string meaning) {
    return paths(std::move(key), field, "path", std::move(empty_default), std::move(meaning),
                 read_data_file, [](const std::filesystem::path& path) { return path.string(); });
  }

  template <class Field>
  static Row data_files(std::string key, Field field, std::string empty_default,
                        std::string meaning) {
    using Files = std::vector<std::filesystem::path>;
    return paths(
        std::move(key), field, "list of paths", std::move(empty_default), std::move(meaning),
        [](std::string_view text, const ValueOrigin& origin) {
          Files files;
          for (const std::string& item : split_list(text))
            files.push_back(read_data_file(item, origin));
          return files;
        },
        [](const Files& files) {
          std::vector<std::string> items;
          for (const std::filesystem::path& path : files) items.push_back(path.string());
          return join(items);
        });
  }

 private:
  template <class Number, class Field, class Read, class Write>
  static Row or_auto(std::string key, Field field, std::string type, Interval interval, Read read,
                     Write write, std::string meaning) {
    using Choice = std::optional<Number>;
    Row row = of(
        std::move(key), field, std::move(type), "auto · " + interval.text(),
        [read](std::string_view text) { return text == "auto" ? Choice() : Choice(read(text)); },
        [write](const Choice& value) { return value ? write(*value) : std::string("auto"); },
        [interval](const Choice& value) {
          if (value) require_in(interval, *value);
        },
        std::move(meaning));
    row.interval = interval;
    return row;
  }

  template <class Item, class Check>
  static auto each_in(Interval interval, Check check) {
    return [interval, check](const std::vector<Item>& items) {
      for (const Item item : items) require_in(interval, item);
      check(items);
    };
  }

  template <class Field, class Read, class Write>
  static Row paths(std::string key, Field field, std::string type, std::string empty_default,
                   std::string meaning, Read read, Write write) {
    Row row{std::move(key), std::move(type), "", std::move(meaning), std::move(empty_default)};
    row.parse = [field, read](Struct& options, std::string_view text, const ValueOrigin& origin) {
      std::invoke(field, options) = read(text, origin);
    };
    row.write = [field, write](const Struct& options) {
      return write(std::invoke(field, options));
    };
    return row;
  }

  static std::filesystem::path read_data_file(std::string_view text, const ValueOrigin& origin) {
    if (text.empty() || !origin.command_line) return text;
    return (origin.folder / text).lexically_normal();
  }
};

}  // namespace nabla
