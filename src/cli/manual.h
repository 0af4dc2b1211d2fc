// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "config/option_pages.h"

namespace nabla {

/// A page of the manual, in the macros of man(7).
struct ManualPage {
  std::string file;  ///< below a folder of manuals: "man1/nabla-train.1"
  std::string text;
};

/// Returns nabla(1), a page for each command, and nabla-config(5), which has the keys.
std::vector<ManualPage> manual_pages(std::span<const Command> commands,
                                     std::span<const OptionEntry> keys);

}  // namespace nabla
