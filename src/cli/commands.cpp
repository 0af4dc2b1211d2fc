// SPDX-License-Identifier: MIT
#include "cli/commands.h"

#include <algorithm>
#include <string>

#include "nabla/base/error.h"

#include "cli/terminal.h"

namespace nabla {

namespace {

Configuration read_config(const Arguments& arguments, std::size_t config_word,
                          const std::filesystem::path& otherwise) {
  const bool is_named = arguments.words.size() > config_word;
  const std::filesystem::path file =
      is_named ? std::filesystem::path(arguments.words[config_word]) : otherwise;
  const bool names_source = std::ranges::find(arguments.settings, "data.source", &Setting::key) !=
                            arguments.settings.end();
  // The settings of the built-in digits are for no other source.
  const std::string otherwise_text = names_source ? "" : std::string(builtin_config());
  Configuration configuration =
      file.empty() ? parse_configuration(otherwise_text, "digits", arguments.settings)
                   : read_configuration(file, arguments.settings);
  if (!arguments.has("-q"))
    for (const std::string& warning : configuration.warnings) print_warning(warning);
  return configuration;
}

}  // namespace

std::vector<Command> all_commands() {
  return {train_command(),    evaluate_command(), predict_command(), check_command(),
          crossval_command(), scale_command(),    sweep_command(),   data_command(),
          report_command(),   options_command(),  info_command()};
}

std::string program_help(const std::vector<Command>& commands) {
  std::string text =
      "nabla trains multilayer perceptrons on the cores of this machine.\n\n"
      "usage: nabla COMMAND [ARGUMENT ...] [--section.key=value ...]\n\n";
  std::size_t widest = 0;
  for (const Command& command : commands) widest = std::max(widest, command.name.size());
  for (const Command& command : commands)
    text += "  " + command.name + std::string(widest + 2 - command.name.size(), ' ') +
            command.summary + "\n";
  return text +
         "\n`nabla COMMAND --help` tells more, `nabla --version` the version.\n"
         "`nabla train` without anything else trains on built-in digits.\n";
}

std::string command_help(const Command& command) {
  std::string text = usage_text(command.name, command.syntax) + "\n" + command.description + "\n" +
                     options_help(command.syntax);
  if (command.syntax.settings)
    text += "\n--section.key=VALUE sets any key that `nabla options` lists and wins over a file.\n";
  return text + (command.notes.empty() ? "" : "\n" + command.notes);
}

CommandOption threads_option() {
  return {"-t", "THREADS", "parallel.threads; 0: one per core", "parallel.threads"};
}
CommandOption epochs_option() { return {"-e", "EPOCHS", "train.epochs", "train.epochs"}; }
CommandOption folder_option() { return {"-o", "FOLDER", "output.dir", "output.dir"}; }
CommandOption quiet_option() { return {"-q", "", "no progress, no warnings"}; }

Configuration configured(const Arguments& arguments, std::size_t config_word,
                         const std::filesystem::path& otherwise) {
  Configuration configuration = read_config(arguments, config_word, otherwise);
  if (!configuration.contradiction.empty()) throw ConfigError(configuration.contradiction);
  return configuration;
}

Configuration configured_sweep(const Arguments& arguments) { return read_config(arguments, 0, {}); }

}  // namespace nabla
