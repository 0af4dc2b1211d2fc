// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/train/trainer.h"

#include "config/experiment_options.h"
#include "run/training_run.h"

namespace nabla {

/// Threads, memory and work of one trial.
struct TrialWork {
  /// Threads that it gains from, at most those there are: 1 if a mini-batch is not worth threads,
  /// else the tasks that it offers side by side.
  std::size_t threads = 1;
  double memory = 0;  ///< bytes, data aside
  double flops = 0;   ///< of one epoch
  /// train.epochs, or what its auto becomes on these data; 0: not known.
  std::size_t epochs = 0;
};

/// The work of training with these options on these data. Throws ConfigError for options that do
/// not fit the data or the machine's memory, before anything large is made.
TrialWork plan_trial(const ExperimentOptions& options, const DataSplit& data, std::size_t threads);

/// The data of the trials of a sweep: trials with the same data share them. Data that no trial
/// uses are given back, but for those used last. Any thread may call it.
class SharedData {
 public:
  /// Takes data that have been read.
  void put(const ExperimentOptions& options, DataSplit data);
  /// Throws as load_data does.
  std::shared_ptr<const KnownData> get(const ExperimentOptions& options);

  /// Equal for options that read the same data.
  static std::string key(const ExperimentOptions& options);

 private:
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<const KnownData>> known_;
  std::shared_ptr<const KnownData> last_;
};

/// A trial that runs, as far as it has come.
struct RunningTrial {
  std::size_t trial;
  std::size_t epoch;   ///< from 1
  std::size_t epochs;  ///< asked for
  double fraction;     ///< of all epochs of all its trainings, 0 to 1
  double mean_cost;    ///< of the epoch's rows so far
  /// Those of a cross-validation; else 1. Epoch and cost are those of one that runs.
  std::size_t trainings;
  std::size_t ended;  ///< trainings
};

/// The trials that run now. A trial's own thread notes its mini-batches, which costs it next to
/// nothing; any thread may look.
class RunningTrials {
 public:
  class Entry {
   public:
    Entry(std::size_t trial, std::size_t trainings) : trial_(trial), fractions_(trainings) {}
    /// `training`: its number, from 0. Several may run at once.
    void note(const BatchReport& report, std::size_t training = 0);
    /// A training of a cross-validation, which may have stopped early.
    void note_end(std::size_t training);
    RunningTrial now() const;

   private:
    std::size_t trial_;
    std::vector<std::atomic<double>> fractions_;  ///< of each training's epochs
    std::atomic<std::size_t> ended_{0};
    std::atomic<std::size_t> epoch_{1};
    std::atomic<std::size_t> epochs_{1};
    std::atomic<double> mean_cost_{0};
  };

  /// Among the running trials as long as it lives.
  class Place {
   public:
    Place(RunningTrials& trials, std::size_t trial, std::size_t trainings);
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    Entry& operator*() const { return *entry_; }

   private:
    RunningTrials& trials_;
    std::list<Entry>::iterator entry_;
  };

  std::vector<RunningTrial> now() const;

 private:
  mutable std::mutex mutex_;
  std::list<Entry> entries_;
};

/// Whether the folder has the model of a run with just these options.
bool holds_run_of(const ExperimentOptions& options, const std::filesystem::path& folder);

/// Trains into the folder. Goes on from a checkpoint there of a run with the same options, or the
/// same but fewer epochs, if that leads to the bytes of a run that was never stopped; else starts
/// anew in place of the run that is there. Throws as run_training does, and ConfigError if the
/// folder has other files than a run's.
RunResult train_trial(const ExperimentOptions& options, const std::filesystem::path& folder,
                      const RunResources& resources, const RunCallbacks& callbacks);

}  // namespace nabla
