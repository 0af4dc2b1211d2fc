// SPDX-License-Identifier: MIT
#include "nabla/train/train_options.h"

#include <algorithm>
#include <string>
#include <vector>

#include "nabla/base/error.h"

#include "base/option_builders.h"
#include "data/option_rows.h"
#include "data/source.h"
#include "model/objective.h"
#include "train/option_rows.h"

namespace nabla {

namespace {

constexpr double kMostEpochs = 1'000'000'000;

ClassWeights read_class_weights(std::string_view text) {
  if (text == "none") return {};
  if (text == "balanced") return {ClassWeights::Kind::kBalanced, {}};
  if (text.find_first_of("0123456789") == std::string_view::npos) {
    static const std::vector<std::string> kNames = {"none", "balanced"};
    throw_bad_choice(text, kNames, " or a list of weights of at least 0");
  }
  ClassWeights weights{ClassWeights::Kind::kList, {}};
  for (const std::string& item : split_list(text))
    weights.list.push_back(
        parse_number(item, "none, balanced, or a list of weights of at least 0"));
  return weights;
}

std::string write_class_weights(const ClassWeights& weights) {
  if (weights.kind == ClassWeights::Kind::kNone) return "none";
  if (weights.kind == ClassWeights::Kind::kBalanced) return "balanced";
  std::vector<std::string> items;
  for (const double weight : weights.list) items.push_back(write_number(weight));
  return join(items);
}

void check_class_weights(const ClassWeights& weights) {
  if (weights.kind != ClassWeights::Kind::kList) return;
  for (const double weight : weights.list) require_in(at_least(0), weight);
  if (std::ranges::all_of(weights.list, [](double weight) { return weight == 0; }))
    throw_bad_value(write_class_weights(weights), "leaves no class a weight",
                    "none, balanced, or a list of weights of at least 0");
}

/// Returns "sgd 0.1, momentum 0.01, …".
std::string default_rates() {
  std::vector<std::string> rates;
  for (const AlgorithmTraits& row : kAlgorithms)
    rates.push_back(std::string(row.name) + " " + write_number(row.default_rate));
  return join(rates);
}

OptionRows<TrainOptions> make_train_rows() {
  using T = TrainOptions;
  using Row = OptionRow<T>;
  constexpr const char* kOff = "at least 0; 0: off";
  return {
      Row::of("data.class-weights", &T::class_weights, "name or list of numbers",
              "none · balanced · a weight per class in the order of the classes",
              read_class_weights, write_class_weights, check_class_weights,
              "How much the rows of each class count in training; balanced: n / (classes · "
              "n_class). Classes are ordered by value where they are numbers, then by bytes.")
          .flagged({.after_reading = true}),
      Row::choice("train.cost", &T::cost, with_auto<Cost>(all_costs()),
                  "The cost; auto: cross-entropy with sigmoid or softmax outputs, mse for a "
                  "regression."),
      Row::number("train.huber-delta", &T::huber_delta, above(0),
                  "Difference of output and target up to which huber is quadratic; beyond it is "
                  "linear.")
          .only_if({is("train.cost",
                       names_where(all_costs(), [](auto& row) { return row.has_delta; }))}),
      Row::whole_or_auto("train.epochs", &T::epochs, from_to(1, kMostEpochs),
                         "Passes over the training rows; auto: 20,000 divided by the mini-batches "
                         "of one pass, rounded up, at least 10 and at most 200.")
          .flagged({.essential = false, .changes_on_resume = true}),
      Row::of(
          "train.batch-size", &T::batch_size, "whole number or all", "at least 1 · all",
          parse_batch_size, write_batch_size, [](std::size_t) {},
          "Rows per mini-batch; all: full batch."),
      Row::number_or_auto(
          "train.learning-rate", &T::learning_rate, above(0),
          "The learning rate η; auto, by optimizer.algorithm: " + default_rates() + "."),
      Row::whole("train.seed", &T::seed, at_least(0),
                 "Seed of the initial parameters, the order of rows, dropout masks and "
                 "deformations."),
      Row::yes_no("train.shuffle", &T::shuffle, "A new order of the rows every epoch."),
      Row::choice("train.last-batch", &T::last_batch,
                  Choices<LastBatch>{{"keep", LastBatch::kKeep}, {"drop", LastBatch::kDrop}},
                  "Whether a last mini-batch of fewer rows is trained on.")
          .only_if({is_not("train.batch-size", {"all"})}),
      Row::number("train.l1", &T::l1, at_least(0),
                  "Penalty l1·Σ|w| over the weights, not the biases."),
      Row::number("train.l2", &T::l2, at_least(0),
                  "Penalty ½·l2·Σw² over the weights, not the biases; the book's λ is l2 = λ/n."),
      Row::number("train.max-norm", &T::max_norm, at_least(0),
                  "After each step the incoming weights of each neuron are scaled down to this L2 "
                  "norm.")
          .shown_as(kOff),
      Row::number("train.clip-norm", &T::clip_norm, at_least(0),
                  "The gradient of the cost, without penalties, is scaled down to this L2 norm "
                  "over all parameters.")
          .shown_as(kOff),
      Row::number("train.label-smoothing", &T::label_smoothing, from_to_below(0, 1),
                  "Smoothing s of a classification's targets in training: (1−s)y + s/classes with "
                  "softmax, (1−s)y + s/2 with sigmoid outputs.")
          .shown_as("at least 0, below 1"),
      Row::whole("train.evaluate-every", &T::evaluate_every, from_to(0, kMostEpochs),
                 "Evaluate validation and test rows every so many epochs; 0: only after the "
                 "last."),
      Row::choice(
          "train.precision", &T::precision, choices_of<Precision>(kinds_of(kPrecisions)),
          "Type of the parameters and of all arithmetic on them; bfloat16: float32, but the matrix "
          "products take operands rounded to bfloat16 and sum them in float32."),
  };
}

OptionRows<StopOptions> make_stop_rows() {
  using S = StopOptions;
  using Row = OptionRow<S>;
  const OptionCondition may_stop = is_not("stop.patience", {"0"});
  // The book's pickle has validation rows of its own.
  const std::initializer_list<OptionCondition> has_validation = {is_not("data.validation", {"0"}),
                                                                 is("data.source", {"pkl"})};
  return {
      Row::whole("stop.patience", &S::patience, from_to(0, kMostEpochs),
                 "Stop after so many evaluations in turn without improvement; 0: never."),
      Row::number("stop.min-delta", &S::min_delta, at_least(0),
                  "An improvement is by more than this.")
          .only_if({may_stop, is("schedule.policy",
                                 names_where(all_schedule_policies(),
                                             [](auto& row) { return row.has_patience; }))}),
      Row::choice(
          "stop.monitor", &S::monitor,
          Choices<std::optional<Monitor>>{{"auto", std::nullopt},
                                          {"validation-accuracy", Monitor::kValidationAccuracy},
                                          {"validation-cost", Monitor::kValidationCost}},
          "The figure of the validation rows by which epochs are compared; auto: "
          "validation-cost.")
          .only_if(has_validation),
      Row::yes_no("stop.restore-best", &S::restore_best,
                  "With validation rows the model has the parameters of the epoch that is best by "
                  "stop.monitor, of equals that of the lower cost, then the earlier one; no: those "
                  "of the last epoch.")
          .only_if(has_validation),
  };
}

}  // namespace

const OptionRows<TrainOptions>& train_rows() {
  static const OptionRows<TrainOptions> kRows = make_train_rows();
  return kRows;
}

const OptionRows<StopOptions>& stop_rows() {
  static const OptionRows<StopOptions> kRows = make_stop_rows();
  return kRows;
}

void validate(const StopOptions& options) { check_rows(stop_rows(), options); }

void validate(const TrainOptions& options) {
  check_rows(train_rows(), options);
  validate(options.optimizer);
  validate(options.augment);
  validate(options.schedule);
  validate(options.stop);
  const ScheduleOptions& schedule = options.schedule;
  const auto now = [&](const char* key) { return written(train_rows(), key, options); };
  require_option(!options.learning_rate || schedule.min_rate <= *options.learning_rate,
                 "schedule.min-rate",
                 "above " + now("train.learning-rate") + ", expected no more than it");
  require_option(!options.epochs || schedule.warmup_epochs <= *options.epochs,
                 "schedule.warmup-epochs",
                 "more than " + now("train.epochs") + ", expected no more than it");
  if (options.evaluate_every > 0) return;
  const std::string without = "contradicts train.evaluate-every = 0, expected at least 1 there";
  require_option(options.stop.patience == 0, "stop.patience", without);
  require_option(schedule.policy != SchedulePolicy::kPlateau, "schedule.policy",
                 "plateau " + without);
}

void validate(const TrainOptions& options, const NetworkOptions& network, const DataOptions& data) {
  validate(data);
  validate(network);
  validate(options);
  const std::optional<Task> task = known_task(data);
  if (task && options.class_weights.kind != ClassWeights::Kind::kNone)
    require_task(Task::kClassification, *task, "data.class-weights", "none");
  if (data.standardize_targets == true && options.cost) require_raw_targets(*options.cost);
  if (options.cost && network.output)
    require_compatible(*network.output, CostFunction(*options.cost, options.huber_delta));
  require_option(
      (!options.augment.affine && !options.augment.elastic) || !traits_of(data.source).has_columns,
      "data.augment",
      "contradicts data.source = " + std::string(name_of(data.source)) +
          ", expected images or none");
  if (options.label_smoothing != 0) require_smoothable(network.output, task);
  require_norm_rows(network.batch_norm, options.batch_size);
}

void require_valid(const TrainOptions& options, const DataSplit& data) {
  validate(options);
  const auto require_validation = [&](bool is_needed, const char* key) {
    require_option(!is_needed || data.validation.rows() > 0, key,
                   "no validation rows to watch, expected data.validation above 0 with it");
  };
  require_validation(options.stop.patience > 0, "stop.patience");
  require_validation(options.schedule.policy == SchedulePolicy::kPlateau, "schedule.policy");
}

void require_raw_targets(Cost cost) {
  require_option(!traits_of(cost).needs_probabilities, "data.standardize-targets",
                 "contradicts train.cost = " + std::string(name_of(cost)) +
                     ", whose targets are from 0 to 1, expected " +
                     alternatives(kCosts, [](auto& row) { return !row.needs_probabilities; }));
}

void require_norm_rows(bool batch_norm, std::size_t rows) {
  require_option(!batch_norm || rows != 1, "train.batch-size",
                 "1 with network.batch-norm = yes, whose variance needs two rows, expected 2 or "
                 "more or all");
}

}  // namespace nabla
