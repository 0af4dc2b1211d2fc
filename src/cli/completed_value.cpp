// SPDX-License-Identifier: MIT
#include "cli/completed_value.h"

#include <algorithm>
#include <utility>

namespace nabla {

namespace {

using Files = CompletedValue::Files;

struct Placeholder {
  std::string_view name;
  Files files;
};

/// The names of the values that are files. If a word of a syntax has two, the later row counts.
constexpr Placeholder kPlaceholders[] = {
    {"FOLDER", Files::kFolders}, {"RUN_DIR", Files::kFolders}, {"CONFIG", Files::kConfigurations},
    {"MODEL", Files::kModels},   {"DATA", Files::kAll},        {"INPUT", Files::kAll},
    {"FILE", Files::kAll},
};

bool is_swept_entry(const OptionEntry& entry) { return entry.key.find('<') != std::string::npos; }

std::vector<std::string> sections_and_keys(std::span<const OptionEntry> keys) {
  std::vector<std::string> names;
  std::string section;
  for (const OptionEntry& entry : keys) {
    if (is_swept_entry(entry)) continue;
    if (entry.section() != section) names.push_back(section = entry.section());
    names.push_back(entry.key);
  }
  return names;
}

/// The first of the things that a meaning says.
std::string brief(const std::string& meaning) {
  const std::size_t end = std::min(meaning.find(';'), meaning.find(". "));
  std::string text = meaning.substr(0, end);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace

CompletedValue value_of_placeholder(std::string_view placeholder,
                                    std::span<const OptionEntry> keys) {
  std::string name(placeholder);
  std::erase_if(name, [](char c) { return c == '[' || c == ']' || c == '.'; });
  CompletedValue value{.what = name};
  for (const Placeholder& row : kPlaceholders)
    if (name.find(row.name) != std::string::npos) value.files = row.files;
  if (name.starts_with("KEY")) value.names = sections_and_keys(keys);
  return value;
}

CompletedValue value_of_key(const OptionEntry& key) {
  return {.what = key.type,
          .names = key.named_values(),
          .files = key.is_path() ? Files::kAll : Files::kNone,
          .is_list = key.is_list()};
}

CompletedValue value_of_option(const CommandOption& option, std::span<const OptionEntry> keys) {
  CompletedValue value = value_of_placeholder(option.value, keys);
  const auto key = std::ranges::find(keys, option.key, &OptionEntry::key);
  return key == keys.end() || value.files != Files::kNone ? value : value_of_key(*key);
}

std::vector<std::string> key_sections(std::span<const OptionEntry> keys) {
  std::vector<std::string> sections;
  for (const OptionEntry& entry : keys)
    if (sections.empty() || sections.back() != entry.section()) sections.push_back(entry.section());
  return sections;
}

std::vector<CompletedKey> completed_keys(std::span<const OptionEntry> keys) {
  std::vector<CompletedKey> completed;
  for (const OptionEntry& entry : keys) {
    if (!is_swept_entry(entry)) {
      completed.push_back({entry.key, brief(entry.meaning), value_of_key(entry)});
      continue;
    }
    for (const OptionEntry& swept : keys)
      if (swept.can_be_swept)
        completed.push_back({"sweep." + swept.key,
                             "values to try for " + swept.key,
                             {.what = "values separated by semicolons"}});
  }
  return completed;
}

}  // namespace nabla
