// SPDX-License-Identifier: MIT
#include "sweep/sweep.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <mutex>
#include <new>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "nabla/base/error.h"
#include "nabla/engine/executor.h"
#include "nabla/train/resolved.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/option.h"
#include "engine/blas_guard.h"
#include "run/crossval.h"
#include "run/deal.h"
#include "run/node_data.h"
#include "run/rank_news.h"
#include "run/rank_options.h"
#include "run/resolved_experiment.h"
#include "run/same_on_ranks.h"
#include "run/together.h"
#include "sweep/folder.h"
#include "sweep/pool.h"
#include "sweep/results.h"
#include "sweep/trial_message.h"
#include "sweep/trial_run.h"

namespace nabla {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The part of the machine's memory that trials side by side may take beside the data.
constexpr double kMemoryShare = 0.6;

/// Between looks at what other ranks have told, once this one has nothing left to do.
constexpr std::chrono::milliseconds kRest{10};

class Sweep {
 public:
  Sweep(const Configuration& configuration, const SweepCallbacks& callbacks, Ranks& ranks)
      : configuration_(configuration),
        options_(configuration.options),
        callbacks_(callbacks),
        ranks_(ranks),
        sharing_(ranks_on_own_cores(ranks)),
        cores_(with_rank_threads(options_.parallel, ranks).threads) {
    if (cores_ == 0) cores_ = std::min(available_cores(), kMaxThreads);
  }

  SweepResult run() {
    require_same_build(ranks_);
    require_same_configuration(ranks_, write_configuration(options_));
    together(ranks_, [&] { result_.start.trials = make_trials(configuration_); });
    const ExperimentOptions& first = trials().front().options;
    data_.put(first, read_once_a_node(ranks_, [&] { return load_data(first.data); }));
    together(ranks_, [&] { plan_work(); });
    require_same_data(ranks_, data_.get(first)->identity);
    open_folder();
    SweepStart& start = result_.start;
    count_trainings();
    start_ = Clock::now();
    if (is_first() && callbacks_.on_start) callbacks_.on_start(start);
    for (std::size_t round = 1; round <= start.rounds.size() && !result_.interrupted; ++round) {
      choose_trials(round);
      run_round(round);
    }
    if (is_first()) leave_best();
    result_.results = results_;
    if (is_first()) write_results(*folder_);
    return std::move(result_);
  }

 private:
  bool is_first() const { return ranks_.rank() == 0; }

  std::vector<Trial>& trials() { return result_.start.trials; }
  const Trial& trial(std::size_t number) const { return result_.start.trials[number - 1]; }

  /// Reads the data, so that all trials that share them can be checked before the first one runs.
  void plan_work() {
    const std::string key = SharedData::key(trials().front().options);
    const auto data = data_.get(trials().front().options);
    const Dataset& train = data->split.train;
    result_.start.task = train.task;
    ExperimentOptions base = options_;
    base.train.epochs = resolved(options_.train, train).epochs;
    result_.start.rounds = sweep_rounds(base, trials().size());
    for (const Trial& one : trials()) {
      const bool is_same = SharedData::key(one.options) == key;
      try {
        require_option(!is_crossval() || data->split.validation.rows() == 0, "sweep.score",
                       kNoValidationRows);
        work_.push_back(plan_trial(one.options, data->split, cores_));
      } catch (const ConfigError& error) {
        // The error may be one of these data only; other data are not read yet.
        if (is_same) throw ConfigError(trial_error(error.what(), configuration_, one));
        work_.emplace_back();
      }
    }
    if (cores_ > 1 || options_.sweep.parallel > 1)
      require_safe_blas(*make_executor(std::max(cores_, options_.sweep.parallel)));
  }

  /// The first rank opens it, and tells the others of it.
  void open_folder() {
    std::string path;
    together(ranks_, [&] {
      if (!is_first()) return;
      folder_.emplace(SweepFolder::open(options_, trials()));
      require_data_of_trials(*folder_);
      folder_->begin(options_, trials());
      path = folder_->path().string();
    });
    result_.start.folder = text_of_first(ranks_, path);
    RankNews news(ranks_);
    if (is_first()) {
      results_ = folder_->earlier();
      for (const auto& [number, result] : results_) news.tell(to_bytes({result, ""}));
    }
    news.end();
    while (!news.have_all_ended())
      for (const std::string& message : news.hear()) {
        const TrialResult result = trial_message(message).result;
        results_[result.trial] = result;
      }
  }

  void write_results(SweepFolder& folder) {
    std::string text = results_header(options_.sweep);
    for (const auto& [number, result] : results_)
      text += result_line(options_.sweep, trial(number), result);
    const double seconds = seconds_since(start_);
    try {
      folder.rewrite(text);
      replace_file(folder.summary(), sweep_json(options_, trials(), results_, result_.interrupted,
                                                seconds, data_of_best()));
    } catch (const std::system_error& error) {
      note_write_error(error.what());
    }
  }

  /// Throws DataError if a trial that has ended, or that would go on, was trained on other data.
  void require_data_of_trials(SweepFolder& folder) {
    for (const Trial& one : trials()) {
      const auto before = identity_in_folder(folder.trial(one.number));
      if (!before) {
        // Version 0.1 did not note the data.
        folder.forget(one.number);
        continue;
      }
      const std::string changed = difference(data_.get(one.options)->identity, *before);
      if (!changed.empty())
        throw DataError(folder.path().string() + ": the data have changed since trial " +
                        std::to_string(one.number) + ": " + changed +
                        "; another output.dir or output.overwrite = yes sweeps anew");
    }
  }

  /// The data of the best trial; nothing if there is none.
  std::optional<DataIdentity> data_of_best() const {
    const TrialResult* best = best_result(results_);
    return best != nullptr ? identity_in_folder(folder_of(best->trial)) : std::nullopt;
  }

  std::filesystem::path folder_of(std::size_t number) const {
    return trial_folder(result_.start.folder, number);
  }

  /// The trials of a round: all of them in the first; then those that took part in it before, and
  /// the best of those that ended the round before, until there are enough.
  void choose_trials(std::size_t round) {
    std::vector<std::size_t> chosen;
    if (round == 1) {
      for (const Trial& one : trials()) chosen.push_back(one.number);
    } else {
      for (const std::size_t number : chosen_)
        if (results_.contains(number) && results_.at(number).is_finished())
          chosen.push_back(number);
      std::ranges::stable_sort(chosen, [&](std::size_t a, std::size_t b) {
        const TrialResult &x = results_.at(a), &y = results_.at(b);
        const bool x_went_on = x.round >= round, y_went_on = y.round >= round;
        return x_went_on != y_went_on ? x_went_on : x.is_better_than(y);
      });
      chosen.resize(std::min(chosen.size(), result_.start.rounds[round - 1].trials));
      std::ranges::sort(chosen);
    }
    chosen_ = std::move(chosen);
  }

  void run_round(std::size_t round) {
    const std::size_t epochs = result_.start.rounds[round - 1].epochs;
    std::vector<PoolJob> jobs;
    for (const std::size_t number : own_share(round, epochs)) {
      const TrialWork& work = work_[number - 1];
      const std::size_t side_by_side = options_.sweep.parallel;
      const std::size_t threads =
          side_by_side == 0 ? work.threads : std::max<std::size_t>(1, cores_ / side_by_side);
      jobs.push_back({threads, work.memory, [this, number, round, epochs, threads](PoolSlot& slot) {
                        run_trial(trial(number), round, epochs, threads, slot);
                      }});
    }
    PoolLimits limits{.threads = cores_,
                      .jobs = cores_,
                      .memory = kMemoryShare * static_cast<double>(physical_memory()) /
                                static_cast<double>(sharing_)};
    if (options_.sweep.parallel > 0) {
      limits.jobs = options_.sweep.parallel;
      limits.threads = std::max(cores_, limits.jobs);
    }
    news_.emplace(ranks_);
    run_pool(jobs, limits, [this] { return tick(); });
    news_->end();
    while (!news_->have_all_ended()) {
      std::this_thread::sleep_for(kRest);
      tick();
    }
  }

  /// The trials of the round that are left to this rank.
  std::vector<std::size_t> own_share(std::size_t round, std::size_t epochs) const {
    std::vector<std::size_t> left, own;
    std::vector<double> work;
    for (const std::size_t number : chosen_) {
      if (results_.contains(number) && results_.at(number).round >= round) continue;
      left.push_back(number);
      work.push_back(flops(number, epochs));
    }
    const std::vector<std::size_t> dealt = deal(work, ranks_.size());
    for (std::size_t i = 0; i < left.size(); ++i)
      if (dealt[i] == ranks_.rank()) own.push_back(left[i]);
    return own;
  }

  /// On a thread of the pool.
  void run_trial(const Trial& trial, std::size_t round, std::size_t epochs, std::size_t threads,
                 PoolSlot& slot) {
    ExperimentOptions options = trial.options;
    options.output.dir = folder_of(trial.number);
    if (epochs > 0) options.train.epochs = epochs;
    TrialMessage ended;
    TrialResult& result = ended.result;
    result.trial = trial.number;
    result.round = round;
    {
      const FoldOptions& folds = options.crossval;
      const RunningTrials::Place place(running_, trial.number,
                                       is_crossval() ? folds.folds * folds.repeats : 1);
      try {
        if (is_crossval() ? !cross_validate(options, threads, *place, slot, ended)
                          : !train(options, threads, *place, slot, ended)) {
          const std::lock_guard lock(mutex_);
          note_write_error(ended.write_error);
          return;
        }
      } catch (const std::bad_alloc& error) {
        result.status = "failed";
        result.error = error_text(error);
      } catch (const std::system_error& error) {
        result.status = "failed";
        result.error = error_text(error);
        if (!is_out_of_memory(error)) ended.write_error = result.error;
      } catch (const Error& error) {
        result.status = "failed";
        result.error = error.what();
      }
    }
    const std::lock_guard lock(mutex_);
    untold_.push_back(to_bytes(ended));
    note(std::move(ended));
  }

  /// A trial has ended, on whatever rank. The mutex is locked.
  void note(TrialMessage ended) {
    const TrialResult& result = ended.result;
    note_write_error(ended.write_error);
    try {
      if (folder_) folder_->append(result_line(options_.sweep, trial(result.trial), result));
    } catch (const std::system_error& error) {
      note_write_error(error.what());
      warnings_.emplace_back(error.what());
    }
    results_[result.trial] = result;
    done_flops_ += flops(result.trial, result_.start.rounds[result.round - 1].epochs);
    ++done_;
    ended_.push_back(std::move(ended.result));
  }

  /// Returns false if it was interrupted.
  bool train(const ExperimentOptions& options, std::size_t threads, RunningTrials::Entry& entry,
             PoolSlot& slot, TrialMessage& ended) {
    TrialResult& result = ended.result;
    const auto flow = [&] { return slot.is_stopping() ? Flow::kStop : Flow::kContinue; };
    if (flow() == Flow::kStop) return false;
    const std::shared_ptr<const KnownData> data = data_.get(options);
    const auto executor = make_executor(threads);
    RunCallbacks callbacks;
    callbacks.train.on_batch = [&](const BatchReport& report) {
      entry.note(report);
      return flow();
    };
    callbacks.on_trained = [&] { slot.release_threads(); };
    callbacks.train.on_epoch = [&](const EpochReport&) { return flow(); };
    const RunResult run = train_trial(options, options.output.dir, {*data, *executor}, callbacks);
    const TrainSummary& summary = run.summary;
    ended.write_error = run.write_error;
    if (summary.status == TrainStatus::kInterrupted) return false;
    if (!run.write_error.empty()) throw Error(run.write_error);
    result.status = name_of(summary.status);
    result.epochs = summary.epochs;
    result.seconds = summary.train_seconds;
    if (summary.status == TrainStatus::kDiverged) return true;
    result.model_epoch = summary.model_epoch;
    static_cast<RowScores&>(result) = scores_of(summary.of_model());
    return true;
  }

  /// Returns false if it was interrupted.
  bool cross_validate(ExperimentOptions options, std::size_t threads, RunningTrials::Entry& entry,
                      PoolSlot& slot, TrialMessage& ended) {
    TrialResult& result = ended.result;
    if (slot.is_stopping()) return false;
    const std::shared_ptr<const KnownData> data = data_.get(options);
    const auto executor = make_executor(threads);
    // What an interrupted one has left is of no use.
    options.output.overwrite = true;
    CrossvalCallbacks callbacks;
    callbacks.stop = [&] { return slot.is_stopping(); };
    callbacks.on_batch = [&](std::size_t training, const BatchReport& report) {
      entry.note(report, training);
    };
    callbacks.on_fold = [&](const FoldResult& fold) {
      entry.note_end((fold.repeat - 1) * options.crossval.folds + fold.fold - 1);
    };
    const CrossvalResult run = run_crossval(options, {*data, *executor}, callbacks);
    ended.write_error = run.write_error;
    if (run.validation.interrupted) return false;
    if (!run.write_error.empty()) throw Error(run.write_error);
    result.status = name_of(TrainStatus::kCompleted);
    std::vector<double> costs, scores;
    for (const FoldResult& fold : run.validation.folds) {
      result.epochs = std::max(result.epochs, fold.summary.epochs);
      result.seconds += fold.summary.train_seconds;
      costs.push_back(fold.evaluation.score.cost);
      scores.push_back(fold.evaluation.score.goodness);
      if (fold.summary.status == TrainStatus::kDiverged)
        result.status = name_of(TrainStatus::kDiverged);
    }
    if (!result.is_finished()) return true;
    const MeanDeviation score = mean_and_deviation(scores);
    result.crossval = {.cost = mean_and_deviation(costs).mean, .goodness = score.mean};
    result.crossval_deviation = score.deviation;
    return true;
  }

  /// Leaves the winner's run in best/: its trial, or if trials are cross-validations a run on all
  /// training rows, unless that is there already.
  void leave_best() {
    const TrialResult* best = best_result(results_);
    if (best == nullptr || result_.interrupted) return;
    try {
      if (is_crossval())
        train_best(trial(best->trial));
      else
        folder_->link_best(best->trial);
    } catch (const std::system_error& error) {
      note_write_error(error.what());
    }
  }

  void train_best(const Trial& winner) {
    ExperimentOptions options = winner.options;
    options.output.dir = folder_->best();
    const std::shared_ptr<const KnownData> data = data_.get(options);
    if (holds_run_of(resolved(options, data->split.train), folder_->best())) return;
    const auto executor = make_executor(cores_);
    RunCallbacks callbacks;
    callbacks.train.on_batch = [&](const BatchReport&) {
      if (callbacks_.stop && callbacks_.stop()) result_.interrupted = true;
      return result_.interrupted ? Flow::kStop : Flow::kContinue;
    };
    const RunResult run = train_trial(options, folder_->best(), {*data, *executor}, callbacks);
    note_write_error(run.write_error);
    if (run.summary.status == TrainStatus::kDiverged && callbacks_.on_warning)
      callbacks_.on_warning(folder_->best().string() + ": trial " + std::to_string(winner.number) +
                            ", the best, diverged on all training rows");
  }

  bool is_crossval() const { return options_.sweep.score == SweepScore::kCrossval; }

  /// `error`: empty if there is none.
  void note_write_error(const std::string& error) {
    if (result_.write_error.empty()) result_.write_error = error;
  }

  /// On the calling thread; whether the sweep goes on.
  bool tick() {
    exchange_news();
    std::vector<TrialResult> ended;
    std::vector<std::string> warnings;
    SweepProgress progress;
    progress.running = running_.now();
    {
      const std::lock_guard lock(mutex_);
      ended = std::exchange(ended_, {});
      warnings = std::exchange(warnings_, {});
      progress.done = done_;
      progress.seconds_left = seconds_left(progress.running);
      if (const TrialResult* best = best_result(results_)) progress.best = *best;
    }
    if (is_first() && callbacks_.on_trial)
      for (const TrialResult& result : ended) callbacks_.on_trial(result, progress);
    if (is_first() && callbacks_.on_warning)
      for (const std::string& warning : warnings) callbacks_.on_warning(warning);
    if (is_first() && callbacks_.on_tick) callbacks_.on_tick(progress);
    return !result_.interrupted;
  }

  void exchange_news() {
    if (news_->is_stopped() || (callbacks_.stop && callbacks_.stop())) {
      result_.interrupted = true;
      news_->stop();
    }
    std::vector<std::string> untold;
    {
      const std::lock_guard lock(mutex_);
      untold = std::exchange(untold_, {});
    }
    for (const std::string& message : untold) news_->tell(message);
    const std::vector<std::string> heard = news_->hear();
    const std::lock_guard lock(mutex_);
    for (const std::string& message : heard) note(trial_message(message));
  }

  /// Of a training of so many epochs, 0 for those of the trial itself.
  double flops(std::size_t number, std::size_t epochs) const {
    const TrialWork& work = work_[number - 1];
    return work.flops * static_cast<double>(epochs > 0 ? epochs : work.epochs);
  }

  /// Counts the trainings that are done and those that are left. It is not known yet which trials
  /// halving promotes, so a later round counts with the mean of all trials.
  void count_trainings() {
    SweepStart& start = result_.start;
    double mean = 0;
    for (const TrialWork& work : work_) mean += work.flops / static_cast<double>(work_.size());
    start.trainings = 0;
    for (std::size_t round = 1; round <= start.rounds.size(); ++round) {
      const auto [count, epochs] = start.rounds[round - 1];
      start.trainings += count;
      const auto had = static_cast<std::size_t>(std::ranges::count_if(
          results_, [&](const auto& entry) { return entry.second.round >= round; }));
      done_ += had;
      if (round > 1) all_flops_ += mean * static_cast<double>(epochs * (count - had));
      for (const Trial& one : trials())
        if (round == 1 && !results_.contains(one.number)) all_flops_ += flops(one.number, epochs);
    }
    start.missing = start.trainings - done_;
  }

  double seconds_left(const std::vector<RunningTrial>& running) {
    double done = done_flops_;
    for (const RunningTrial& one : running) done += one.fraction * flops(one.trial, one.epochs);
    if (done <= 0) return std::numeric_limits<double>::infinity();
    return seconds_since(start_) * std::max(0.0, all_flops_ - done) / done;
  }

  const Configuration& configuration_;
  const ExperimentOptions& options_;
  const SweepCallbacks& callbacks_;
  Ranks& ranks_;
  std::size_t sharing_;  ///< ranks on the cores of this one
  std::size_t cores_;
  SweepResult result_;
  SharedData data_;
  std::vector<TrialWork> work_;        ///< of each trial
  std::optional<SweepFolder> folder_;  ///< the first rank's
  std::optional<RankNews> news_;       ///< of the round
  RunningTrials running_;
  std::vector<std::size_t> chosen_;  ///< trials of the round
  Clock::time_point start_;
  double all_flops_ = 0;  ///< of this call

  std::mutex mutex_;  ///< guards the members below, folder and write error, while trials run
  TrialResults results_;
  std::vector<std::string> untold_;    ///< messages for other ranks
  std::vector<TrialResult> ended_;     ///< not yet told
  std::vector<std::string> warnings_;  ///< not yet told
  std::size_t done_ = 0;
  double done_flops_ = 0;
};

}  // namespace

SweepResult run_sweep(const Configuration& configuration, const SweepCallbacks& callbacks,
                      Ranks& ranks) {
  return Sweep(configuration, callbacks, ranks).run();
}

}  // namespace nabla
