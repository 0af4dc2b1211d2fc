// SPDX-License-Identifier: MIT
#include "cli/arguments.h"

#include <algorithm>
#include <filesystem>

#include "nabla/base/error.h"

#include "base/text.h"
#include "config/option_table.h"

namespace nabla {

namespace {

class Parser {
 public:
  explicit Parser(const Syntax& syntax) : syntax_(syntax) {}

  Arguments parse(std::span<const std::string> arguments) {
    bool words_only = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const std::string& argument = arguments[i];
      if (words_only || argument == "-" || !argument.starts_with('-'))
        take_word(argument);
      else if (argument == "--")
        words_only = true;
      else if (std::ranges::find(syntax_.flags, argument) != syntax_.flags.end())
        result_.flags.push_back(argument);
      else if (is_valued(argument))
        take_valued(argument, ++i < arguments.size() ? &arguments[i] : nullptr);
      else
        take_setting(argument);
    }
    for (std::size_t i = result_.words.size(); i < syntax_.words.size(); ++i)
      if (!syntax_.words[i].starts_with('['))
        throw ConfigError("missing argument, expected " + syntax_.words[i]);
    return std::move(result_);
  }

 private:
  void take_word(const std::string& word) {
    const bool repeats = !syntax_.words.empty() && syntax_.words.back().ends_with("...");
    if (result_.words.size() >= syntax_.words.size() && !repeats)
      throw ConfigError("unexpected argument " + in_quotes(word) + ", expected " +
                        (syntax_.words.empty() ? "none" : "no more than " + syntax_.words.back()));
    if (word.empty()) throw ConfigError("empty argument, expected the name of a file");
    result_.words.push_back(word);
  }

  bool is_valued(const std::string& name) const {
    return std::ranges::any_of(syntax_.valued, [&](const auto& v) { return v.first == name; });
  }

  void take_valued(const std::string& name, const std::string* value) {
    if (value == nullptr) throw ConfigError(name + ": missing value");
    for (const auto& [option, key] : syntax_.valued) {
      if (option != name) continue;
      if (!key.empty())
        add_setting(key, *value, name);
      else if (!result_.values.emplace(name, *value).second)
        throw ConfigError(name + ": given twice, expected once");
    }
  }

  void take_setting(const std::string& argument) {
    const std::size_t equals = std::min(argument.find('='), argument.size());
    const std::string name = argument.substr(0, equals);
    const std::string key = name.starts_with("--") ? name.substr(2) : "";
    const bool is_key = key.find('.') != std::string::npos;
    if (!syntax_.settings || !is_key)
      throw ConfigError("unknown option " + in_quotes(name) + did_you_mean(name));
    if (equals == argument.size())
      throw ConfigError(name + ": missing value, expected " + name + "=VALUE");
    add_setting(key, argument.substr(equals + 1), name);
  }

  void add_setting(const std::string& key, const std::string& value, const std::string& name) {
    const bool is_known = std::ranges::any_of(
        result_.settings, [&](const Setting& setting) { return setting.key == key; });
    if (is_known) throw ConfigError(name + ": " + key + ": given twice, expected once");
    result_.settings.push_back({key, value, {name, std::filesystem::current_path(), true}});
  }

  std::string did_you_mean(const std::string& name) const {
    std::vector<std::string> names = syntax_.flags;
    for (const auto& [option, key] : syntax_.valued) names.push_back(option);
    names.emplace_back("--help");
    if (syntax_.settings && name.size() > 2)
      for (const ExperimentOption& option : option_table()) {
        names.push_back("--" + option.key);
        // --epochs is nearer to --train.epochs than its letters say.
        if (name == "--" + option.name()) return "; did you mean --" + option.key + "=VALUE?";
      }
    return "; did you mean " + nearest(name, names) + "?";
  }

  const Syntax& syntax_;
  Arguments result_;
};

}  // namespace

bool Arguments::has(const std::string& flag) const {
  return std::ranges::find(flags, flag) != flags.end();
}

Arguments parse_arguments(std::span<const std::string> arguments, const Syntax& syntax) {
  return Parser(syntax).parse(arguments);
}

}  // namespace nabla
