// SPDX-License-Identifier: MIT
#include <iostream>

#include "cli/commands.h"
#include "cli/json.h"
#include "config/option_pages.h"
#include "config/option_table.h"

namespace nabla {

namespace {

int run_options(const Arguments& arguments) {
  if (arguments.has("--json")) {
    Json json = json_document();
    json["options"] = Json::array();
    for (const ExperimentOption& option : option_table()) {
      const std::string own = option.write({});
      json["options"].push_back({{"key", option.key},
                                 {"default", own.empty() ? option.default_text() : own},
                                 {"type", option.type},
                                 {"range", option.range},
                                 {"meaning", option.meaning}});
    }
    print_json(json);
    return 0;
  }
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
            json_option(),
            {"-q", "", "accepted; options has no warnings"}},
           false},
          run_options};
}

}  // namespace nabla
