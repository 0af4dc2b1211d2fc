// SPDX-License-Identifier: MIT
#include "config/option_table.h"

#include <algorithm>
#include <iterator>

#include "base/option_builders.h"
#include "base/text.h"
#include "data/option_rows.h"
#include "engine/option_rows.h"
#include "model/option_rows.h"
#include "optimize/option_rows.h"
#include "train/option_rows.h"

namespace nabla {

namespace {

OptionRows<OutputOptions> output_rows() {
  using O = OutputOptions;
  using Row = OptionRow<O>;
  OptionRows<O> rows = {
      Row::path("output.dir", &O::dir, "runs/NAME for NAME.ini",
                "Folder of the run; where it holds a run, -2, -3 … is appended."),
      Row::yes_no("output.overwrite", &O::overwrite,
                  "Write into an existing run's folder instead."),
      Row::whole("output.checkpoint-every", &O::checkpoint_every, from_to(0, 1'000'000'000),
                 "Write a checkpoint every so many epochs; 0: only where the run is interrupted."),
      Row::yes_no("output.report", &O::report,
                  "Write report.html into the folder once the training has ended, as `nabla "
                  "report` does."),
  };
  for (Option<O>& row : rows)
    row.flags = {.essential = false,
                 .changes_on_resume = row.key == "output.report",
                 .changes_in_sweep = true,
                 .obstacle = "each trial has a folder of its own"};
  return rows;
}

using Sizes = std::vector<std::size_t>;

void require_different(const Sizes& sizes, std::string (*write)(std::size_t)) {
  for (auto size = sizes.begin(); size != sizes.end(); ++size)
    if (std::find(sizes.begin(), size, *size) != size)
      throw_bad_value(write(*size), "is given twice", "each once");
}

OptionRows<ScaleOptions> scale_rows() {
  using S = ScaleOptions;
  using Row = OptionRow<S>;
  const auto write_whole = [](std::size_t size) { return std::to_string(size); };
  OptionRows<S> rows = {
      Row::wholes(
          "scale.threads", &S::threads, from_to(1, kMaxThreads),
          [=](const Sizes& sizes) { require_different(sizes, write_whole); },
          "Thread counts that `nabla scale` compares, each with the first.")
          .empty_means("1, 2, 4, … up to all cores"),
      Row::whole("scale.shards", &S::shards, from_to(0, 65536),
                 "Shards per mini-batch in `nabla scale`; 0: as parallel.shards."),
      Row::list(
          "scale.batch-sizes", &S::batch_sizes, "list of whole numbers or all",
          "each at least 1 · all", parse_batch_size, write_batch_size,
          [](const Sizes& sizes) { require_different(sizes, write_batch_size); },
          "Rows per mini-batch that `nabla scale` tries with each thread count.")
          .empty_means("train.batch-size alone"),
      Row::number("scale.seconds", &S::seconds, above_to(0, 86'400),
                  "Wall time that `nabla scale` trains for each batch size and thread count.")};
  for (Option<S>& row : rows)
    row.flags = {.essential = false, .changes_in_sweep = true, .obstacle = kNoTrainingReads};
  return rows;
}

OptionRows<SweepOptions> make_sweep_rows() {
  using S = SweepOptions;
  using Row = OptionRow<S>;
  const OptionCondition draws = is_not("sweep.method", {"grid"});
  OptionRows<S> rows = {
      Row::choice("sweep.method", &S::method,
                  Choices<SweepMethod>{{"grid", SweepMethod::kGrid},
                                       {"random", SweepMethod::kRandom},
                                       {"halving", SweepMethod::kHalving}},
                  "grid: every combination of the alternatives; random: sweep.trials trials, each "
                  "drawn from sweep.seed and its number alone; halving: the same trials, first "
                  "with few epochs, and in each round the best third of them anew with three times "
                  "as many, up to train.epochs."),
      Row::whole("sweep.trials", &S::trials, from_to(1, kMostTrials),
                 "Trials of random and halving.")
          .only_if({draws}),
      Row::whole("sweep.parallel", &S::parallel, from_to(0, kMaxThreads),
                 "Trials side by side, which share parallel.threads; 0: small networks one per "
                 "thread, large ones with several threads each. Never changes a result."),
      Row::whole("sweep.seed", &S::seed, at_least(0), "Seed of what random and halving draw.")
          .only_if({draws}),
  };
  for (Option<S>& row : rows)
    row.flags = {.essential = false,
                 .changes_in_sweep = row.key == "sweep.parallel",
                 .obstacle = kNoTrainingReads};
  return rows;
}

const OptionRows<SweepOptions>& sweep_rows() {
  static const OptionRows<SweepOptions> kRows = make_sweep_rows();
  return kRows;
}

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

std::string nearest_key(std::string_view key) {
  std::vector<std::string> keys;
  for (const ExperimentOption& option : option_table()) {
    // sweep.epochs is nearer to sweep.train.epochs than its letters say.
    if (key == "sweep." + option.name()) return "sweep." + option.key;
    keys.push_back(option.key);
  }
  return nearest(key.substr(0, 100), keys);
}

void validate_training(const ExperimentOptions& options) {
  validate(options.train, options.network, options.data);
  validate(options.parallel);
}

void validate(const SweepOptions& options) {
  check_rows(sweep_rows(), options);
  const std::string method = written(sweep_rows(), "sweep.method", options);
  for (const SweptKey& swept : options.keys) {
    const std::string key = "sweep." + swept.key;
    require_option(options.method != SweepMethod::kGrid || !swept.range, key.c_str(),
                   "a range contradicts " + method +
                       ", expected alternatives separated by ; or sweep.method = random");
    require_option(
        options.method != SweepMethod::kHalving || swept.key != "train.epochs", key.c_str(),
        "contradicts " + method + ", which divides train.epochs itself, expected another method");
  }
}

}  // namespace nabla
