// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>

#include "cli/commands.h"
#include "config/option_pages.h"

namespace nabla {

// Scripts by which a shell completes commands, options, keys, their named values and files. They
// are made of the tables alone and start no program.

std::string bash_completion(std::span<const Command> commands, std::span<const OptionEntry> keys);
std::string zsh_completion(std::span<const Command> commands, std::span<const OptionEntry> keys);
std::string fish_completion(std::span<const Command> commands, std::span<const OptionEntry> keys);

}  // namespace nabla
