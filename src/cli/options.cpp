// SPDX-License-Identifier: MIT
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "nabla/base/error.h"

#include "base/file.h"
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/exit_code.h"
#include "cli/format.h"
#include "cli/json.h"
#include "cli/manual.h"
#include "cli/terminal.h"
#include "config/option_pages.h"

namespace nabla {

namespace {

/// Writes the manual and the completions to the places below a folder, such as /usr/share, where
/// man and the shells look for them.
void write_pages(const std::filesystem::path& folder) {
  const std::vector<Command> commands = all_commands();
  const std::vector<OptionEntry> keys = option_entries();
  const auto write = [&](const std::filesystem::path& file, const std::string& text) {
    std::filesystem::create_directories((folder / file).parent_path());
    replace_file(folder / file, text);
  };
  for (const ManualPage& page : manual_pages(commands, keys)) write("man/" + page.file, page.text);
  write("bash-completion/completions/nabla", bash_completion(commands, keys));
  write("zsh/site-functions/_nabla", zsh_completion(commands, keys));
  write("fish/vendor_completions.d/nabla.fish", fish_completion(commands, keys));
}

int run_options(const Arguments& arguments) {
  if (arguments.has("--json") && (arguments.has("--markdown") || arguments.has("--pages")))
    throw ConfigError("--json: contradicts --markdown and --pages, expected one of them");
  if (arguments.has("--markdown")) {
    if (!arguments.words.empty())
      throw ConfigError("--markdown: the page has all keys, expected it without '" +
                        arguments.words[0] + "'");
    std::cout << options_markdown();
    return kSucceeded;
  }
  if (const auto pages = arguments.options.find("--pages"); pages != arguments.options.end()) {
    if (!arguments.words.empty())
      throw ConfigError("--pages: the pages have all keys, expected it without '" +
                        arguments.words[0] + "'");
    if (pages->second.empty()) throw ConfigError("--pages: empty, expected a folder");
    write_pages(pages->second);
    return kSucceeded;
  }
  const std::vector<OptionEntry> entries =
      arguments.words.empty() ? option_entries() : option_entries_of(arguments.words[0]);
  if (!arguments.has("--json")) {
    std::cout << broken(options_text(entries), table_width());
    return kSucceeded;
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
  return kSucceeded;
}

}  // namespace

Command options_command() {
  return {
      "options",
      "list configuration keys",
      "Prints every configuration key with its default, type, range and meaning, or one key, "
      "or those\nof a section.\n",
      {{"[KEY or SECTION]"},
       {{"--markdown", "", "as the page docs/options.md"},
        {"--pages", "FOLDER",
         "write the manual and completions for bash, zsh and fish below FOLDER, for example "
         "~/.local/share, where man and the shells find them"},
        json_option(),
        {"-q", "", "accepted; options has no warnings"}},
       false},
      run_options,
      "",
      {{"nabla options train", "list the keys of a section"},
       {"nabla options --pages ~/.local/share", "install manual and completions for yourself"}}};
}

}  // namespace nabla
