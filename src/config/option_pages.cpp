// SPDX-License-Identifier: MIT
#include "config/option_pages.h"

#include "config/option_table.h"

namespace nabla {

namespace {

/// This line stands for one key of [sweep] for each other key.
constexpr const char* kSweptKey = "sweep.<section.key>";
constexpr const char* kSweptType = "values of that key, separated by ;";
constexpr const char* kSweptRange =
    "uniform(LOW, HIGH) · loguniform(LOW, HIGH) · integer(LOW, HIGH)";
constexpr const char* kSweptMeaning =
    "The values that `nabla sweep` tries for section.key, as in sweep.network.hidden = 30; 100; "
    "30,30; or, with random and halving, the range it draws from, HIGH included for integer only.";

bool is_last_of_sweep(const ExperimentOption& option) { return option.key == "sweep.seed"; }

std::string typed(const ExperimentOption& option) {
  return option.type + (option.range.empty() ? "" : ": " + option.range);
}

}  // namespace

std::string options_text() {
  std::string text;
  for (const ExperimentOption& option : option_table()) {
    text += section_heading(option);
    const std::string own = option.write({});
    text += option.key + " =" +
            (!own.empty()                    ? " " + own
             : option.default_text().empty() ? ""
                                             : " (" + option.default_text() + ")") +
            "\n";
    text += "    " + typed(option) + "\n";
    text += "    " + option.meaning + "\n";
    if (is_last_of_sweep(option))
      text += std::string(kSweptKey) + " =\n    " + kSweptType + ": " + kSweptRange + "\n    " +
              kSweptMeaning + "\n";
  }
  return text;
}

std::string options_markdown() {
  std::string text =
      "# Configuration keys\n\n"
      "This page is what `nabla options --markdown` prints.\n\n"
      "A configuration is an INI file, `[section]` and `key = value`; every key can also be given "
      "on the command line\nas `--section.key=value`, which wins over the file. Lists are "
      "separated "
      "by commas. `#` begins a comment at the start\nof a line or after white space. "
      "`include = other.ini` at the head of a file reads that file's keys first.\n";
  std::string section;
  for (const ExperimentOption& option : option_table()) {
    if (option.section() != section) {
      section = option.section();
      text += "\n## [" + section + "]\n\n| key | values | default | meaning |\n|---|---|---|---|\n";
    }
    const std::string own = option.write({});
    text += "| `" + option.key + "` | " + typed(option) + " | " +
            (own.empty() ? option.default_text() : "`" + own + "`") + " | " + option.meaning +
            " |\n";
    if (is_last_of_sweep(option))
      text += "| `" + std::string(kSweptKey) + "` | " + kSweptType + ": " + kSweptRange +
              " | none | " + kSweptMeaning + " |\n";
  }
  return text;
}

}  // namespace nabla
