// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "config/configuration.h"

namespace nabla {

/// The configuration of a command whose last word may be a CONFIG: that file, else `otherwise`
/// where that is not empty, else the built-in digits; then the command line. Prints its warnings
/// unless -q is given. Throws ConfigError for a contradiction.
Configuration configured(const Arguments& arguments, std::size_t config_word = 0,
                         const std::filesystem::path& otherwise = {});

/// The same of the CONFIG of a sweep, whose trials may resolve a contradiction.
Configuration configured_sweep(const Arguments& arguments);

/// "name:  text" lines, the texts aligned.
std::string described(const std::vector<std::vector<std::string>>& rows);

}  // namespace nabla
