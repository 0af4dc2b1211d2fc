// SPDX-License-Identifier: MIT
#include "experiment/configuration.h"

#include "nabla/base/error.h"

#include "experiment/consistency.h"
#include "experiment/option_table.h"
#include "experiment/option_values.h"
#include "experiment/quote.h"

namespace nabla {

namespace {

namespace fs = std::filesystem;

void apply(const Setting& setting, ExperimentOptions& options) {
  const Option* option = find_option(setting.key);
  if (option == nullptr)
    throw ConfigError(setting.place() +
                      ": unknown key, expected one that `nabla options` lists; did you mean " +
                      nearest_key(setting.key) + "?");
  try {
    option->parse(options, trim(setting.value), setting.origin);
  } catch (const ConfigError& error) {
    throw ConfigError(setting.place() + ": " + error.what());
  }
}

void make_absolute(fs::path& path, const fs::path& folder) {
  if (!path.empty()) path = (folder / path).lexically_normal();
}

/// Fills in the folders that were not given and makes every path absolute.
void settle_paths(ExperimentOptions& options, const fs::path& config_folder,
                  const std::string& name) {
  if (options.data.dir.empty()) options.data.dir = config_folder.lexically_normal();
  for (fs::path& file : options.data.train) make_absolute(file, options.data.dir);
  for (fs::path& file : options.data.test) make_absolute(file, options.data.dir);
  make_absolute(options.data.train_labels, options.data.dir);
  make_absolute(options.data.test_labels, options.data.dir);
  if (options.output.dir.empty()) options.output.dir = fs::current_path() / "runs" / name;
}

Configuration configure(const std::vector<Setting>& file, const std::vector<Setting>& command_line,
                        const fs::path& config_folder, const std::string& name) {
  Configuration configuration;
  configuration.name = name;
  Origins origins;
  for (const std::vector<Setting>* settings : {&file, &command_line})
    for (const Setting& setting : *settings) {
      apply(setting, configuration.options);
      origins[setting.key] = setting.place();
    }
  require_consistent(configuration.options, origins);
  configuration.warnings = ineffective_keys(configuration.options, origins);
  settle_paths(configuration.options, config_folder, name);
  return configuration;
}

/// `name`, unless the command line exchanges the data: then the run is named after their file.
std::string run_name(const std::string& name, const std::vector<Setting>& command_line) {
  std::string result = name;
  for (const Setting& setting : command_line) {
    if (setting.key == "data.source" && trim(setting.value) != "digits" && result == name)
      result = "run";
    if (setting.key != "data.train" || trim(setting.value).empty()) continue;
    fs::path file = split_list(setting.value).front();
    if (file.extension() == ".gz") file = file.stem();
    if (file.has_stem()) result = file.stem().string();
  }
  return result;
}

/// A value that the reader of INI files would take for something else.
void require_writable(const Option& option, const std::string& value) {
  if (value.find_first_of("#\n\r") != std::string::npos || trim(value) != value)
    throw ConfigError(option.key + ": " + in_quotes(value) +
                      " cannot be kept in config.ini, expected a value without '#', line breaks "
                      "and spaces at its ends");
}

void require_list_of_paths(const std::string& key, const std::vector<fs::path>& paths) {
  for (const fs::path& path : paths)
    if (path.string().find(',') != std::string::npos)
      throw ConfigError(key + ": " + in_quotes(path.string()) +
                        " has a ',', which separates files; expected a path without it");
}

}  // namespace

Configuration read_configuration(const fs::path& file, const std::vector<Setting>& command_line) {
  return configure(read_ini(file), command_line, fs::absolute(file).parent_path(),
                   file.stem().string());
}

Configuration parse_configuration(const std::string& text, const std::string& name,
                                  const std::vector<Setting>& command_line) {
  return configure(parse_ini(text, name + ".ini", fs::current_path()), command_line,
                   fs::current_path(), run_name(name, command_line));
}

ExperimentOptions parse_values(const std::vector<Setting>& settings) {
  ExperimentOptions options;
  for (const Setting& setting : settings) apply(setting, options);
  return options;
}

std::string write_configuration(const ExperimentOptions& options) {
  require_list_of_paths("data.train", options.data.train);
  require_list_of_paths("data.test", options.data.test);
  std::string text;
  for (const Option& option : option_table()) {
    text += section_heading(option);
    const std::string value = option.write(options);
    require_writable(option, value);
    text += option.name() + " =" + (value.empty() ? "" : " ") + value + "\n";
  }
  return text;
}

}  // namespace nabla
