// SPDX-License-Identifier: MIT
#include "experiment/option_builders.h"
#include "experiment/option_sections.h"

namespace nabla {

namespace {

double parse_positive(std::string_view text) {
  const double value = parse_number(text, "a number above 0");
  if (value <= 0) throw_bad_value(text, "is out of range", "a number above 0");
  return value;
}

double parse_smoothing(std::string_view text) {
  constexpr std::string_view kExpected = "a number of at least 0 and below 1";
  const double value = parse_number(text, kExpected);
  if (value < 0 || value >= 1) throw_bad_value(text, "is out of range", kExpected);
  return value;
}

double parse_not_negative(std::string_view text) {
  const double value = parse_number(text, "a number of at least 0");
  if (value < 0) throw_bad_value(text, "is out of range", "a number of at least 0");
  return value;
}

}  // namespace

std::vector<Option> train_section() {
  return {
      choice_option(
          "train.cost", [](auto& o) -> auto& { return o.network.cost; },
          choices_with_auto<Cost>(all_costs()),
          "The cost; auto: cross-entropy with sigmoid or softmax outputs, mse for a "
          "regression."),
      make_option(
          "train.huber-delta", "number", "above 0",
          "Difference of output and target up to which huber is quadratic; beyond it is linear.",
          [](auto& o) -> auto& { return o.network.huber_delta; }, parse_positive,
          write_number<double>),
      whole_option(
          "train.epochs", [](auto& o) -> auto& { return o.train.epochs; }, 1, 1'000'000'000,
          "Passes over the training rows."),
      make_option(
          "train.batch-size", "whole number or all", "at least 1 · all",
          "Rows per mini-batch; all: full batch.",
          [](auto& o) -> auto& { return o.train.batch_size; }, parse_batch_size, write_batch_size),
      make_option(
          "train.learning-rate", "number", "above 0", "The learning rate η.",
          [](auto& o) -> auto& { return o.train.learning_rate; }, parse_positive,
          write_number<double>),
      whole_option(
          "train.seed", [](auto& o) -> auto& { return o.train.seed; }, 0, kNoLimit,
          "Seed of the initial parameters, the order of rows, dropout masks and deformations."),
      yes_no_option(
          "train.shuffle", [](auto& o) -> auto& { return o.train.shuffle; },
          "A new order of the rows every epoch."),
      choice_option(
          "train.last-batch", [](auto& o) -> auto& { return o.train.last_batch; },
          {{"keep", LastBatch::kKeep}, {"drop", LastBatch::kDrop}},
          "Whether a last mini-batch of fewer rows is trained on."),
      make_option(
          "train.l1", "number", "at least 0", "Penalty l1·Σ|w| over the weights, not the biases.",
          [](auto& o) -> auto& { return o.train.l1; }, parse_not_negative, write_number<double>),
      make_option(
          "train.l2", "number", "at least 0",
          "Penalty ½·l2·Σw² over the weights, not the biases; the book's λ is l2 = λ/n.",
          [](auto& o) -> auto& { return o.train.l2; }, parse_not_negative, write_number<double>),
      make_option(
          "train.max-norm", "number", "at least 0; 0: off",
          "After each step the incoming weights of each neuron are scaled down to this L2 norm.",
          [](auto& o) -> auto& { return o.train.max_norm; }, parse_not_negative,
          write_number<double>),
      make_option(
          "train.clip-norm", "number", "at least 0; 0: off",
          "The gradient of the cost, without penalties, is scaled down to this L2 norm over all "
          "parameters.",
          [](auto& o) -> auto& { return o.train.clip_norm; }, parse_not_negative,
          write_number<double>),
      make_option(
          "train.label-smoothing", "number", "at least 0, below 1",
          "Smoothing s of a classification's targets in training: (1−s)y + s/classes with softmax, "
          "(1−s)y + s/2 with sigmoid outputs.",
          [](auto& o) -> auto& { return o.train.label_smoothing; }, parse_smoothing,
          write_number<double>),
      whole_option(
          "train.evaluate-every", [](auto& o) -> auto& { return o.train.evaluate_every; }, 0,
          1'000'000'000,
          "Evaluate validation and test rows every so many epochs; 0: only after the "
          "last."),
      choice_option(
          "train.precision", [](auto& o) -> auto& { return o.precision; },
          {{"float32", Precision::kFloat32}, {"float64", Precision::kFloat64}},
          "Type of the parameters and of all arithmetic on them."),
  };
}

std::vector<Option> parallel_section() {
  return {
      whole_option(
          "parallel.threads", [](auto& o) -> auto& { return o.parallel.threads; }, 0, kMaxThreads,
          "Threads; 0: one per core. Never changes a result."),
      whole_option(
          "parallel.shards", [](auto& o) -> auto& { return o.parallel.shards; }, 0, 65536,
          "Shards per mini-batch, part of the experiment; 0: chosen from batch size and "
          "network alone."),
      choice_option(
          "parallel.reduction", [](auto& o) -> auto& { return o.parallel.reduction; },
          choices_of<Reduction>({Reduction::kAuto, Reduction::kPerShard, Reduction::kTiled}),
          "How the gradients of the shards become one, part of the experiment."),
  };
}

std::vector<Option> output_section() {
  return {
      path_option(
          "output.dir", [](auto& o) -> auto& { return o.output.dir; }, "runs/NAME for NAME.ini",
          "Folder of the run; where it holds a run, -2, -3 … is appended."),
      yes_no_option(
          "output.overwrite", [](auto& o) -> auto& { return o.output.overwrite; },
          "Write into an existing run's folder instead."),
      whole_option(
          "output.checkpoint-every", [](auto& o) -> auto& { return o.output.checkpoint_every; }, 0,
          1'000'000'000,
          "Write a checkpoint every so many epochs; 0: only where the run is interrupted."),
      yes_no_option(
          "output.report", [](auto& o) -> auto& { return o.output.report; },
          "Write report.html into the folder once the training has ended, as `nabla report` does."),
  };
}

}  // namespace nabla
