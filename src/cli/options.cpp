// SPDX-License-Identifier: MIT
#include <iostream>
#include <vector>

#include "nabla/base/error.h"

#include "cli/commands.h"
#include "cli/json.h"
#include "config/option_pages.h"

namespace nabla {

namespace {

int run_options(const Arguments& arguments) {
  if (arguments.has("--markdown")) {
    if (!arguments.words.empty())
      throw ConfigError("--markdown: the page has all keys, expected it without '" +
                        arguments.words[0] + "'");
    std::cout << options_markdown();
    return 0;
  }
  const std::vector<OptionEntry> entries =
      arguments.words.empty() ? option_entries() : option_entries_of(arguments.words[0]);
  if (!arguments.has("--json")) {
    std::cout << options_text(entries);
    return 0;
  }
  Json json = json_document();
  json["options"] = Json::array();
  for (const OptionEntry& entry : entries)
    json["options"].push_back({{"key", entry.key},
                               {"default", entry.default_text},
                               {"type", entry.type},
                               {"range", entry.range},
                               {"meaning", entry.meaning}});
  print_json(json);
  return 0;
}

}  // namespace

Command options_command() {
  return {"options",
          "list configuration keys",
          "Prints every configuration key with its default, type, range and meaning, or one key, "
          "or those\nof a section.\n",
          {{"[KEY or SECTION]"},
           {{"--markdown", "", "as the page docs/options.md"},
            json_option(),
            {"-q", "", "accepted; options has no warnings"}},
           false},
          run_options};
}

}  // namespace nabla
