// SPDX-License-Identifier: MIT
#include "cli/arguments.h"

#include <algorithm>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <filesystem>
#include <sstream>
#include <utility>

#include "nabla/base/error.h"

#include "base/text.h"
#include "config/option_table.h"

namespace nabla {

namespace {

namespace po = boost::program_options;

po::options_description declared(const Syntax& syntax) {
  po::options_description description;
  for (const CommandOption& option : syntax.options) {
    // Boost's name of an option is "long,s".
    const bool is_long = option.name.starts_with("--");
    const std::string name = is_long ? option.name.substr(2) : "," + option.name.substr(1);
    if (option.value.empty())
      description.add_options()(name.c_str(), option.meaning.c_str());
    else
      description.add_options()(name.c_str(), po::value<std::string>()->value_name(option.value),
                                option.meaning.c_str());
  }
  return description;
}

bool is_key(const std::string& name) { return name.find('.') != std::string::npos; }

/// Key and value of "--section.key=value", else nothing. Boost itself refuses an empty value.
std::pair<std::string, std::string> split_setting(const std::string& argument, bool is_taken) {
  if (!argument.starts_with("--")) return {};
  const std::size_t equals = std::min(argument.find('='), argument.size());
  const std::string key = argument.substr(2, equals - 2);
  if (!is_key(key)) return {};
  if (equals < argument.size()) return {key, argument.substr(equals + 1)};
  if (!is_taken) return {};
  throw ConfigError(argument + ": missing value, expected " + argument + "=VALUE");
}

std::vector<po::option> parse_with_boost(std::span<const std::string> arguments,
                                         const Syntax& syntax) {
  using namespace po::command_line_style;
  const po::options_description description = declared(syntax);
  try {
    return po::command_line_parser({arguments.begin(), arguments.end()})
        .options(description)
        .extra_parser(
            [&](const std::string& argument) { return split_setting(argument, syntax.settings); })
        .style(allow_long | long_allow_next | long_allow_adjacent | allow_short |
               allow_dash_for_short | short_allow_next | short_allow_adjacent | allow_sticky)
        .allow_unregistered()
        .run()
        .options;
  } catch (const po::invalid_command_line_syntax& error) {
    std::string name = error.get_option_name();
    if (name.size() == 3) name.erase(0, 1);  // Boost calls -e --e here
    const bool has_value = error.kind() == po::invalid_syntax::extra_parameter;
    throw ConfigError(name + (has_value ? ": has a value, expected none" : ": missing value"));
  }
}

std::string did_you_mean_option(const std::string& name, const Syntax& syntax) {
  std::vector<std::string> names;
  for (const CommandOption& option : syntax.options) names.push_back(option.name);
  names.emplace_back("--help");
  if (syntax.settings && name.size() > 2)
    for (const ExperimentOption& option : option_table()) {
      names.push_back("--" + option.key);
      // --epochs is nearer to --train.epochs than its letters say.
      if (name == "--" + option.name()) return "; did you mean --" + option.key + "=VALUE?";
    }
  return did_you_mean(name, names);
}

void add_word(const std::string& word, const Syntax& syntax, Arguments& result) {
  const bool repeats = !syntax.words.empty() && syntax.words.back().ends_with("...");
  if (result.words.size() >= syntax.words.size() && !repeats)
    throw ConfigError("unexpected argument " + in_quotes(word) + ", expected " +
                      (syntax.words.empty() ? "none" : "no more than " + syntax.words.back()));
  if (word.empty()) throw ConfigError("empty argument, expected the name of a file");
  result.words.push_back(word);
}

/// `name` is the option that sets the key.
void add_setting(const std::string& key, const std::string& value, const std::string& name,
                 Arguments& result) {
  if (std::ranges::find(result.settings, key, &Setting::key) != result.settings.end())
    throw ConfigError(name + ": " + key + ": given twice, expected once");
  result.settings.push_back({key, value, {name, std::filesystem::current_path(), true}});
}

void add_option(const po::option& given, const Syntax& syntax, Arguments& result) {
  const bool is_short = given.string_key.starts_with('-');
  const std::string name = is_short ? given.string_key : "--" + given.string_key;
  const std::string value = given.value.empty() ? "" : given.value.front();
  const auto known = std::ranges::find(syntax.options, name, &CommandOption::name);
  if (known == syntax.options.end()) {
    if (!syntax.settings || is_short || !is_key(name))
      throw ConfigError("unknown option " + in_quotes(name) + did_you_mean_option(name, syntax));
    add_setting(given.string_key, value, name, result);
  } else if (!known->key.empty()) {
    add_setting(known->key, value, name, result);
  } else if (!result.options.emplace(name, value).second && !known->value.empty()) {
    throw ConfigError(name + ": given twice, expected once");
  }
}

}  // namespace

Arguments parse_arguments(std::span<const std::string> arguments, const Syntax& syntax) {
  Arguments result;
  for (const po::option& given : parse_with_boost(arguments, syntax))
    if (given.string_key.empty())
      add_word(given.value.front(), syntax, result);
    else
      add_option(given, syntax, result);
  for (std::size_t i = result.words.size(); i < syntax.words.size(); ++i)
    if (!syntax.words[i].starts_with('['))
      throw ConfigError("missing argument, expected " + syntax.words[i]);
  return result;
}

std::string usage_text(const std::string& command, const Syntax& syntax) {
  constexpr std::size_t kWidth = 80;
  std::vector<std::string> parts = syntax.words;
  for (const CommandOption& option : syntax.options)
    parts.push_back("[" + option.name + (option.value.empty() ? "" : " " + option.value) + "]");
  if (syntax.settings) parts.emplace_back("[--section.key=VALUE ...]");
  const std::string start = "usage: nabla " + command;
  std::string text = start;
  std::size_t column = start.size();
  for (const std::string& part : parts) {
    if (column + 1 + part.size() > kWidth) {
      text += "\n" + std::string(start.size(), ' ');
      column = start.size();
    }
    text += " " + part;
    column += 1 + part.size();
  }
  return text + "\n";
}

std::string options_help(const Syntax& syntax) {
  std::ostringstream stream;
  stream << declared(syntax);
  // Boost leaves a space behind each line that it breaks.
  std::string text = stream.str();
  for (std::size_t at = text.find(" \n"); at != std::string::npos; at = text.find(" \n", at))
    text.erase(at, 1);
  return text;
}

}  // namespace nabla
