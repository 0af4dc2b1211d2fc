// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.h"
#include "config/option_pages.h"

namespace nabla {

/// A value on the command line, as far as a shell can complete it.
struct CompletedValue {
  enum class Files {
    kNone,
    kFolders,
    kConfigurations,  ///< *.ini
    kModels,          ///< *.safetensors
    kAll,
  };

  std::string what = {};                ///< its name or type, for people
  std::vector<std::string> names = {};  ///< named values, sections and keys
  Files files = Files::kNone;
  bool is_list = false;  ///< whether several may be given, separated by commas
};

/// Returns the value that stands for a placeholder of the syntax, such as "[CONFIG or DATA]".
CompletedValue value_of_placeholder(std::string_view placeholder,
                                    std::span<const OptionEntry> keys);
CompletedValue value_of_key(const OptionEntry& key);
/// Returns the value of an option that takes one: that of its key if it sets one.
CompletedValue value_of_option(const CommandOption& option, std::span<const OptionEntry> keys);

/// A key that can be given as --KEY=VALUE, with the value that completes it.
struct CompletedKey {
  std::string key;
  std::string meaning;  ///< a few words
  CompletedValue value;
};

/// Returns the names of the sections.
std::vector<std::string> key_sections(std::span<const OptionEntry> keys);

/// Returns all keys; after those of [sweep] the swept ones, as sweep.train.epochs.
std::vector<CompletedKey> completed_keys(std::span<const OptionEntry> keys);

}  // namespace nabla
