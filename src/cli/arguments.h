// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "nabla/engine/ranks.h"

#include "config/configuration.h"
#include "config/ini_file.h"

namespace nabla {

/// An option of a command.
struct CommandOption {
  std::string name;     ///< "-t" or "--resume"
  std::string value;    ///< name of its value, "THREADS"; empty if it takes none
  std::string meaning;  ///< for the help
  /// The configuration key that it sets; empty if it sets none.
  std::string key = {};
};

/// The arguments that a command takes.
struct Syntax {
  /// Names of the words that are not options, in brackets if a word may be left out; the last may
  /// end with "..." and then stands for one or more.
  std::vector<std::string> words;
  std::vector<CommandOption> options;
  /// Whether --section.key=value is taken.
  bool settings = true;
};

/// The command line of one command, taken apart.
struct Arguments {
  std::vector<std::string> words;
  std::vector<Setting> settings;
  /// By the name of each option that sets no key; of an option without a value it is empty.
  std::map<std::string, std::string> options;
  /// The processes that run the command together.
  Ranks* ranks = &lone_rank();
  /// Told where the keys of the configuration were given, for errors that are found later; may be
  /// null.
  Origins* origins = nullptr;

  bool has(const std::string& option) const { return options.contains(option); }
};

/// Throws ConfigError naming the argument, what was expected and the nearest known option.
Arguments parse_arguments(std::span<const std::string> arguments, const Syntax& syntax);

/// The syntax in at most 80 columns: "usage: nabla train [CONFIG] [-t THREADS] …".
std::string usage_text(const std::string& command, const Syntax& syntax);

/// One line or more for each option, with its meaning.
std::string options_help(const Syntax& syntax);

}  // namespace nabla
