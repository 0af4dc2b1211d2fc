// SPDX-License-Identifier: MIT
#include "experiment/option_table.h"

#include <algorithm>

#include "base/text.h"
#include "experiment/option_sections.h"

namespace nabla {

std::string Option::default_text() const {
  const std::string own = write(ExperimentOptions{});
  return own.empty() ? empty_default : own;
}

const std::vector<Option>& option_table() {
  static const std::vector<Option> kTable = [] {
    std::vector<Option> table;
    for (const auto section : {data_section, augment_section, network_section, train_section,
                               optimizer_section, schedule_section, stop_section, parallel_section,
                               output_section, scale_section, sweep_section, crossval_section})
      std::ranges::move(section(), std::back_inserter(table));
    return table;
  }();
  return kTable;
}

const Option* find_option(std::string_view key) {
  const auto found = std::ranges::find(option_table(), key, &Option::key);
  return found == option_table().end() ? nullptr : &*found;
}

std::string section_heading(const Option& option) {
  const auto& table = option_table();
  const auto first = std::ranges::find(table, option.section(), &Option::section);
  if (first->key != option.key) return "";
  return (first == table.begin() ? "[" : "\n[") + option.section() + "]\n";
}

std::string nearest_key(std::string_view key) {
  std::vector<std::string> keys;
  for (const Option& option : option_table()) {
    // sweep.epochs is nearer to sweep.train.epochs than its letters say.
    if (key == "sweep." + option.name()) return "sweep." + option.key;
    keys.push_back(option.key);
  }
  return nearest(key.substr(0, 100), keys);
}

}  // namespace nabla
