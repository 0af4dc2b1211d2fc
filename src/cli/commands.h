// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "nabla/data/data_options.h"

#include "cli/arguments.h"
#include "config/configuration.h"

namespace nabla {

/// A command line that shows the use of a command.
struct Example {
  std::string command;
  std::string meaning;
};

/// A file or folder that a command leaves.
struct NamedFile {
  std::string name;
  std::string meaning;
};

/// A command of the program. `run` returns the exit code; errors are thrown.
struct Command {
  std::string name;
  std::string summary;      ///< one line of `nabla --help`
  std::string description;  ///< for `nabla <command> --help`, before its options
  Syntax syntax;
  int (*run)(const Arguments&);
  std::string notes = {};  ///< behind its options; may be empty
  std::vector<Example> examples = {};
  std::vector<NamedFile> files = {};
  /// Whether all ranks that a launcher has started run it together; else the first one alone does.
  bool on_ranks = false;
};

Command train_command();
Command evaluate_command();
Command predict_command();
Command check_command();
Command crossval_command();
Command scale_command();
Command sweep_command();
Command data_command();
Command report_command();
Command export_command();
Command options_command();
Command info_command();

/// In the order of the help.
std::vector<Command> all_commands();

/// The text of `nabla --help`.
std::string program_help(const std::vector<Command>& commands);
/// The text of `nabla <command> --help`.
std::string command_help(const Command& command);

// Options that several commands have.

CommandOption threads_option();
CommandOption epochs_option();
CommandOption folder_option();
CommandOption quiet_option();
CommandOption target_option();

/// Returns the format of the data file that the word is, nullopt if it is a configuration: by its
/// content and ending, else data.source of the command line.
std::optional<DataSource> source_of_word(const std::string& word, const Arguments& arguments);

/// Reads the configuration of a command whose word of that index may be a CONFIG or a data file:
/// that file, else `otherwise` if that is not empty, else, unless data.source is given, the
/// built-in digits; then the command line. Prints its warnings unless -q is given. Throws
/// ConfigError for a contradiction.
Configuration configured(const Arguments& arguments, std::size_t config_word = 0,
                         const std::filesystem::path& otherwise = {});

/// The same for the CONFIG of a sweep, whose trials may resolve a contradiction.
Configuration configured_sweep(const Arguments& arguments);

}  // namespace nabla
