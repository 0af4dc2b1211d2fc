// SPDX-License-Identifier: MIT
#include "cli/commands.h"

#include <algorithm>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>

#include "nabla/base/error.h"

#include "base/option_values.h"
#include "cli/format.h"
#include "cli/terminal.h"
#include "data/source.h"

namespace nabla {

namespace {

/// The last setting of that key on the command line; null if it is not given.
const Setting* given(const Arguments& arguments, const std::string& key) {
  const auto found = std::ranges::find(arguments.settings, key, &Setting::key);
  return found == arguments.settings.end() ? nullptr : &*found;
}

/// Whether the text begins as an INI file does, with a section or an include.
bool looks_like_ini(const std::string& text) {
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    const std::string_view content = trim(line);
    if (!content.empty() && content.front() != '#')
      return content.front() == '[' || content.starts_with("include");
  }
  return false;
}

Configuration read_any(const Arguments& arguments, std::size_t config_word,
                       const std::filesystem::path& otherwise) {
  const std::vector<Setting>& settings = arguments.settings;
  if (arguments.words.size() > config_word) {
    const std::string& word = arguments.words[config_word];
    if (const auto source = source_of_word(word, arguments))
      return data_configuration(word, *source, settings);
    return read_configuration(word, settings);
  }
  if (!otherwise.empty()) return read_configuration(otherwise, settings);
  const bool is_builtin = given(arguments, "data.source") == nullptr;
  return parse_configuration(is_builtin ? std::string(builtin_config()) : "", "digits", settings);
}

Configuration read_config(const Arguments& arguments, std::size_t config_word,
                          const std::filesystem::path& otherwise) {
  Configuration configuration = read_any(arguments, config_word, otherwise);
  if (arguments.origins != nullptr) *arguments.origins = configuration.origins;
  if (!arguments.has("-q"))
    for (const std::string& warning : configuration.warnings) print_warning(warning);
  return configuration;
}

}  // namespace

std::vector<Command> all_commands() {
  return {train_command(),    evaluate_command(), predict_command(), check_command(),
          crossval_command(), scale_command(),    sweep_command(),   data_command(),
          report_command(),   export_command(),   options_command(), info_command()};
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
         "\n`nabla help COMMAND` tells more, `nabla version` the version.\n"
         "`nabla train` without anything else trains on built-in digits.\n";
}

std::string command_help(const Command& command) {
  std::string text = usage_text(command.name, command.syntax) + "\n" +
                     wrapped(command.description) + "\n" + options_help(command.syntax);
  if (command.syntax.settings)
    text += wrapped(
        "\n--section.key=VALUE sets any key that `nabla options` lists and wins over a file.\n");
  if (!command.notes.empty()) text += "\n" + wrapped(command.notes);
  if (!command.examples.empty()) text += "\nexamples:\n";
  for (const Example& example : command.examples)
    text += "  " + example.command + "\n      " + example.meaning + "\n";
  return text;
}

CommandOption threads_option() {
  return {"-t", "THREADS", "parallel.threads; 0: one per core", "parallel.threads"};
}
CommandOption epochs_option() { return {"-e", "EPOCHS", "train.epochs", "train.epochs"}; }
CommandOption folder_option() { return {"-o", "FOLDER", "output.dir", "output.dir"}; }
CommandOption quiet_option() { return {"-q", "", "no progress, no warnings"}; }

CommandOption target_option() { return {"--target", "NAME", "data.target", "data.target"}; }

std::optional<DataSource> source_of_word(const std::string& word, const Arguments& arguments) {
  constexpr std::size_t kStart = 4096;
  std::error_code ignored;
  const std::filesystem::path file = word;
  if (file.extension() == ".ini" || std::filesystem::is_directory(file, ignored))
    return std::nullopt;
  if (file.extension() == ".safetensors")
    throw ConfigError(word + ": a model or a checkpoint, expected a configuration or a data file");
  if (!std::filesystem::exists(file, ignored)) {
    if (recognise_source(file, {}))
      throw DataError(word + ": there is no such file, expected one with rows of data");
    return std::nullopt;
  }
  const std::string start = start_of(file, kStart);
  if (start.empty() && std::filesystem::is_regular_file(file, ignored))
    throw DataError(word + ": an empty file, expected rows of data or a configuration");
  if (looks_like_ini(start)) return std::nullopt;
  if (const Setting* source = given(arguments, "data.source"))
    return parse_data_source(trim(source->value)).value_or(DataSource::kCsv);
  return recognise_source(file, std::as_bytes(std::span(start)));
}

Configuration configured(const Arguments& arguments, std::size_t config_word,
                         const std::filesystem::path& otherwise) {
  Configuration configuration = read_config(arguments, config_word, otherwise);
  if (!configuration.contradiction.empty()) throw ConfigError(configuration.contradiction);
  return configuration;
}

Configuration configured_sweep(const Arguments& arguments) { return read_config(arguments, 0, {}); }

}  // namespace nabla
