// SPDX-License-Identifier: MIT
#include <string>

#include "base/option_values.h"
#include "cli/completed_value.h"
#include "cli/completion.h"

namespace nabla {

namespace {

/// The shell's pattern of the files beside folders; "/" for folders alone, "" for none.
std::string bash_pattern(CompletedValue::Files files) {
  switch (files) {
    case CompletedValue::Files::kNone:
      return "";
    case CompletedValue::Files::kFolders:
      return "/";
    case CompletedValue::Files::kConfigurations:
      return "*.ini";
    case CompletedValue::Files::kModels:
      return "*.safetensors";
    case CompletedValue::Files::kAll:
      return "*";
  }
  return "";
}

std::string bash_assignments(const CompletedValue& value) {
  std::string text;
  if (!value.names.empty()) text += " names='" + join(value.names, " ") + "'";
  if (value.files != CompletedValue::Files::kNone)
    text += " files='" + bash_pattern(value.files) + "'";
  if (value.is_list) text += " list=yes";
  return text;
}

/// A branch of a `case` that sets the variables for a value.
std::string bash_branch(const std::string& pattern, const CompletedValue& value) {
  return "    " + pattern + ")" + bash_assignments(value) + " ;;\n";
}

std::string bash_values(std::span<const Command> commands, std::span<const OptionEntry> keys) {
  std::string text =
      "# _nabla_value COMMAND OPTION: sets the variables for the value of an option or key; fails "
      "if it\n"
      "# takes none.\n"
      "_nabla_value() {\n"
      "  case \"$1 $2\" in\n";
  for (const Command& command : commands)
    for (const CommandOption& option : command.syntax.options)
      if (!option.value.empty())
        text += bash_branch("'" + command.name + " " + option.name + "'",
                            value_of_option(option, keys));
  for (const CompletedKey& key : completed_keys(keys))
    if (const std::string value = bash_assignments(key.value); !value.empty())
      text += bash_branch("*' --" + key.key + "'", key.value);
  return text + "    *' --'*.*) ;;\n    *) return 1 ;;\n  esac\n}\n";
}

std::string bash_words(std::span<const Command> commands, std::span<const OptionEntry> keys) {
  std::string text =
      "# _nabla_word COMMAND INDEX: sets the variables for a word that is no option.\n"
      "_nabla_word() {\n"
      "  case \"$1 $2\" in\n"
      "    'help 0') names=$_nabla_commands ;;\n";
  for (const Command& command : commands) {
    const std::vector<std::string>& words = command.syntax.words;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const bool repeats = words[i].ends_with("...");
      text += bash_branch("'" + command.name + " " + (repeats ? "'*" : std::to_string(i) + "'"),
                          value_of_placeholder(words[i], keys));
    }
  }
  return text + "  esac\n}\n";
}

std::string bash_options(std::span<const Command> commands) {
  std::string text =
      "# _nabla_options COMMAND: sets the options of a command; fails if it takes no keys.\n"
      "_nabla_options() {\n"
      "  case $1 in\n";
  for (const Command& command : commands) {
    text += "    " + command.name + ") options='";
    for (const CommandOption& option : command.syntax.options) text += option.name + " ";
    text += std::string("--help'") + (command.syntax.settings ? "" : " && return 1") + " ;;\n";
  }
  return text + "    *) return 1 ;;\n  esac\n}\n";
}

std::string bash_names(std::span<const Command> commands, std::span<const OptionEntry> keys) {
  std::string text = "_nabla_commands='";
  for (const Command& command : commands) text += command.name + " ";
  text += "help version'\n_nabla_keys='\n";
  for (const CompletedKey& key : completed_keys(keys)) text += "--" + key.key + "=\n";
  return text + "'\n";
}

/// The part that does not depend on the tables.
constexpr const char* kBashFunctions = R"bash(
# _nabla_offer_names: offers the names that go on from the word.
_nabla_offer_names() {
  local chosen=
  if [[ -n $list && $word == *,* ]]; then
    chosen=${word%,*},
  fi
  mapfile -t COMPREPLY < <(compgen -P "$prefix$chosen" -W "$names" -- "${word#"$chosen"}")
}

# _nabla_offer_files: offers the folders, and the files of the pattern, that go on from the word.
_nabla_offer_files() {
  mapfile -t COMPREPLY < <(
    if [[ $files != '*' ]]; then compgen -P "$prefix" -d -- "$word"; fi
    if [[ $files != / ]]; then compgen -P "$prefix" -f -X "!$files" -- "$word"; fi)
  compopt -o filenames 2>/dev/null || :
}

# _nabla_offer_options COMMAND: offers options, sections of keys, and the keys of a section that is
# there.
_nabla_offer_options() {
  local options='' key rest last=
  if _nabla_options "$1"; then
    for key in $_nabla_keys; do
      [[ $key == "$word"* ]] || continue
      rest=${key#"$word"}
      [[ $rest != *.* ]] || key=$word${rest%%.*}.
      [[ $key == "$last" ]] || COMPREPLY+=("$key")
      last=$key
    done
  fi
  for key in $options; do
    [[ $key != "$word"* ]] || COMPREPLY+=("$key ")
  done
  compopt -o nospace 2>/dev/null || :
}

# _nabla_count COMMAND: counts the words before the cursor that are no options, nor values of such.
_nabla_count() {
  local i names files list
  count=0
  for ((i = 2; i < COMP_CWORD; ++i)); do
    case ${COMP_WORDS[i]} in
      =) ((++i)) ;;
      - | [!-]*) ((++count)) ;;
      *.*) ;;
      *) if [[ ${COMP_WORDS[i + 1]} != = ]] && _nabla_value "$1" "${COMP_WORDS[i]}"; then ((++i)); fi ;;
    esac
  done
}

_nabla() {
  local command=${COMP_WORDS[1]} word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  local option='' prefix='' names='' files='' list='' count
  COMPREPLY=()
  # Bash takes --key=value for three words, unless COMP_WORDBREAKS has no "=".
  if [[ $word == '=' ]]; then
    option=$before word=
  elif [[ $before == '=' ]]; then
    option=${COMP_WORDS[COMP_CWORD - 2]}
  elif [[ $word == --*=* ]]; then
    option=${word%%=*} prefix=$option= word=${word#*=}
  elif [[ $before != *.* ]]; then
    option=$before
  fi
  if ((COMP_CWORD == 1)); then
    names="$_nabla_commands --help --version"
  elif _nabla_value "$command" "$option"; then
    :
  elif [[ $word == -* ]]; then
    _nabla_offer_options "$command"
  else
    _nabla_count "$command"
    _nabla_word "$command" "$count"
  fi
  if [[ -n $names ]]; then _nabla_offer_names; fi
  if [[ -n $files ]]; then _nabla_offer_files; fi
}
complete -F _nabla nabla
)bash";

}  // namespace

std::string bash_completion(std::span<const Command> commands, std::span<const OptionEntry> keys) {
  return "# shellcheck shell=bash disable=SC2034\n"
         "# Completes command lines of nabla in bash; written by `nabla options --pages`.\n\n" +
         bash_names(commands, keys) + "\n" + bash_values(commands, keys) + "\n" +
         bash_words(commands, keys) + "\n" + bash_options(commands) + kBashFunctions;
}

}  // namespace nabla
