// SPDX-License-Identifier: MIT
#include "run/scale.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <exception>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
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
#include "run/data_identity.h"
#include "run/initial_model.h"
#include "run/node_data.h"
#include "run/rank_options.h"
#include "run/resolved_experiment.h"
#include "run/run_folder.h"
#include "run/same_on_ranks.h"
#include "run/summary_file.h"
#include "run/timed_ranks.h"
#include "run/together.h"
#include "train/step_options.h"

namespace nabla {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kRounds = 3;
/// Trained before each round, as a part of it, and not counted: threads start, caches fill.
constexpr double kWarmUp = 0.1;

double threads_of_all(const ScaleRow& row) { return static_cast<double>(row.ranks * row.threads); }

std::size_t samples_of(const TrainSummary& summary) {
  return static_cast<std::size_t>(std::llround(summary.samples_per_second * summary.train_seconds));
}

/// The options with every choice made.
ExperimentOptions settled(ExperimentOptions options, std::size_t ranks, std::size_t cores) {
  ScaleOptions& scale = options.scale;
  if (scale.threads.empty()) scale.threads = doubled_up_to(std::min(cores, kMaxThreads));
  if (scale.ranks.empty()) scale.ranks = doubled_up_to(ranks);
  if (scale.batch_sizes.empty()) scale.batch_sizes = {options.train.batch_size};
  if (scale.shards == 0) scale.shards = options.parallel.shards;
  return options;
}

/// As the plan of a training takes them.
ParallelOptions parallel_of(const ExperimentOptions& options) {
  ParallelOptions parallel = options.parallel;
  parallel.shards = options.scale.shards;
  return parallel;
}

void require_ranks(const ExperimentOptions& options, std::size_t ranks) {
  const std::size_t most = std::ranges::max(options.scale.ranks);
  if (most > ranks)
    throw ConfigError("scale.ranks", std::to_string(most) +
                                         ", expected at most the number of ranks that a launcher "
                                         "has started, " +
                                         std::to_string(ranks));
  require_fit_for_ranks(parallel_of(options), most);
}

/// The training rows alone, so that nothing is evaluated.
DataSplit training_rows(DataOptions options) {
  options.digits_test = 0;
  return {load_data(options).train, {}, {}};
}

/// One training, and what it waited for others.
struct Round {
  TrainSummary summary;
  double waited = 0;  ///< seconds
};

double per_million(double seconds, const TrainSummary& summary) {
  return seconds * 1e6 / static_cast<double>(samples_of(summary));
}

/// The rounds of one batch size with one count of ranks and threads.
struct Measured {
  Ranks* ranks;       ///< those that train; null on the others
  std::size_t count;  ///< of them
  std::size_t threads;
  std::vector<Round> rounds = {};
  std::vector<Round> without_overlap = {};
  CoreSharing sharing = {};
};

Round median_of(std::vector<Round> rounds) {
  std::ranges::sort(rounds, {},
                    [](const Round& round) { return round.summary.samples_per_second; });
  return rounds[(rounds.size() - 1) / 2];
}

/// Returns once all ranks have come here. Those who wait sleep, because others may measure on the
/// same cores.
void meet(Ranks& ranks) {
  constexpr std::chrono::milliseconds kRest{1};
  std::vector<std::uint32_t> marks(ranks.size());
  std::vector<BytesRange> parts;
  for (std::size_t q = 0; q < marks.size(); ++q)
    parts.push_back({q * sizeof(std::uint32_t), sizeof(std::uint32_t)});
  const Ranks::Ticket ticket = ranks.begin_gather(std::as_writable_bytes(std::span(marks)), parts);
  while (!ranks.is_done(ticket)) std::this_thread::sleep_for(kRest);
  ranks.wait(ticket);
}

/// The study in one precision.
template <class T>
class Study {
 public:
  /// Collective, as all that follows.
  Study(const ExperimentOptions& options, const ScaleCallbacks& callbacks, Ranks& ranks)
      : callbacks_(callbacks),
        ranks_(ranks),
        cores_(available_cores()),
        own_cores_(std::max<std::size_t>(cores_ / ranks_on_own_cores(ranks), 1)) {
    data_ = read_once_a_node(ranks, [&] { return training_rows(options.data); });
    together(ranks, [&] {
      options_ = resolved(settled(options, ranks.size(), own_cores_), data_.train);
      require_ranks(options_, ranks.size());
      start_.emplace(make_model<T>(options_, data_.train));
    });
    config_ = write_configuration(options_);
    require_same_configuration(ranks, config_);
    if (ranks.size() > 1) require_same_data(ranks, identify(data_));
    for (const std::size_t count : options_.scale.ranks)
      groups_.push_back(ranks.first_ranks(count));
  }

  ScaleResult run() {
    warn_of_missing_cores();
    for (const std::size_t size : options_.scale.batch_sizes)
      if (!run_batch_size(size)) break;
    warn_of_shared_cores();
    return std::move(result_);
  }

 private:
  bool is_first() const { return ranks_.rank() == 0; }

  /// Returns false if it was interrupted.
  bool run_batch_size(std::size_t size) {
    const std::size_t rows = data_.train.rows();
    const std::size_t batch_size = size == 0 ? rows : std::min(size, rows);
    std::vector<Measured> measured;
    for (std::size_t i = 0; i < groups_.size(); ++i)
      for (const std::size_t threads : options_.scale.threads)
        measured.push_back({groups_[i].get(), options_.scale.ranks[i], threads});
    const std::vector<ScaleRow> rows_before = result_.rows;
    for (std::size_t round = 1; round <= kRounds && !result_.interrupted; ++round)
      for (Measured& one : measured) {
        if (!run_round(batch_size, one)) break;
        if (!is_first()) continue;
        result_.rows = rows_before;
        append_rows(batch_size, measured);
        save_rows();
        if (callbacks_.on_round)
          callbacks_.on_round({round, kRounds, batch_size, one.count, one.threads,
                               one.rounds.back().summary.samples_per_second});
      }
    for (const Measured& one : measured) note_sharing(one);
    if (is_first() && !measured.front().rounds.empty())
      result_.fits.push_back({batch_size, fit(result_.rows, rows_before.size())});
    return !result_.interrupted;
  }

  /// The rows of the smallest mini-batch that is split among threads.
  std::size_t split_from() const {
    const Topology& topology = start_->network.topology();
    if (!trains_on_entries(*start_, data_.train, options_.train))
      return smallest_split_batch(topology);
    const EntryCounts entries = count_entries(data_.train, topology.inputs(), 1);
    return smallest_split_batch(topology, &entries);
  }

  /// One turn of a count of ranks and threads. Returns false if it was interrupted.
  bool run_round(std::size_t batch_size, Measured& measured) {
    std::exception_ptr error;
    try {
      if (measured.ranks != nullptr) train_in_turn(batch_size, measured);
    } catch (...) {
      error = std::current_exception();
    }
    meet(ranks_);
    together(ranks_, [&] {
      if (error) std::rethrow_exception(error);
    });
    result_.interrupted = any_of(ranks_, result_.interrupted);
    return !result_.interrupted;
  }

  void train_in_turn(std::size_t batch_size, Measured& measured) {
    // One executor at a time: the threads of an idle one would still be threads of the process.
    const auto executor = make_executor(measured.threads);
    const double seconds = options_.scale.seconds / kRounds;
    TimedRanks ranks(*measured.ranks, /*overlaps=*/true);
    train_for(kWarmUp * seconds, batch_size, *executor, ranks);
    if (result_.interrupted) return;
    measured.sharing.start();
    const Round round = train_for(seconds, batch_size, *executor, ranks);
    measured.sharing.stop();
    if (result_.interrupted) return;
    if (measured.count > 1) {
      TimedRanks waiting(*measured.ranks, /*overlaps=*/false);
      const Round without = train_for(seconds, batch_size, *executor, waiting);
      if (result_.interrupted) return;
      measured.without_overlap.push_back(without);
    }
    measured.rounds.push_back(round);
  }

  /// Trains a fresh copy of the model for about that long, for one mini-batch at least.
  Round train_for(double seconds, std::size_t batch_size, Executor& executor, TimedRanks& ranks) {
    Model<T> model = *start_;
    TrainOptions train_options = options_.train;
    train_options.batch_size = batch_size;
    train_options.epochs = 1'000'000'000;  // as many as there can be
    train_options.evaluate_every = 0;
    train_options.schedule = {};
    train_options.stop = {};
    Trainer<T> trainer(model, data_, train_options, parallel_of(options_), executor, ranks);
    const double waited_before = ranks.seconds();
    const Clock::time_point end = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                                     std::chrono::duration<double>(seconds));
    TrainCallbacks callbacks;
    callbacks.on_batch = [&](const BatchReport&) {
      if (callbacks_.stop && callbacks_.stop()) result_.interrupted = true;
      return result_.interrupted || Clock::now() >= end ? Flow::kStop : Flow::kContinue;
    };
    const TrainSummary summary = trainer.run(callbacks);
    if (summary.status == TrainStatus::kDiverged)
      throw DivergedError("training with mini-batches of " + std::to_string(batch_size) +
                          " rows diverged in " + divergence_text(summary.divergence));
    return {summary, ranks.seconds() - waited_before};
  }

  void append_rows(std::size_t batch_size, const std::vector<Measured>& measured) {
    const std::size_t first = result_.rows.size();
    for (const Measured& one : measured) {
      if (one.rounds.empty()) continue;
      const Round round = median_of(one.rounds);
      const TrainSummary& median = round.summary;
      ScaleRow row{.batch_size = batch_size,
                   .ranks = one.count,
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
        row.phase_seconds.*phase.seconds = per_million(median.phase_seconds.*phase.seconds, median);
      if (one.count > 1) {
        const Round without = median_of(one.without_overlap);
        row.waited = per_million(round.waited, median);
        row.waited_without_overlap = per_million(without.waited, without.summary);
      }
      for (const Round& any : one.rounds) {
        row.seconds += any.summary.train_seconds;
        row.samples += samples_of(any.summary);
      }
      result_.rows.push_back(row);
      const ScaleRow& base = result_.rows[first];
      ScaleRow& last = result_.rows.back();
      last.speedup = last.samples_per_second / base.samples_per_second;
      last.efficiency = last.speedup * threads_of_all(base) / threads_of_all(last);
    }
  }

  /// Amdahl's law does not hold for more threads than cores.
  std::optional<SerialFraction> fit(const std::vector<ScaleRow>& rows, std::size_t first) const {
    std::vector<ThreadTime> times;
    for (std::size_t i = first; i < rows.size(); ++i)
      if (rows[i].threads <= own_cores_)
        times.push_back({threads_of_all(rows[i]), 1 / rows[i].samples_per_second});
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
    if (is_first() && callbacks_.on_warning) callbacks_.on_warning(text);
  }

  void warn_of_missing_cores() const {
    const std::size_t most = std::ranges::max(options_.scale.threads);
    if (most > own_cores_)
      warn("scale.threads: " + std::to_string(most) + " threads, but " +
           (ranks_.size() > 1 ? "each rank has only " : "this process may use only ") +
           std::to_string(own_cores_) + (own_cores_ == 1 ? " core" : " cores"));
  }

  /// Other ranks may run on the same cores.
  void note_sharing(const Measured& measured) {
    if (measured.count > 1) return;
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

  const ScaleCallbacks& callbacks_;
  Ranks& ranks_;
  std::size_t cores_;      ///< of the process
  std::size_t own_cores_;  ///< that no other rank shares
  DataSplit data_;
  ExperimentOptions options_;
  std::string config_;
  std::optional<Model<T>> start_;
  std::vector<std::unique_ptr<Ranks>> groups_;  ///< of each count of ranks
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

ScaleResult run_scale(const ExperimentOptions& options, const ScaleCallbacks& callbacks,
                      Ranks& ranks) {
  require_same_build(ranks);
  return options.train.precision == Precision::kFloat64
             ? Study<double>(options, callbacks, ranks).run()
             : Study<float>(options, callbacks, ranks).run();
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
  std::string text =
      "batch_size,ranks,threads,shards,reduction,samples_per_second,speedup,efficiency";
  for (const NamedPhase& phase : kPhases) text += "," + std::string(phase.name);
  text += ",waited,waited_without_overlap,seconds,samples,split_from,rows\n";
  for (const ScaleRow& row : rows) {
    text += std::to_string(row.batch_size) + "," + std::to_string(row.ranks) + "," +
            std::to_string(row.threads) + "," + std::to_string(row.shards) + "," +
            std::string(name_of(row.reduction));
    for (const double value : {row.samples_per_second, row.speedup, row.efficiency})
      text += "," + write_number(value);
    for (const NamedPhase& phase : kPhases)
      text += "," + write_number(row.phase_seconds.*phase.seconds);
    for (const double value : {row.waited, row.waited_without_overlap})
      text += "," + write_number(value);
    text += "," + write_number(row.seconds) + "," + std::to_string(row.samples) + "," +
            std::to_string(row.split_from) + "," + std::to_string(row.rows) + "\n";
  }
  return text;
}

}  // namespace nabla
