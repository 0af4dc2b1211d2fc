// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "nabla/base/error.h"

#include "config/experiment_options.h"
#include "config/ini_file.h"

namespace nabla {

/// The keys that were given, each with its place (Setting::place).
using Origins = std::map<std::string, std::string>;

/// The error with the place of its key, or of the alternatives that a sweep has for it, if that was
/// given.
ConfigError placed(const ConfigError& error, const Origins& origins);

/// A configuration, read and checked.
struct Configuration {
  /// All paths absolute; output.dir is the folder asked for, without -2, -3, ….
  ExperimentOptions options;
  /// "digits" for digits.ini.
  std::string name;
  /// Keys that were given and have no effect, one line each.
  std::vector<std::string> warnings;
  /// If keys are swept: why the values that they replace contradict each other; empty if they do
  /// not.
  std::string contradiction;
  Origins origins;
};

/// A file, then the settings of the command line, which win. Throws ConfigError naming file and
/// line, or the option, and the nearest known key or value.
Configuration read_configuration(const std::filesystem::path& file,
                                 const std::vector<Setting>& command_line);

/// The same from a text in memory; "" is that of the option table's defaults. Relative paths in it
/// are relative to the current folder.
Configuration parse_configuration(const std::string& text, const std::string& name,
                                  const std::vector<Setting>& command_line);

/// A data file, for which the defaults of the option table hold, then the settings of the command
/// line, which win. The run is named after the file. Throws as read_configuration does.
Configuration data_configuration(const std::filesystem::path& file, DataSource source,
                                 const std::vector<Setting>& command_line);

/// The text of configs/digits.ini, which the program carries.
std::string_view builtin_config();

/// The options that the settings alone make, not checked against each other, paths as they are.
ExperimentOptions parse_values(const std::vector<Setting>& settings);

/// Every key with its value, as a file that read_configuration reads back to equal options. Throws
/// ConfigError if a value has a '#' or a line break, which a file cannot hold, or the name of a
/// data file has a ','.
std::string write_configuration(const ExperimentOptions& options);

}  // namespace nabla
