// SPDX-License-Identifier: MIT
#include "run/scale.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "nabla/base/error.h"
#include "nabla/data/data_options.h"
#include "nabla/engine/executor.h"
#include "nabla/train/trainer.h"

#include "base/file.h"
#include "base/option_values.h"
#include "base/text.h"
#include "config/configuration.h"
#include "data/entry_counts.h"
#include "engine/plan.h"
#include "run/columns.h"
#include "run/core_sharing.h"
#include "run/initial_model.h"
#include "run/resolved_experiment.h"
#include "run/run_folder.h"
#include "run/summary_file.h"
#include "train/step_options.h"

namespace nabla {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kRounds = 3;
/// Trained before each round, as a part of it, and not counted: threads start, caches fill.
constexpr double kWarmUp = 0.1;

std::size_t samples_of(const TrainSummary& summary) {
  return static_cast<std::size_t>(std::llround(summary.samples_per_second * summary.train_seconds));
}

/// The options with every choice made.
ExperimentOptions settled(ExperimentOptions options) {
  ScaleOptions& scale = options.scale;
  if (scale.threads.empty())
    scale.threads = doubled_up_to(std::min(available_cores(), kMaxThreads));
  if (scale.batch_sizes.empty()) scale.batch_sizes = {options.train.batch_size};
  if (scale.shards == 0) scale.shards = options.parallel.shards;
  return options;
}

/// The training rows alone, so that nothing is evaluated.
DataSplit training_rows(DataOptions options) {
  options.digits_test = 0;
  return {load_data(options).train, {}, {}};
}

/// The rounds of one batch size with one thread count.
struct Measured {
  std::size_t threads;
  std::vector<TrainSummary> rounds;
  CoreSharing sharing;
};

/// The study in one precision.
template <class T>
class Study {
 public:
  Study(const ExperimentOptions& options, const ScaleCallbacks& callbacks)
      : data_(training_rows(options.data)),
        options_(resolved(settled(options), data_.train)),
        config_(write_configuration(options_)),
        callbacks_(callbacks),
        cores_(available_cores()),
        start_(make_model<T>(options_, data_.train)) {}

  ScaleResult run() {
    warn_of_missing_cores();
    for (const std::size_t size : options_.scale.batch_sizes)
      if (!run_batch_size(size)) break;
    warn_of_shared_cores();
    return std::move(result_);
  }

 private:
  /// Returns false if it was interrupted.
  bool run_batch_size(std::size_t size) {
    const std::size_t rows = data_.train.rows();
    const std::size_t batch_size = size == 0 ? rows : std::min(size, rows);
    std::vector<Measured> measured;
    for (const std::size_t threads : options_.scale.threads) measured.push_back({threads, {}, {}});
    const std::vector<ScaleRow> rows_before = result_.rows;
    for (std::size_t round = 1; round <= kRounds && !result_.interrupted; ++round)
      for (Measured& one : measured) {
        if (!run_round(batch_size, one)) break;
        result_.rows = rows_before;
        append_rows(batch_size, measured);
        save_rows();
        if (callbacks_.on_round)
          callbacks_.on_round(
              {round, kRounds, batch_size, one.threads, one.rounds.back().samples_per_second});
      }
    for (const Measured& one : measured) note_sharing(one);
    if (measured.front().rounds.empty()) return false;
    result_.fits.push_back({batch_size, fit(result_.rows, rows_before.size())});
    return !result_.interrupted;
  }

  /// The rows of the smallest mini-batch that is split among threads.
  std::size_t split_from() const {
    const Topology& topology = start_.network.topology();
    if (!trains_on_entries(start_, data_.train, options_.train))
      return smallest_split_batch(topology);
    const EntryCounts entries = count_entries(data_.train, topology.inputs(), 1);
    return smallest_split_batch(topology, &entries);
  }

  /// One thread count's turn. Returns false if it was interrupted and measured nothing.
  bool run_round(std::size_t batch_size, Measured& measured) {
    // One executor at a time: the threads of an idle one would still be threads of the process.
    const auto executor = make_executor(measured.threads);
    const double seconds = options_.scale.seconds / kRounds;
    train_for(kWarmUp * seconds, batch_size, *executor);
    if (result_.interrupted) return false;
    measured.sharing.start();
    const TrainSummary summary = train_for(seconds, batch_size, *executor);
    measured.sharing.stop();
    if (result_.interrupted) return false;
    measured.rounds.push_back(summary);
    return true;
  }

  /// Trains a fresh copy of the model for about that long, for one mini-batch at least.
  TrainSummary train_for(double seconds, std::size_t batch_size, Executor& executor) {
    Model<T> model = start_;
    TrainOptions train_options = options_.train;
    train_options.batch_size = batch_size;
    train_options.epochs = 1'000'000'000;  // as many as there can be
    train_options.evaluate_every = 0;
    train_options.schedule = {};
    train_options.stop = {};
    ParallelOptions parallel = options_.parallel;
    parallel.shards = options_.scale.shards;
    const Clock::time_point end = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                                     std::chrono::duration<double>(seconds));
    TrainCallbacks callbacks;
    callbacks.on_batch = [&](const BatchReport&) {
      if (callbacks_.stop && callbacks_.stop()) result_.interrupted = true;
      return result_.interrupted || Clock::now() >= end ? Flow::kStop : Flow::kContinue;
    };
    TrainSummary summary = train(model, data_, train_options, parallel, executor, callbacks);
    if (summary.status == TrainStatus::kDiverged)
      throw DivergedError("training with mini-batches of " + std::to_string(batch_size) +
                          " rows diverged in " + divergence_text(summary.divergence));
    return summary;
  }

  void append_rows(std::size_t batch_size, const std::vector<Measured>& measured) {
    const std::size_t first = result_.rows.size();
    for (const Measured& one : measured) {
      if (one.rounds.empty()) continue;
      std::vector<TrainSummary> sorted = one.rounds;
      std::ranges::sort(sorted, {}, &TrainSummary::samples_per_second);
      const TrainSummary& median = sorted[(sorted.size() - 1) / 2];
      ScaleRow row{.batch_size = batch_size,
                   .threads = one.threads,
                   .shards = median.shards,
                   .reduction = median.reduction,
                   .samples_per_second = median.samples_per_second,
                   .speedup = 1,
                   .efficiency = 1,
                   .phase_seconds = {},
                   .seconds = 0,
                   .samples = 0,
                   .split_from = split_from(),
                   .rows = data_.train.rows()};
      for (const NamedPhase& phase : kPhases)
        row.phase_seconds.*phase.seconds =
            median.phase_seconds.*phase.seconds * 1e6 / static_cast<double>(samples_of(median));
      for (const TrainSummary& round : one.rounds) {
        row.seconds += round.train_seconds;
        row.samples += samples_of(round);
      }
      result_.rows.push_back(row);
      const ScaleRow& base = result_.rows[first];
      ScaleRow& last = result_.rows.back();
      last.speedup = last.samples_per_second / base.samples_per_second;
      last.efficiency =
          last.speedup * static_cast<double>(base.threads) / static_cast<double>(last.threads);
    }
  }

  /// Amdahl's law does not hold for more threads than cores.
  std::optional<SerialFraction> fit(const std::vector<ScaleRow>& rows, std::size_t first) const {
    std::vector<ThreadTime> times;
    for (std::size_t i = first; i < rows.size(); ++i)
      if (rows[i].threads <= cores_)
        times.push_back({static_cast<double>(rows[i].threads), 1 / rows[i].samples_per_second});
    return fit_amdahl(times);
  }

  /// The folder is claimed with the first round, so that a study that fails before leaves none.
  void save_rows() {
    if (!folder_) {
      folder_ = RunFolder::claim(options_.output.dir, options_.output.overwrite);
      result_.folder = folder_->path();
      replace_file(folder_->config(), config_);
    }
    replace_file(folder_->scale(), scale_csv(result_.rows));
  }

  void warn(const std::string& text) const {
    if (callbacks_.on_warning) callbacks_.on_warning(text);
  }

  void warn_of_missing_cores() const {
    const std::size_t most = std::ranges::max(options_.scale.threads);
    if (most > cores_)
      warn("scale.threads: " + std::to_string(most) + " threads, but this process may use only " +
           std::to_string(cores_) + (cores_ == 1 ? " core" : " cores"));
  }

  void note_sharing(const Measured& measured) {
    const auto others = measured.sharing.cores_of_others();
    if (others && cores_are_shared(measured.threads, cores_, *others))
      most_shared_ = std::max(most_shared_, *others);
  }

  void warn_of_shared_cores() const {
    if (most_shared_ == 0) return;
    const auto tenths = static_cast<std::size_t>(std::lround(10 * most_shared_));
    warn("the cores were shared: others used up to " + std::to_string(tenths / 10) + "." +
         std::to_string(tenths % 10) + " of " + std::to_string(cores_) +
         " while this was measured; expected an idle machine");
  }

  DataSplit data_;
  ExperimentOptions options_;
  std::string config_;
  const ScaleCallbacks& callbacks_;
  std::size_t cores_;
  Model<T> start_;
  std::optional<RunFolder> folder_;
  double most_shared_ = 0;
  ScaleResult result_;
};

}  // namespace

std::optional<SerialFraction> fit_amdahl(std::span<const ThreadTime> measured) {
  const auto count = static_cast<double>(measured.size());
  double mean_x = 0;
  double mean_t = 0;
  for (const auto& [threads, time] : measured) {
    mean_x += 1 / threads / count;
    mean_t += time / count;
  }
  double xx = 0;
  double xt = 0;
  double tt = 0;
  for (const auto& [threads, time] : measured) {
    const double x = 1 / threads - mean_x;
    const double t = time - mean_t;
    xx += x * x;
    xt += x * t;
    tt += t * t;
  }
  const bool varies = std::ranges::any_of(
      measured, [&](const ThreadTime& m) { return m.threads != measured.front().threads; });
  if (!varies) return std::nullopt;

  // T(n) = serial + parallel/n
  const double parallel = xt / xx;
  const double serial = mean_t - parallel * mean_x;
  const double one = serial + parallel;
  if (!(one > 0)) return std::nullopt;
  SerialFraction fraction{serial / one, std::nullopt};
  if (measured.size() > 2) {
    const double variance = std::max(0.0, tt - parallel * xt) / (count - 2);
    const double serial_variance = variance * (1 / count + mean_x * mean_x / xx);
    const double parallel_variance = variance / xx;
    const double covariance = -variance * mean_x / xx;
    // ∂s/∂serial = parallel/one², ∂s/∂parallel = −serial/one²
    const double sum = parallel * parallel * serial_variance + serial * serial * parallel_variance -
                       2 * serial * parallel * covariance;
    fraction.error = std::sqrt(std::max(0.0, sum)) / (one * one);
  }
  return fraction;
}

ScaleResult run_scale(const ExperimentOptions& options, const ScaleCallbacks& callbacks) {
  return options.train.precision == Precision::kFloat64 ? Study<double>(options, callbacks).run()
                                                        : Study<float>(options, callbacks).run();
}

std::vector<std::size_t> doubled_up_to(std::size_t cores) {
  std::vector<std::size_t> counts;
  for (std::size_t count = 1; count < cores; count *= 2) counts.push_back(count);
  counts.push_back(cores);
  return counts;
}

std::string unsplit_text(std::size_t batch_size, std::size_t split_from, std::size_t rows) {
  if (batch_size >= split_from) return "";
  const std::string text = "batch size " + std::to_string(batch_size) +
                           " is never split, so more threads change nothing: below " +
                           with_thousands(static_cast<double>(split_from)) +
                           " rows a mini-batch of this network is too little work to share, as "
                           "the parameters would go from core to core at every step; ";
  if (split_from > rows)
    return text + "there are only " + with_thousands(static_cast<double>(rows)) +
           " training rows, so one thread is best for any batch size";
  std::string sizes;
  std::size_t size = std::bit_ceil(split_from);
  for (int i = 0; i < 3 && size <= rows; ++i, size *= 2)
    sizes += (sizes.empty() ? "" : ",") + std::to_string(size);
  return text + "try --scale.batch-sizes=" + (sizes.empty() ? "all" : sizes) +
         ", in training with a higher learning rate";
}

std::string scale_csv(const std::vector<ScaleRow>& rows) {
  std::string text = "batch_size,threads,shards,reduction,samples_per_second,speedup,efficiency";
  for (const NamedPhase& phase : kPhases) text += "," + std::string(phase.name);
  text += ",seconds,samples,split_from,rows\n";
  for (const ScaleRow& row : rows) {
    text += std::to_string(row.batch_size) + "," + std::to_string(row.threads) + "," +
            std::to_string(row.shards) + "," + std::string(name_of(row.reduction));
    for (const double value : {row.samples_per_second, row.speedup, row.efficiency})
      text += "," + write_number(value);
    for (const NamedPhase& phase : kPhases)
      text += "," + write_number(row.phase_seconds.*phase.seconds);
    text += "," + write_number(row.seconds) + "," + std::to_string(row.samples) + "," +
            std::to_string(row.split_from) + "," + std::to_string(row.rows) + "\n";
  }
  return text;
}

}  // namespace nabla
