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

/// Where a value was written: it settles what relative paths in it are relative to.
struct ValueOrigin {
  /// What errors call it: "digits.ini:3" or "--train.epochs".
  std::string name;
  /// The folder of the file, or the current folder for the command line.
  std::filesystem::path folder;
  /// Data files on the command line are relative to the current folder; those in a file stay as
  /// they are, relative to data.dir.
  bool command_line = false;
};

/// Who depends on the value of an option. The defaults are those of an option that changes what a
/// training results in.
struct OptionFlags {
  /// A checkpoint goes on only with the same value.
  bool essential = true;
  /// It may be given anew to a training that goes on.
  bool changes_on_resume = false;
  /// No trial of a sweep depends on it, so that the sweep may go on with another value.
  bool changes_in_sweep = false;
  /// It concerns the data once they are read, so that trials with other values share them.
  bool after_reading = false;
  /// Why no sweep can vary it; empty if one can.
  const char* obstacle = "";
};

/// That another option has one of these values, or none of them. Values are texts as `write` makes
/// them.
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
  std::string range;               ///< the values that are taken, for people; may be empty
  std::string meaning;             ///< one sentence
  std::string empty_default = {};  ///< what an empty default stands for; may be empty
  /// Sets the field. Throws ConfigError saying what is wrong and what was expected, without key.
  std::function<void(Struct&, std::string_view text, const ValueOrigin&)> parse = {};
  /// The field as `parse` reads it back to an equal one.
  std::function<std::string(const Struct&)> write = {};
  /// Throws as `parse` does for a field that no text gives; may be empty.
  std::function<void(const Struct&)> check = {};
  /// Of a number, or of each number of a list.
  std::optional<Interval> interval = {};
  OptionFlags flags = {};
  /// The option has an effect if of each list one condition holds.
  std::vector<std::vector<OptionCondition>> effect = {};

  std::string section() const { return key.substr(0, key.find('.')); }
  std::string name() const { return key.substr(key.find('.') + 1); }
  /// The default for people: the field's own, or what its emptiness stands for.
  std::string default_text() const {
    const std::string own = write(Struct{});
    return own.empty() ? empty_default : own;
  }

  // Rows of a table are made by one of OptionRow's functions and these.
  Option flagged(OptionFlags wanted) && {
    flags = wanted;
    return std::move(*this);
  }
  /// In place of the interval's own text.
  Option shown_as(std::string text) && {
    range = std::move(text);
    return std::move(*this);
  }
  Option empty_means(std::string text) && {
    empty_default = std::move(text);
    return std::move(*this);
  }
  /// Has an effect only if one of the conditions holds; called again: and one of those, too.
  Option only_if(std::initializer_list<OptionCondition> any) && {
    effect.emplace_back(any);
    return std::move(*this);
  }
};

template <class Struct>
using OptionRows = std::vector<Option<Struct>>;

/// The rows of a part of a struct as rows of the whole; `part` takes a whole, const or not, to a
/// reference to its part.
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

/// "data.source = csv", for errors; the key is one of the rows.
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
