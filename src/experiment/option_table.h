// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "experiment/experiment_options.h"

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

/// One configuration key: the only place that knows its name, meaning, type and range, and which
/// field of ExperimentOptions it is. Its default is the field's own.
struct Option {
  std::string key;            ///< "section.name"
  std::string type;           ///< "whole number", "yes or no", …
  std::string range;          ///< what values are taken, for people; may be empty
  std::string meaning;        ///< one sentence
  std::string empty_default;  ///< what an empty default stands for; may be empty
  /// Sets the field. Throws ConfigError with what is wrong and what was expected, without place.
  std::function<void(ExperimentOptions&, std::string_view text, const ValueOrigin&)> parse;
  /// The field as `parse` reads it back to an equal one.
  std::function<std::string(const ExperimentOptions&)> write;

  std::string section() const { return key.substr(0, key.find('.')); }
  std::string name() const { return key.substr(key.find('.') + 1); }
  /// The default for people: the field's own, or what its emptiness stands for.
  std::string default_text() const;
};

/// All keys, section by section.
const std::vector<Option>& option_table();

/// The option of that key; null where there is none.
const Option* find_option(std::string_view key);

/// The line "[section]" of an INI file where the option is the first of its section in the table,
/// after an empty line where it is not the first section; else nothing.
std::string section_heading(const Option& option);

/// The known key that looks most like `key`.
std::string nearest_key(std::string_view key);

}  // namespace nabla
