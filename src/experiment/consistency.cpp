// SPDX-License-Identifier: MIT
#include "experiment/consistency.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "nabla/base/error.h"

#include "data/normalization.h"
#include "data/source.h"
#include "experiment/option_table.h"

namespace nabla {

namespace {

/// "digits.ini:3: data.train: ", or without the place where the key was not given.
std::string place(const std::string& key, const Origins& origins) {
  const auto origin = origins.find(key);
  return (origin == origins.end() ? key : origin->second) + ": ";
}

std::string written(const std::string& key, const ExperimentOptions& options) {
  return key + " = " + find_option(key)->write(options);
}

class Rules {
 public:
  Rules(const ExperimentOptions& options, const Origins& origins)
      : options_(options), origins_(origins) {}

  /// The key must keep its empty default.
  void forbid(const std::string& key, const std::string& because, const std::string& expected) {
    if (!find_option(key)->write(options_).empty())
      throw ConfigError(place(key, origins_) + "contradicts " + because + ", expected " + expected);
  }

  void require(bool holds, const std::string& key, const std::string& problem) {
    if (!holds) throw ConfigError(place(key, origins_) + problem);
  }

  void idle(const std::string& key, const std::string& because) {
    const Option& option = *find_option(key);
    if (origins_.contains(key) && option.write(options_) != option.write(ExperimentOptions{}))
      warnings_.push_back(place(key, origins_) + "has no effect with " + because);
  }

  std::vector<std::string> warnings() && { return std::move(warnings_); }

 private:
  const ExperimentOptions& options_;
  const Origins& origins_;
  std::vector<std::string> warnings_;
};

/// The constants that the chosen algorithm does not have.
void idle_optimizer_keys(const ExperimentOptions& options, Rules& rules) {
  const AlgorithmTraits& traits = traits_of(options.train.optimizer.algorithm);
  const std::pair<const char*, bool> uses[] = {
      {"optimizer.momentum", traits.has_momentum},
      {"optimizer.beta1", traits.has_betas},
      {"optimizer.beta2", traits.has_betas},
      {"optimizer.epsilon", traits.has_epsilon},
      {"optimizer.decay", traits.has_decay},
      {"optimizer.weight-decay", traits.has_weight_decay},
  };
  for (const auto& [key, is_used] : uses)
    if (!is_used) rules.idle(key, written("optimizer.algorithm", options));
}

/// The strengths of deformations that are not asked for.
void idle_augment_keys(const ExperimentOptions& options, Rules& rules) {
  const AugmentOptions& augment = options.train.augment;
  const std::string asked = written("data.augment", options);
  if (!augment.affine)
    for (const char* key : {"augment.rotation", "augment.scale", "augment.shift"})
      rules.idle(key, asked);
  if (!augment.elastic)
    for (const char* key : {"augment.elastic-alpha", "augment.elastic-sigma"})
      rules.idle(key, asked);
}

void require_consistent_schedule(const TrainOptions& train, Rules& rules,
                                 const ExperimentOptions& options) {
  const ScheduleOptions& schedule = train.schedule;
  const bool is_plateau = schedule.policy == SchedulePolicy::kPlateau;
  rules.require(!is_plateau || schedule.factor < 1, "schedule.factor",
                "contradicts schedule.policy = plateau, expected a number below 1");
  rules.require(schedule.min_rate <= train.learning_rate, "schedule.min-rate",
                "above " + written("train.learning-rate", options) + ", expected no more than it");
  rules.require(schedule.warmup_epochs <= train.epochs, "schedule.warmup-epochs",
                "more than " + written("train.epochs", options) + ", expected no more than it");
  if (train.evaluate_every > 0) return;
  const char* without = "contradicts train.evaluate-every = 0, expected at least 1 there";
  rules.require(train.stop.patience == 0, "stop.patience", without);
  rules.require(!is_plateau, "schedule.policy", std::string("plateau ") + without);
}

void note_idle_schedule(const TrainOptions& train, Rules& rules, const ExperimentOptions& options) {
  const ScheduleTraits& traits = traits_of(train.schedule.policy);
  const std::string written_policy = written("schedule.policy", options);
  if (!traits.has_step_epochs) rules.idle("schedule.step-epochs", written_policy);
  if (!traits.has_patience) rules.idle("schedule.patience", written_policy);
  if (!traits.has_factor) rules.idle("schedule.factor", written_policy);
  if (!traits.has_min_rate) rules.idle("schedule.min-rate", written_policy);
  if (train.stop.patience > 0) return;
  const std::string patience = written("stop.patience", options);
  rules.idle("stop.restore-best", patience);
  if (!traits.has_patience) rules.idle("stop.min-delta", patience);
}

}  // namespace

void require_consistent(const ExperimentOptions& options, const Origins& origins) {
  Rules rules(options, origins);
  const DataOptions& data = options.data;
  const DataSourceTraits& traits = traits_of(data.source);
  const std::string source = written("data.source", options);
  if (traits.files != SourceFiles::kPairs)
    for (const char* key : {"data.train-labels", "data.test-labels"})
      rules.forbid(key, source, "it with data.source = idx only");
  if (!traits.has_files())
    for (const char* key : {"data.train", "data.test"})
      rules.forbid(key, source, "a data.source with files");
  if (traits.files == SourceFiles::kOneFile) {
    rules.require(data.train.size() <= 1, "data.train",
                  "several files, expected one for " + source);
    rules.forbid("data.test", source, "data.train only, whose file holds the test rows, too");
  }
  if (traits.has_files() && !traits.has_standard_names)
    rules.require(!data.train.empty(), "data.train", "missing, expected a file for " + source);
  if (traits.files == SourceFiles::kPairs) {
    rules.require(data.train.size() <= 1, "data.train",
                  "several files, expected one for " + source);
    rules.require(data.test.size() <= 1, "data.test", "several files, expected one for " + source);
    rules.require(!data.train.empty() || data.train_labels.empty(), "data.train-labels",
                  "without data.train, expected both or only data.train");
    rules.require(!data.test.empty() || data.test_labels.empty(), "data.test-labels",
                  "without data.test, expected both or only data.test");
  }
  rules.require(!data.train.empty() || data.test.empty(), "data.test",
                "without data.train, expected both or only data.train");
  rules.require(options.train.class_weights.kind == ClassWeights::Kind::kNone ||
                    !traits.has_task_choice || data.csv.task != TaskChoice::kRegression,
                "data.class-weights",
                "contradicts data.task = regression, expected none or classes");
  if (data.standardize_targets) {
    rules.require(data.csv.task != TaskChoice::kClassification, "data.standardize-targets",
                  "contradicts " + written("data.task", options) + ", expected a regression");
    rules.require(!options.network.cost || !traits_of(*options.network.cost).needs_probabilities,
                  "data.standardize-targets",
                  "contradicts " + written("train.cost", options) +
                      ", whose targets are from 0 to 1, expected " +
                      alternatives(kCosts, [](auto& row) { return !row.needs_probabilities; }));
  }
  const AugmentOptions& augment = options.train.augment;
  rules.require((!augment.affine && !augment.elastic) || !traits.has_columns, "data.augment",
                "contradicts " + source + ", expected images or none");
  const auto& output = options.network.output;
  const double smoothing = options.train.label_smoothing;
  rules.require(
      smoothing == 0 || !output || traits_of(*output).probabilities != Probabilities::kNone,
      "train.label-smoothing",
      "contradicts " + written("network.output", options) +
          ", expected 0 or network.output = softmax or sigmoid");
  rules.require(
      smoothing == 0 || !traits.has_task_choice || data.csv.task != TaskChoice::kRegression,
      "train.label-smoothing", "contradicts data.task = regression, expected 0");
  const std::size_t activations = options.network.activation.size();
  const std::size_t hidden = options.network.hidden.size();
  const std::size_t fractions = options.train.dropout.size();
  rules.require(fractions == 1 || fractions == hidden, "network.dropout",
                std::to_string(fractions) + " fractions for " + std::to_string(hidden) +
                    " hidden layers, expected one for all of them or one each");
  rules.require(
      !options.network.batch_norm || options.train.batch_size != 1, "train.batch-size",
      "1 with network.batch-norm = yes, whose variance needs two rows, expected 2 or more "
      "or all");
  rules.require(activations == 1 || activations == hidden, "network.activation",
                std::to_string(activations) + " activations for " + std::to_string(hidden) +
                    " hidden layers, expected one for all of them or one each");
  require_consistent_schedule(options.train, rules, options);
}

void require_consistent_sweep(const ExperimentOptions& options, const Origins& origins) {
  Rules rules(options, origins);
  const SweepOptions& sweep = options.sweep;
  for (const SweptKey& swept : sweep.keys) {
    rules.require(sweep.method != SweepMethod::kGrid || !swept.range, "sweep." + swept.key,
                  "a range contradicts " + written("sweep.method", options) +
                      ", expected alternatives separated by ; or sweep.method = random");
    rules.require(sweep.method != SweepMethod::kHalving || swept.key != "train.epochs",
                  "sweep.train.epochs",
                  "contradicts " + written("sweep.method", options) +
                      ", which divides train.epochs itself, expected another method");
  }
}

std::vector<std::string> ineffective_keys(const ExperimentOptions& options,
                                          const Origins& origins) {
  Rules rules(options, origins);
  const DataSourceTraits& traits = traits_of(options.data.source);
  const std::string source = written("data.source", options);
  if (!traits.has_columns)
    for (const char* key : {"data.target", "data.header", "data.weights", "data.one-hot"})
      rules.idle(key, source);
  if (!traits.has_task_choice) rules.idle("data.task", source);
  if (options.data.source != DataSource::kDigits)
    for (const char* key : {"data.digits-train", "data.digits-test", "data.digits-seed"})
      rules.idle(key, source);
  if (traits_of(options.data.normalize).formula != InputFormula::kRotated)
    rules.idle("data.components", written("data.normalize", options));
  if (options.data.validation == 0)
    for (const char* key : {"data.validation-shuffle", "data.split-seed"})
      rules.idle(key, written("data.validation", options));
  else if (!options.data.validation_shuffle)
    rules.idle("data.split-seed", written("data.validation-shuffle", options));
  if (!options.network.initial.empty())
    for (const char* key : {"network.init", "network.init-bias"})
      rules.idle(key, "network.initial");
  if (options.network.hidden.empty())
    for (const char* key : {"network.activation", "network.dropout", "network.batch-norm"})
      rules.idle(key, "no network.hidden");
  if (!options.network.cost || !traits_of(*options.network.cost).has_delta)
    rules.idle("train.huber-delta", written("train.cost", options));
  if (options.train.batch_size == 0)
    rules.idle("train.last-batch", written("train.batch-size", options));
  idle_augment_keys(options, rules);
  if (options.sweep.method == SweepMethod::kGrid)
    for (const char* key : {"sweep.trials", "sweep.seed"})
      rules.idle(key, written("sweep.method", options));
  idle_optimizer_keys(options, rules);
  note_idle_schedule(options.train, rules, options);
  return std::move(rules).warnings();
}

}  // namespace nabla
