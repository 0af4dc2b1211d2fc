// SPDX-License-Identifier: MIT
#include <iostream>

#include "cli/commands.h"
#include "config/option_pages.h"

namespace nabla {

namespace {

int run_options(const Arguments& arguments) {
  std::cout << (arguments.has("--markdown") ? options_markdown() : options_text());
  return 0;
}

}  // namespace

Command options_command() {
  return {"options",
          "list every configuration key",
          "Prints every configuration key with its default, type, range and meaning.\n",
          {{},
           {{"--markdown", "", "as the page docs/options.md"},
            {"-q", "", "accepted; options has no warnings"}},
           false},
          run_options};
}

}  // namespace nabla
