// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/option.h"

namespace nabla {

/// A key with its value as text and the place where it was written.
struct Setting {
  std::string key;
  std::string value;
  ValueOrigin origin;

  /// "digits.ini:3: train.epochs", "-e: train.epochs" or "--train.epochs", for errors.
  std::string place() const {
    return origin.name == "--" + key ? origin.name : origin.name + ": " + key;
  }
};

/// The settings of an INI text in order: first those of the files that `include = other.ini` at
/// its head names, then its own. Errors call the text `name`; relative includes are relative
/// to `folder`. Keys are not yet checked against the option table. Throws ConfigError
/// naming file and line.
std::vector<Setting> parse_ini(const std::string& text, const std::string& name,
                               const std::filesystem::path& folder);

/// The same from a file.
std::vector<Setting> read_ini(const std::filesystem::path& path);

}  // namespace nabla
