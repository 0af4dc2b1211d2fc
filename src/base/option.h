// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nabla/base/error.h"

#include "base/option_values.h"

namespace nabla {

/// The place where a value was written, on which the meaning of relative paths in it depends.
struct ValueOrigin {
  /// The name of the place in errors: "digits.ini:3" or "--train.epochs".
  std::string name;
  /// The folder of the file, or the current folder for the command line.
  std::filesystem::path folder;
  /// Names of data files on the command line are relative to the current folder; those in a file
  /// stay as they are, relative to data.dir.
  bool command_line = false;
};

/// The readers of an option's value. The defaults are those of an option that changes the result of
/// a training.
struct OptionFlags {
  /// A checkpoint can be resumed only with the same value.
  bool essential = true;
  /// A resumed training may be given another value.
  bool changes_on_resume = false;
  /// No trial of a sweep depends on it, so that the sweep may go on with another value.
  bool changes_in_sweep = false;
  /// Reading the data does not depend on it, so that trials with other values share the data.
  bool after_reading = false;
  /// The reason why no sweep can vary it; empty if a sweep can.
  const char* obstacle = "";
};

/// Holds if another option has one of these values, or if it has none of them. Values are texts as
/// `write` makes them.
struct OptionCondition {
  const char* key;
  std::vector<std::string> values;
  bool expected = true;
};

inline OptionCondition is(const char* key, std::vector<std::string> values) {
  return {key, std::move(values), true};
}
inline OptionCondition is_not(const char* key, std::vector<std::string> values) {
  return {key, std::move(values), false};
}

/// One configuration key: the only place that knows its name, meaning, type and interval, which
/// field of the struct it is, and who depends on it. Its default is the field's own.
template <class Struct>
struct Option {
  std::string key;                 ///< "section.name"
  std::string type;                ///< "whole number", "yes or no", …
  std::string range;               ///< the values that it takes, for people; may be empty
  std::string meaning;             ///< one sentence
  std::string empty_default = {};  ///< the meaning of an empty default, for people; may be empty
  /// Sets the field. Throws ConfigError, without the key, which says what is wrong and what was
  /// expected.
  std::function<void(Struct&, std::string_view text, const ValueOrigin&)> parse = {};
  /// Writes the field as a text from which `parse` makes an equal one.
  std::function<std::string(const Struct&)> write = {};
  /// Throws as `parse` does if the field has a value that `parse` never gives; may be empty.
  std::function<void(const Struct&)> check = {};
  /// The interval of a number, or of each number of a list.
  std::optional<Interval> interval = {};
  OptionFlags flags = {};
  /// The option has an effect if one condition of each list holds.
  std::vector<std::vector<OptionCondition>> effect = {};

  std::string section() const { return key.substr(0, key.find('.')); }
  std::string name() const { return key.substr(key.find('.') + 1); }
  /// Returns the default for people: the field's own, or `empty_default` if that is empty.
  std::string default_text() const {
    const std::string own = write(Struct{});
    return own.empty() ? empty_default : own;
  }

  // Rows of a table are made by one of OptionRow's functions and these.
  Option flagged(OptionFlags wanted) && {
    flags = wanted;
    return std::move(*this);
  }
  /// Replaces the interval's own text.
  Option shown_as(std::string text) && {
    range = std::move(text);
    return std::move(*this);
  }
  Option empty_means(std::string text) && {
    empty_default = std::move(text);
    return std::move(*this);
  }
  /// The option has an effect only if one of the conditions holds. If called again, one of the
  /// further conditions must hold, too.
  Option only_if(std::initializer_list<OptionCondition> any) && {
    effect.emplace_back(any);
    return std::move(*this);
  }
};

template <class Struct>
using OptionRows = std::vector<Option<Struct>>;

/// Appends the rows of a part of a struct as rows of the whole; `part` makes of a whole, const or
/// not, a reference to its part.
template <class Whole, class Part, class Field>
void append_rows(OptionRows<Whole>& rows, const OptionRows<Part>& part_rows, Field part) {
  for (const Option<Part>& row : part_rows) {
    Option<Whole> lifted{row.key, row.type, row.range, row.meaning, row.empty_default};
    lifted.parse = [parse = row.parse, part](Whole& whole, std::string_view text,
                                             const ValueOrigin& origin) {
      parse(part(whole), text, origin);
    };
    lifted.write = [write = row.write, part](const Whole& whole) { return write(part(whole)); };
    if (row.check)
      lifted.check = [check = row.check, part](const Whole& whole) { check(part(whole)); };
    lifted.interval = row.interval;
    lifted.flags = row.flags;
    lifted.effect = row.effect;
    rows.push_back(std::move(lifted));
  }
}

/// Throws ConfigError naming the first key whose field is out of its interval.
template <class Struct>
void check_rows(const OptionRows<Struct>& rows, const Struct& options) {
  for (const Option<Struct>& row : rows) {
    if (!row.check) continue;
    try {
      row.check(options);
    } catch (const ConfigError& error) {
      throw ConfigError(row.key, error.what());
    }
  }
}

/// Returns "data.source = csv", for errors; `key` is the key of one of the rows.
template <class Struct>
std::string written(const OptionRows<Struct>& rows, std::string_view key, const Struct& options) {
  const auto row = std::ranges::find(rows, key, &Option<Struct>::key);
  return row->key + " = " + row->write(options);
}

/// Throws ConfigError "KEY: PROBLEM" unless the rule holds.
inline void require_option(bool holds, const char* key, const std::string& problem) {
  if (!holds) throw ConfigError(key, problem);
}

}  // namespace nabla
