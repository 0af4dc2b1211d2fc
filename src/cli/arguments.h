// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "config/ini_file.h"

namespace nabla {

/// What a command takes beside --section.key=value.
struct Syntax {
  /// Words that are no options: their names, those that may be left out in brackets; the last may
  /// end with "..." and then stands for one or more.
  std::vector<std::string> words;
  /// Options with a value and the configuration key that each one sets; empty: none, the value is
  /// kept under the option's name.
  std::vector<std::pair<std::string, std::string>> valued;
  /// Options without a value.
  std::vector<std::string> flags;
  /// Whether --section.key=value is taken.
  bool settings = true;
};

/// The command line of one command, taken apart.
struct Arguments {
  std::vector<std::string> words;
  std::vector<Setting> settings;
  std::map<std::string, std::string> values;
  std::vector<std::string> flags;

  bool has(const std::string& flag) const;
};

/// Throws ConfigError naming the argument, what was expected and the nearest known option.
Arguments parse_arguments(std::span<const std::string> arguments, const Syntax& syntax);

}  // namespace nabla
