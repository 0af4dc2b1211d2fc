// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nabla {

/// A configuration key, for people.
struct OptionEntry {
  std::string key;
  std::string type;
  std::string range;          ///< empty if there is none
  std::string default_value;  ///< as a configuration has it; empty if it has none
  std::string default_text;   ///< the same, or words that say what stands for it
  std::string meaning;
  bool can_be_swept = false;  ///< whether sweep.KEY is a key, too

  std::string section() const { return key.substr(0, key.find('.')); }
  /// Returns type and range, as in "name: auto · quadratic · mse".
  std::string values() const { return type + (range.empty() ? "" : ": " + range); }
  /// Returns the values that are names, without those of the user: "auto", "yes", "mse".
  std::vector<std::string> named_values() const;
  /// Whether several values may be given, separated by commas.
  bool is_list() const { return type.find("list") != std::string::npos; }
  bool is_path() const { return type.find("path") != std::string::npos; }
};

/// Returns all keys, section by section. One of them, sweep.<section.key>, stands for each key of
/// [sweep] that is made of another one.
std::vector<OptionEntry> option_entries();
/// Returns the key of that name, or those of the section. Throws ConfigError, which names the
/// nearest, if there is none.
std::vector<OptionEntry> option_entries_of(std::string_view key_or_section);

/// Returns the keys for a terminal, under the names of their sections if there are several.
std::string options_text(std::span<const OptionEntry> entries);

/// Returns paragraphs that say how a configuration is written, with `backquotes` around its texts.
std::string_view configuration_format();

/// Returns all keys as the documentation page docs/options.md.
std::string options_markdown();

}  // namespace nabla
