// SPDX-License-Identifier: MIT
#include "config/option_table.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "data/option_rows.h"
#include "engine/option_rows.h"
#include "model/option_rows.h"
#include "optimize/option_rows.h"
#include "train/option_rows.h"

namespace nabla {

namespace {

using Table = OptionRows<ExperimentOptions>;

/// Two keys of [data] are for the training, and so are rows of its structs.
void move_behind(Table& table, const std::string& key, const std::string& other) {
  const auto from = std::ranges::find(table, key, &ExperimentOption::key);
  ExperimentOption row = std::move(*from);
  table.erase(from);
  table.insert(std::next(std::ranges::find(table, other, &ExperimentOption::key)), std::move(row));
}

Table make_option_table() {
  Table table;
  append_rows(
      table, data_rows(), [](auto& o) -> auto& { return o.data; });
  append_rows(
      table, augment_rows(), [](auto& o) -> auto& { return o.train.augment; });
  append_rows(
      table, network_rows(), [](auto& o) -> auto& { return o.network; });
  append_rows(
      table, train_rows(), [](auto& o) -> auto& { return o.train; });
  append_rows(
      table, optimizer_rows(), [](auto& o) -> auto& { return o.train.optimizer; });
  append_rows(
      table, schedule_rows(), [](auto& o) -> auto& { return o.train.schedule; });
  append_rows(
      table, stop_rows(), [](auto& o) -> auto& { return o.train.stop; });
  append_rows(
      table, parallel_rows(), [](auto& o) -> auto& { return o.parallel; });
  append_rows(
      table, output_rows(), [](auto& o) -> auto& { return o.output; });
  append_rows(
      table, scale_rows(), [](auto& o) -> auto& { return o.scale; });
  append_rows(
      table, sweep_rows(), [](auto& o) -> auto& { return o.sweep; });
  append_rows(
      table, fold_rows(), [](auto& o) -> auto& { return o.crossval; });
  move_behind(table, "data.class-weights", "data.standardize-targets");
  move_behind(table, "data.augment", "data.weights");
  return table;
}

bool holds(const OptionCondition& condition, const ExperimentOptions& options) {
  const std::string value = find_option(condition.key)->write(options);
  const bool is_one = std::ranges::find(condition.values, value) != condition.values.end();
  return is_one == condition.expected;
}

}  // namespace

const Table& option_table() {
  static const Table kTable = make_option_table();
  return kTable;
}

const ExperimentOption* find_option(std::string_view key) {
  const auto found = std::ranges::find(option_table(), key, &ExperimentOption::key);
  return found == option_table().end() ? nullptr : &*found;
}

std::string section_heading(const ExperimentOption& option) {
  const Table& table = option_table();
  const auto first = std::ranges::find_if(
      table, [&](const ExperimentOption& row) { return row.section() == option.section(); });
  if (first->key != option.key) return "";
  return (first == table.begin() ? "[" : "\n[") + option.section() + "]\n";
}

std::string reason_of_no_effect(const ExperimentOption& option, const ExperimentOptions& options) {
  for (const auto& any : option.effect) {
    if (std::ranges::any_of(any, [&](const auto& one) { return holds(one, options); })) continue;
    const OptionCondition& first = any.front();
    if (const bool is_unset = find_option(first.key)->write(options).empty(); is_unset)
      return std::string("no ") + first.key;
    // A key that would have to be empty is said to be there, whatever its value is.
    return first.expected && first.values == std::vector<std::string>{""}
               ? first.key
               : written(option_table(), first.key, options);
  }
  return "";
}

std::string did_you_mean_key(std::string_view key, const std::string& prefix) {
  std::vector<std::string> keys;
  std::string near;
  for (const ExperimentOption& option : option_table()) {
    // sweep.epochs is nearer to sweep.train.epochs than its letters say.
    if (key == "sweep." + option.name()) near = "sweep." + option.key;
    keys.push_back(option.key);
  }
  if (near.empty()) near = nearest(key.substr(0, 100), keys);
  return near.empty() ? "" : "; did you mean " + prefix + near + "?";
}

}  // namespace nabla
