// SPDX-License-Identifier: MIT
#include "config/option_pages.h"

#include <algorithm>

#include "nabla/base/error.h"

#include "base/text.h"
#include "config/option_table.h"

namespace nabla {

namespace {

constexpr std::string_view kSweptKey = "sweep.<section.key>";

/// Returns the entry that stands for one key of [sweep] for each other key.
OptionEntry swept_entry() {
  return {.key = std::string(kSweptKey),
          .type = "values of that key, separated by ;",
          .range = "uniform(LOW, HIGH) · loguniform(LOW, HIGH) · integer(LOW, HIGH)",
          .default_value = "",
          .default_text = "none",
          .meaning =
              "The values that `nabla sweep` tries for section.key, as in "
              "sweep.network.hidden = 30; 100; 30,30; or, with random and halving, the "
              "range it draws from, HIGH included for integer only."};
}

/// The text between the values of a range.
constexpr std::string_view kBetweenValues = " · ";

/// Whether an item of a range is a name and not the description of other values.
bool is_name(std::string_view item) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !item.empty() && is_letter(item.front()) && std::ranges::all_of(item, [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-';
  });
}

bool is_swept_key(std::string_view key) {
  constexpr std::string_view kSection = "sweep.";
  return key == kSweptKey ||
         (key.starts_with(kSection) && find_option(key.substr(kSection.size())) != nullptr);
}

/// Returns "; did you mean NAME?" with a key whose name behind the section the word is, or the
/// nearest key or section; "" if none is near.
std::string did_you_mean_entry(std::string_view word, std::span<const OptionEntry> entries) {
  std::vector<std::string> names;
  for (const OptionEntry& entry : entries) {
    if (entry.key.substr(entry.key.find('.') + 1) == word)
      return "; did you mean " + entry.key + "?";
    if (names.empty() || names.back().substr(0, names.back().find('.')) != entry.section())
      names.push_back(entry.section());
    names.push_back(entry.key);
  }
  return did_you_mean(word, names);
}

}  // namespace

std::vector<std::string> OptionEntry::named_values() const {
  if (type == "yes or no") return {"yes", "no"};
  std::vector<std::string> names;
  for (std::string_view rest = range; !rest.empty();) {
    const std::size_t end = std::min(rest.find(kBetweenValues), rest.size());
    if (is_name(rest.substr(0, end))) names.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + kBetweenValues.size(), rest.size()));
  }
  return names;
}

std::vector<OptionEntry> option_entries() {
  std::vector<OptionEntry> entries;
  for (const ExperimentOption& option : option_table()) {
    entries.push_back({option.key, option.type, option.range, option.write({}),
                       option.default_text(), option.meaning, *option.flags.obstacle == '\0'});
    if (option.key == "sweep.seed") entries.push_back(swept_entry());
  }
  return entries;
}

std::vector<OptionEntry> option_entries_of(std::string_view key_or_section) {
  if (is_swept_key(key_or_section)) return {swept_entry()};
  const std::vector<OptionEntry> all = option_entries();
  std::vector<OptionEntry> found;
  for (const OptionEntry& entry : all)
    if (entry.key == key_or_section || entry.section() == key_or_section) found.push_back(entry);
  if (!found.empty()) return found;
  const std::string hint = did_you_mean_entry(key_or_section.substr(0, 100), all);
  throw ConfigError("unknown key or section " + in_quotes(key_or_section) +
                    (hint.empty() ? ", expected one that `nabla options` lists" : hint));
}

std::string options_text(std::span<const OptionEntry> entries) {
  std::string text;
  std::string section;
  for (const OptionEntry& entry : entries) {
    if (entry.section() != section && entries.size() > 1) {
      section = entry.section();
      text += (text.empty() ? "[" : "\n[") + section + "]\n";
    }
    text += entry.key + " =" +
            (!entry.default_value.empty() ? " " + entry.default_value
             : entry.default_text.empty() ? ""
                                          : " (" + entry.default_text + ")") +
            "\n";
    text += "    " + entry.values() + "\n";
    text += "    " + entry.meaning + "\n";
  }
  return text;
}

std::string_view configuration_format() {
  return "A configuration is an INI file, `[section]` and `key = value`; every key can also be "
         "given "
         "on the command line\nas `--section.key=value`, which wins over the file. Lists are "
         "separated by commas. `#` begins a comment at the start\nof a line or after white space. "
         "`include = other.ini` at the head of a file reads that file's keys first.\n";
}

std::string options_markdown() {
  std::string text =
      "# Configuration keys\n\nThis page is what `nabla options --markdown` prints.\n\n";
  text += configuration_format();
  std::string section;
  for (const OptionEntry& entry : option_entries()) {
    if (entry.section() != section) {
      section = entry.section();
      text += "\n## [" + section + "]\n\n| key | values | default | meaning |\n|---|---|---|---|\n";
    }
    text += "| `" + entry.key + "` | " + entry.values() + " | " +
            (entry.default_value.empty() ? entry.default_text : "`" + entry.default_value + "`") +
            " | " + entry.meaning + " |\n";
  }
  return text;
}

}  // namespace nabla
