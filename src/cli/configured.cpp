// SPDX-License-Identifier: MIT
#include "cli/configured.h"

#include <algorithm>

#include "nabla/base/error.h"

#include "cli/terminal.h"
#include "config/builtin_config.h"

namespace nabla {

namespace {

Configuration read(const Arguments& arguments, std::size_t config_word,
                   const std::filesystem::path& otherwise) {
  const bool is_named = arguments.words.size() > config_word;
  const std::filesystem::path file =
      is_named ? std::filesystem::path(arguments.words[config_word]) : otherwise;
  Configuration configuration = file.empty() ? parse_configuration(std::string(builtin_config()),
                                                                   "digits", arguments.settings)
                                             : read_configuration(file, arguments.settings);
  if (!arguments.has("-q"))
    for (const std::string& warning : configuration.warnings) print_warning(warning);
  return configuration;
}

}  // namespace

Configuration configured(const Arguments& arguments, std::size_t config_word,
                         const std::filesystem::path& otherwise) {
  Configuration configuration = read(arguments, config_word, otherwise);
  if (!configuration.contradiction.empty()) throw ConfigError(configuration.contradiction);
  return configuration;
}

Configuration configured_sweep(const Arguments& arguments) { return read(arguments, 0, {}); }

std::string described(const std::vector<std::vector<std::string>>& rows) {
  std::size_t widest = 0;
  for (const auto& row : rows) widest = std::max(widest, row[0].size());
  std::string text;
  for (const auto& row : rows)
    text += row[0] + ":" + std::string(widest - row[0].size() + 1, ' ') + row[1] + "\n";
  return text;
}

}  // namespace nabla
