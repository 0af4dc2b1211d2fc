// SPDX-License-Identifier: MIT
#include <string>

#include "base/option_values.h"
#include "cli/completed_value.h"
#include "cli/completion.h"

namespace nabla {

namespace {

std::string fish_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

/// The switch of `complete` that offers the value; "" if nothing is known of it.
std::string fish_offer(const CompletedValue& value) {
  switch (value.files) {
    case CompletedValue::Files::kNone:
      break;
    case CompletedValue::Files::kFolders:
      return " -a '(__fish_complete_directories)'";
    case CompletedValue::Files::kConfigurations:
      return " -k -a '(__fish_complete_suffix .ini)'";
    case CompletedValue::Files::kModels:
      return " -k -a '(__fish_complete_suffix .safetensors)'";
    case CompletedValue::Files::kAll:
      return " -F";
  }
  return value.names.empty() ? "" : " -a " + fish_quoted(join(value.names, " "));
}

/// A line that applies if one of the commands is there.
std::string fish_line(const std::string& commands, const std::string& rest) {
  return "complete -c nabla -n '__fish_seen_subcommand_from " + commands + "'" + rest + "\n";
}

std::string fish_command(const Command& command, std::span<const OptionEntry> keys) {
  std::string text = "\ncomplete -c nabla -n __fish_use_subcommand -a " + command.name + " -d " +
                     fish_quoted(command.summary) + "\n";
  // Else fish offers files as values of any key, too.
  const std::string is_word =
      command.name + "; and not string match -q -- \"-*\" (commandline -ct)";
  for (const std::string& word : command.syntax.words)
    text += fish_line(is_word, fish_offer(value_of_placeholder(word, keys)));
  for (const CommandOption& option : command.syntax.options) {
    const bool is_long = option.name.starts_with("--");
    std::string line = is_long ? " -l " + option.name.substr(2) : " -s " + option.name.substr(1);
    // -r is an option with a value, -x one whose value is no file.
    if (!option.value.empty()) {
      const CompletedValue value = value_of_option(option, keys);
      line += (value.files == CompletedValue::Files::kAll ? " -r" : " -x") + fish_offer(value);
    }
    text += fish_line(command.name, line + " -d " + fish_quoted(option.meaning));
  }
  return text;
}

/// A branch of a `switch` over "--KEY=" that sets the values, if any are known.
std::string fish_branch(const CompletedKey& key) {
  std::string text;
  if (!key.value.names.empty())
    text += "            set values " + join(key.value.names, " ") + "\n";
  if (key.value.files != CompletedValue::Files::kNone)
    text +=
        "            set values (__fish_complete_path (string replace -r '.*[=,]' '' -- $word))\n";
  if (!text.empty() && key.value.is_list)
    text += "            set key (string match -r -- '.*[=,]' $word)\n";
  return text.empty() ? "" : "        case --" + key.key + "=\n" + text;
}

/// Functions that print the keys with their meanings and the values of the key at the cursor.
std::string fish_functions(std::span<const OptionEntry> keys) {
  std::string sections, meanings, branches;
  for (const std::string& section : key_sections(keys))
    sections += " " + fish_quoted("--" + section + ".\tkeys of [" + section + "]");
  for (const CompletedKey& key : completed_keys(keys)) {
    meanings += " \\\n        " + fish_quoted("--" + key.key + "=\t" + key.meaning);
    branches += fish_branch(key);
  }
  return "# Prints sections, keys if a section is there, and values if a key is there.\n"
         "function __nabla_settings\n"
         "    set -l word (commandline -ct)\n"
         "    set -l key (string match -r -- '^--[^=]*=' $word)\n"
         "    set -l values\n"
         "    switch \"$key\"\n"
         "        case ''\n"
         "            if string match -q -- '*.*' $word\n"
         "                __nabla_keys\n"
         "            else\n"
         "                printf '%s\\n'" +
         sections + "\n            end\n" + branches +
         "    end\n"
         "    string join -- \\n $key$values\n"
         "end\n\n"
         "function __nabla_keys\n"
         "    printf '%s\\n'" +
         meanings + "\nend\n";
}

}  // namespace

std::string fish_completion(std::span<const Command> commands, std::span<const OptionEntry> keys) {
  std::string text =
      "# Completes command lines of nabla in fish; written by `nabla options --pages`.\n\n" +
      fish_functions(keys) +
      "\ncomplete -c nabla -f\n"
      "complete -c nabla -l help -d 'tell more'\n"
      "complete -c nabla -n __fish_use_subcommand -l version -d 'print the version'\n"
      "complete -c nabla -n __fish_use_subcommand -a help -d 'tell more of a command'\n"
      "complete -c nabla -n __fish_use_subcommand -a version -d 'print the version'\n";
  std::string all, with_settings;
  for (const Command& command : commands) {
    text += fish_command(command, keys);
    all += command.name + " ";
    if (command.syntax.settings) with_settings += command.name + " ";
  }
  return text + "\n" + fish_line("help", " -a " + fish_quoted(all)) +
         fish_line(with_settings, " -a '(__nabla_settings)'");
}

}  // namespace nabla
