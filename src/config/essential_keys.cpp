// SPDX-License-Identifier: MIT
#include "config/essential_keys.h"

#include <map>
#include <span>
#include <sstream>
#include <string_view>

#include "nabla/base/error.h"

#include "base/file.h"
#include "base/text.h"
#include "config/option_table.h"

namespace nabla {

namespace {

constexpr std::string_view kSeparator = " = ";

/// Paths may be of any bytes, the header of a file may not.
std::string as_utf8(const std::string& value) {
  return is_utf8(value) ? value : "sha256 " + sha256(std::as_bytes(std::span(value)));
}

std::map<std::string, std::string> parsed(const std::string& text) {
  std::map<std::string, std::string> values;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    const std::size_t end = line.find(kSeparator);
    if (end != std::string::npos)
      values[line.substr(0, end)] = line.substr(end + kSeparator.size());
  }
  return values;
}

/// The value of a key in such a text, or its default.
std::string value_in(const std::map<std::string, std::string>& values, const std::string& key) {
  if (const auto found = values.find(key); found != values.end()) return found->second;
  const ExperimentOption* option = find_option(key);
  return option == nullptr ? "" : option->write({});
}

}  // namespace

std::string essential_keys(const ExperimentOptions& options) {
  std::string text;
  for (const ExperimentOption& option : option_table()) {
    const std::string value = option.write(options);
    if (option.flags.essential && value != option.write({}))
      text += option.key + std::string(kSeparator) + as_utf8(value) + "\n";
  }
  return text;
}

void require_same_experiment(const ExperimentOptions& options, const std::string& written,
                             const std::string& file, const std::string& checkpoint) {
  const auto now = parsed(essential_keys(options));
  const auto then = parsed(written);
  auto keys = then;
  keys.insert(now.begin(), now.end());
  for (const auto& [key, unused] : keys) {
    const std::string value = value_in(now, key);
    if (const std::string before = value_in(then, key); value != before)
      throw ConfigError(file + ": " + key + " = " + value + ", expected " +
                        (before.empty() ? "it empty" : before) + " as in " + checkpoint);
  }
}

}  // namespace nabla
