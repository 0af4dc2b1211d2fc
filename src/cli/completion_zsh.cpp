// SPDX-License-Identifier: MIT
#include <string>

#include "base/option_values.h"
#include "cli/completed_value.h"
#include "cli/completion.h"

namespace nabla {

namespace {

/// Puts a text into single quotes.
std::string zsh_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

/// A text within a specification of _arguments, whose parts colons and brackets delimit.
std::string zsh_text(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == ':' || c == '[' || c == ']' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string zsh_action(const CompletedValue& value) {
  const std::string names = join(value.names, " ");
  switch (value.files) {
    case CompletedValue::Files::kNone:
      break;
    case CompletedValue::Files::kFolders:
      return "_files -/";
    case CompletedValue::Files::kConfigurations:
      return "_files -g \"*.ini\"";
    case CompletedValue::Files::kModels:
      return "_files -g \"*.safetensors\"";
    case CompletedValue::Files::kAll:
      return "_files";
  }
  if (names.empty()) return " ";
  return value.is_list ? "_sequence compadd - " + names : "(" + names + ")";
}

/// ":what it is:how to complete it", the end of a specification.
std::string zsh_value(const CompletedValue& value) {
  return ":" + zsh_text(value.what) + ":" + zsh_action(value);
}

std::string zsh_arguments(const Command& command, std::span<const OptionEntry> keys) {
  std::string text;
  for (const CommandOption& option : command.syntax.options) {
    // "-t 2" and "-t2", "--target kind" and "--target=kind"
    const char* form = option.value.empty() ? "" : option.name.starts_with("--") ? "=" : "+";
    text += " \\\n        " +
            zsh_quoted(option.name + form + "[" + zsh_text(option.meaning) + "]" +
                       (option.value.empty() ? "" : zsh_value(value_of_option(option, keys))));
  }
  text += " \\\n        '(- *)--help[tell more]'";
  for (const std::string& word : command.syntax.words)
    text += " \\\n        " + zsh_quoted((word.ends_with("...") ? "*" : "") +
                                         zsh_value(value_of_placeholder(word, keys)));
  return text;
}

}  // namespace

std::string zsh_completion(std::span<const Command> commands, std::span<const OptionEntry> keys) {
  std::string names, branches;
  for (const Command& command : commands) {
    names += "    " + zsh_quoted(zsh_text(command.name) + ":" + command.summary) + "\n";
    branches += "    " + command.name + ")\n" +
                (command.syntax.settings ? "      _nabla_sections\n" : "") + "      _arguments -S" +
                zsh_arguments(command, keys) +
                (command.syntax.settings ? " \\\n        $keys" : "") + "\n      ;;\n";
  }
  std::string settings, sections;
  for (const std::string& section : key_sections(keys)) sections += " --" + section + ".";
  for (const CompletedKey& key : completed_keys(keys))
    settings +=
        "    " +
        zsh_quoted("--" + key.key + "=-[" + zsh_text(key.meaning) + "]" + zsh_value(key.value)) +
        "\n";
  return "#compdef nabla\n"
         "# Completes command lines of nabla in zsh; written by `nabla options --pages`.\n\n"
         "# Offers sections, and keys only when a section is there.\n"
         "_nabla_sections() {\n"
         "  if [[ $PREFIX == -* && $PREFIX != *.* ]]; then\n"
         "    compadd -S '' --" +
         sections +
         "\n"
         "    keys=(\\!${^keys})\n"
         "  fi\n"
         "}\n\n"
         "_nabla() {\n"
         "  local curcontext=$curcontext state line\n"
         "  local -a commands keys\n"
         "  typeset -A opt_args\n"
         "  commands=(\n" +
         names +
         "    'help:tell more of a command'\n"
         "    'version:print the version'\n"
         "  )\n"
         "  _arguments -C '(- *)--help[list the commands]' '(- *)--version[print the version]' \\\n"
         "    '1:command:->command' '*::argument:->arguments'\n"
         "  if [[ $state == command ]]; then\n"
         "    _describe -t commands command commands\n"
         "    return\n"
         "  fi\n"
         "  keys=(\n" +
         settings +
         "  )\n"
         "  case $line[1] in\n" +
         branches +
         "    help) _describe -t commands command commands ;;\n"
         "  esac\n"
         "}\n\n"
         "_nabla \"$@\"\n";
}

}  // namespace nabla
