// SPDX-License-Identifier: MIT
#include "sweep/trial_run.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/data/data_options.h"
#include "nabla/data/preprocess.h"
#include "nabla/model/network_options.h"
#include "nabla/model/topology.h"

#include "base/file.h"
#include "config/configuration.h"
#include "config/option_table.h"
#include "engine/plan.h"
#include "run/initial_model.h"
#include "run/resolved_experiment.h"
#include "run/stopped_run.h"
#include "train/option_rows.h"
#include "train/step_options.h"

namespace nabla {

namespace {

namespace fs = std::filesystem;

/// The run in the folder, if it can go on.
std::optional<StoppedRun> stopped_run(const ExperimentOptions& options, const fs::path& path) {
  if (!file_exists(path / "config.ini") || !file_exists(path / "checkpoint.safetensors"))
    return std::nullopt;
  try {
    StoppedRun run{RunFolder::open(path), options, {}, {}};
    const TrainOptions there = read_configuration(run.folder.config(), {}).options.train;
    // A cosine knows from its first epoch on when it ends.
    const bool can_grow =
        !traits_of(options.train.schedule.policy).depends_on_epochs && there.epochs;
    const bool goes_on =
        there.epochs == options.train.epochs || (can_grow && there.epochs < options.train.epochs);
    std::vector<std::string> warnings;
    const bool is_same =
        options.train.precision == Precision::kFloat64
            ? newest_state<double>(run.folder, options, nullptr, warnings).has_value()
            : newest_state<float>(run.folder, options, nullptr, warnings).has_value();
    if (goes_on && is_same) return run;
  } catch (const Error&) {
    // Whatever is wrong with it, the trial is trained anew.
  }
  return std::nullopt;
}

}  // namespace

TrialWork plan_trial(const ExperimentOptions& given, const DataSplit& data, std::size_t threads) {
  const Dataset& train = data.train;
  const ExperimentOptions options = resolved(given, train);
  const Topology topology = planned_topology(options, train);
  require_memory(topology, options, train);
  require_valid(options.train, data);

  const StepPlan plan =
      plan_training(topology, train, options.train, options.parallel, options.data.sparse == true);
  std::size_t blocks = 1;
  for (const auto& layer : plan.blocks) blocks = std::max(blocks, layer.size());
  return {.threads = plan.worth_threads ? std::min(threads, plan.shards * blocks) : 1,
          .memory = training_bytes(topology, options, train),
          .flops = flops_per_sample(topology) * static_cast<double>(train.rows()),
          .epochs = *options.train.epochs};
}

std::string SharedData::key(const ExperimentOptions& options) {
  std::string key;
  for (const ExperimentOption& option : option_table())
    if (option.section() == "data" && !option.flags.after_reading)
      key += option.write(options) + "\n";
  return key;
}

void SharedData::put(const ExperimentOptions& options, DataSplit data) {
  auto known = std::make_shared<const KnownData>(identified(std::move(data)));
  const std::lock_guard lock(mutex_);
  last_ = std::move(known);
  known_[key(options)] = last_;
}

std::shared_ptr<const KnownData> SharedData::get(const ExperimentOptions& options) {
  const std::string name = key(options);
  // Whoever needs the same data waits here; who needs others would only share the disk.
  const std::lock_guard lock(mutex_);
  std::weak_ptr<const KnownData>& known = known_[name];
  std::shared_ptr<const KnownData> data = known.lock();
  if (data == nullptr) {
    last_.reset();
    data = std::make_shared<const KnownData>(identified(load_data(options.data)));
    known = data;
  }
  last_ = data;
  return data;
}

void RunningTrials::Entry::note(const BatchReport& report, std::size_t training) {
  constexpr auto kRelaxed = std::memory_order_relaxed;
  epoch_.store(report.epoch, kRelaxed);
  epochs_.store(report.epochs, kRelaxed);
  mean_cost_.store(report.mean_cost, kRelaxed);
  const double of_epoch = static_cast<double>(report.row) / static_cast<double>(report.rows);
  fractions_[training].store(
      (static_cast<double>(report.epoch - 1) + of_epoch) / static_cast<double>(report.epochs),
      kRelaxed);
}

void RunningTrials::Entry::note_end(std::size_t training) {
  fractions_[training].store(1, std::memory_order_relaxed);
  ended_.fetch_add(1, std::memory_order_relaxed);
}

RunningTrial RunningTrials::Entry::now() const {
  constexpr auto kRelaxed = std::memory_order_relaxed;
  double sum = 0;
  for (const std::atomic<double>& fraction : fractions_) sum += fraction.load(kRelaxed);
  return {.trial = trial_,
          .epoch = epoch_.load(kRelaxed),
          .epochs = epochs_.load(kRelaxed),
          .fraction = sum / static_cast<double>(fractions_.size()),
          .mean_cost = mean_cost_.load(kRelaxed),
          .trainings = fractions_.size(),
          .ended = ended_.load(kRelaxed)};
}

RunningTrials::Place::Place(RunningTrials& trials, std::size_t trial, std::size_t trainings)
    : trials_(trials) {
  const std::lock_guard lock(trials_.mutex_);
  entry_ = trials_.entries_.emplace(trials_.entries_.end(), trial, trainings);
}

RunningTrials::Place::~Place() {
  const std::lock_guard lock(trials_.mutex_);
  trials_.entries_.erase(entry_);
}

std::vector<RunningTrial> RunningTrials::now() const {
  const std::lock_guard lock(mutex_);
  std::vector<RunningTrial> trials;
  for (const Entry& entry : entries_) trials.push_back(entry.now());
  return trials;
}

bool holds_run_of(const ExperimentOptions& options, const fs::path& folder) {
  const fs::path config = folder / "config.ini";
  if (!file_exists(config) || !file_exists(folder / "model.safetensors")) return false;
  const std::vector<std::byte> bytes = read_file(config);
  return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()) ==
         write_configuration(options);
}

RunResult train_trial(const ExperimentOptions& given, const fs::path& folder,
                      const RunResources& resources, const RunCallbacks& callbacks) {
  const ExperimentOptions options = resolved(given, resources.data.split.train);
  if (const std::optional<StoppedRun> stopped = stopped_run(options, folder))
    return resume_training(*stopped, resources, callbacks);
  if (file_exists(folder)) {
    remove_run_files(folder);
    if (!fs::is_empty(folder))
      throw ConfigError(folder.string() + ": holds other files than a run's, expected none");
  }
  return run_training(options, resources, callbacks);
}

}  // namespace nabla
