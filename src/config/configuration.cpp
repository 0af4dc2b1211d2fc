// SPDX-License-Identifier: MIT
#include "config/configuration.h"

#include <algorithm>
#include <map>
#include <utility>

#include "nabla/base/error.h"

#include "base/option_values.h"
#include "base/text.h"
#include "config/option_table.h"
#include "config/sweep_options.h"
#include "data/source.h"

namespace nabla {

namespace {

namespace fs = std::filesystem;

void add_swept_key(const Setting& setting, ExperimentOptions& options) {
  SweptKey swept = parse_swept_key(setting);
  std::vector<SweptKey>& keys = options.sweep.keys;
  const auto known = std::ranges::find(keys, swept.key, &SweptKey::key);
  if (known == keys.end())
    keys.push_back(std::move(swept));
  else
    *known = std::move(swept);
}

void set_option(const Setting& setting, ExperimentOptions& options) {
  if (!swept_name(setting.key).empty()) return add_swept_key(setting, options);
  const ExperimentOption* option = find_option(setting.key);
  if (option == nullptr && setting.key.ends_with(".include"))
    throw ConfigError(
        "unknown key; include stands at the head of a file, expected it above the first [section]");
  if (option == nullptr)
    throw ConfigError("unknown key" +
                      (printable(setting.key, setting.key.size()) == setting.key
                           ? ""
                           : " " + in_quotes(setting.key)) +
                      ", expected one that `nabla options` lists" + did_you_mean_key(setting.key));
  option->parse(options, trim(setting.value), setting.origin);
}

void apply(const Setting& setting, ExperimentOptions& options) {
  try {
    set_option(setting, options);
  } catch (const ConfigError& error) {
    throw ConfigError(setting.key, error.what()).at(setting.place());
  }
}

/// Keys that were given and have another value than their default, but no effect.
std::vector<std::string> ineffective_keys(const ExperimentOptions& options,
                                          const Origins& origins) {
  std::vector<std::string> warnings;
  for (const ExperimentOption& option : option_table()) {
    const auto origin = origins.find(option.key);
    if (origin == origins.end() || option.write(options) == option.write({})) continue;
    if (const std::string reason = reason_of_no_effect(option, options); !reason.empty())
      warnings.push_back(origin->second + ": has no effect with " + reason);
  }
  return warnings;
}

void make_absolute(fs::path& path, const fs::path& folder) {
  if (!path.empty()) path = (folder / path).lexically_normal();
}

/// The folders that relative data files belong to: data.dir if that is given, else the folder of
/// the file that names them.
class DataFolders {
 public:
  DataFolders(const fs::path& data_dir, const fs::path& config_folder)
      : is_given_(!data_dir.empty()), otherwise_(is_given_ ? data_dir : config_folder) {}

  void note(const Setting& setting) { folders_[setting.key] = setting.origin.folder; }

  /// The place of the key `prefix` + "data.train" counts for data.train.
  void settle(DataOptions& data, const std::string& prefix) const {
    for (fs::path& file : data.train) make_absolute(file, folder_of(prefix + "data.train"));
    for (fs::path& file : data.test) make_absolute(file, folder_of(prefix + "data.test"));
    make_absolute(data.train_labels, folder_of(prefix + "data.train-labels"));
    make_absolute(data.test_labels, folder_of(prefix + "data.test-labels"));
  }

 private:
  const fs::path& folder_of(const std::string& key) const {
    const auto found = folders_.find(key);
    return is_given_ || found == folders_.end() ? otherwise_ : found->second;
  }

  bool is_given_;
  fs::path otherwise_;
  std::map<std::string, fs::path> folders_;
};

/// Fills in the folders that were not given and makes every path absolute.
void settle_paths(ExperimentOptions& options, const DataFolders& folders,
                  const fs::path& config_folder, const std::string& name) {
  folders.settle(options.data, "");
  for (SweptKey& swept : options.sweep.keys) {
    if (!swept.key.starts_with("data.")) continue;
    for (std::string& value : swept.alternatives) {
      const ExperimentOption& option = *find_option(swept.key);
      ExperimentOptions scratch;
      option.parse(scratch, value, {});
      folders.settle(scratch.data, "sweep.");
      value = option.write(scratch);
    }
  }
  if (options.data.dir.empty()) options.data.dir = config_folder.lexically_normal();
  if (options.output.dir.empty()) options.output.dir = fs::current_path() / "runs" / name;
}

Configuration configure(const std::vector<Setting>& file, const std::vector<Setting>& command_line,
                        const fs::path& config_folder, const std::string& name) {
  Configuration configuration;
  configuration.name = name;
  Origins& origins = configuration.origins;
  for (const std::vector<Setting>* settings : {&file, &command_line})
    for (const Setting& setting : *settings) {
      apply(setting, configuration.options);
      origins[setting.key] = setting.place();
    }
  try {
    validate(configuration.options.sweep);
  } catch (const ConfigError& error) {
    throw placed(error, origins);
  }
  try {
    validate_training(configuration.options);
  } catch (const ConfigError& error) {
    // A sweep may replace the value that contradicts.
    if (configuration.options.sweep.keys.empty()) throw placed(error, origins);
    configuration.contradiction = placed(error, origins).what();
  }
  configuration.warnings = ineffective_keys(configuration.options, origins);
  DataFolders folders(configuration.options.data.dir, config_folder);
  for (const std::vector<Setting>* settings : {&file, &command_line})
    for (const Setting& setting : *settings) folders.note(setting);
  settle_paths(configuration.options, folders, config_folder, name);
  return configuration;
}

/// "flowers" for flowers.csv.gz.
std::string data_name(fs::path file) {
  if (file.extension() == ".gz") file = file.stem();
  return file.has_stem() ? file.stem().string() : "run";
}

/// `name`, unless the command line exchanges the data: then the run is named after their file.
std::string run_name(const std::string& name, const std::vector<Setting>& command_line) {
  std::string result = name;
  for (const Setting& setting : command_line) {
    if (setting.key == "data.source" && trim(setting.value) != "digits" && result == name)
      result = "run";
    if (setting.key != "data.train" || trim(setting.value).empty()) continue;
    result = data_name(split_list(setting.value).front());
  }
  return result;
}

/// A value that the reader of INI files would take for something else.
void require_writable(const std::string& key, const std::string& value) {
  if (value.find_first_of("#\n\r") != std::string::npos || trim(value) != value)
    throw ConfigError(key + ": " + in_quotes(value) +
                      " cannot be kept in config.ini, expected a value without '#', line breaks "
                      "and spaces at its ends");
}

std::string swept_lines(const SweepOptions& sweep) {
  std::string text;
  for (const SweptKey& swept : sweep.keys) {
    const std::string value = write_swept_key(swept);
    require_writable("sweep." + swept.key, value);
    text += swept.key + " =" + (value.empty() ? "" : " ") + value + "\n";
  }
  return text;
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

Configuration data_configuration(const fs::path& file, DataSource source,
                                 const std::vector<Setting>& command_line) {
  for (const Setting& setting : command_line)
    if (setting.key == "data.train")
      throw ConfigError(setting.place() + ": the data file " + in_quotes(file.string()) +
                        " is given already, expected one of them");
  const std::string path = fs::absolute(file).lexically_normal().string();
  const ValueOrigin origin{path, fs::current_path(), false};
  const std::vector<Setting> settings = {{"data.source", std::string(name_of(source)), origin},
                                         {"data.train", path, origin}};
  return configure(settings, command_line, fs::current_path(), data_name(file));
}

ConfigError placed(const ConfigError& error, const Origins& origins) {
  for (const std::string& given : {"sweep." + error.key(), error.key()})
    if (const auto origin = origins.find(given); origin != origins.end())
      return error.at(origin->second);
  return error;
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
  for (const ExperimentOption& option : option_table()) {
    text += section_heading(option);
    const std::string value = option.write(options);
    require_writable(option.key, value);
    text += option.name() + " =" + (value.empty() ? "" : " ") + value + "\n";
    if (option.key == "sweep.seed") text += swept_lines(options.sweep);
  }
  return text;
}

}  // namespace nabla
