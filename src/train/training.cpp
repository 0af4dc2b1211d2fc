// SPDX-License-Identifier: MIT
#include "train/training.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "nabla/base/error.h"

#include "data/entry_counts.h"
#include "data/row_entries.h"
#include "math/elementwise.h"
#include "optimize/schedule.h"
#include "train/checked_rows.h"
#include "train/goodness.h"
#include "train/improvement.h"
#include "train/input_scales.h"
#include "train/step_options.h"
#include "train/with_precision.h"

namespace nabla {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Rows trained on in one epoch. A last mini-batch of one row has no variance to normalise by and
/// is left out.
std::size_t epoch_rows(const TrainOptions& options, std::size_t rows, bool batch_norm) {
  const std::size_t ragged = rows % options.batch_rows(rows);
  const bool drops = options.last_batch == LastBatch::kDrop || (batch_norm && ragged == 1);
  return drops ? rows - ragged : rows;
}

/// The seconds within steps and those that are left of all.
PhaseSeconds phases_of(double train_seconds, PhaseSeconds steps) {
  // The measured steps stand for all steps. If they were slower than the others, their total would
  // exceed the time that passed.
  const double measured = steps.sum();
  const double scale = measured > train_seconds ? train_seconds / measured : 1.0;
  for (double* phase : {&steps.gather, &steps.feedforward, &steps.backprop, &steps.reduce_step,
                        &steps.exchange, &steps.idle})
    *phase *= scale;
  steps.other = std::max(0.0, train_seconds - measured);
  return steps;
}

/// Copies into `to`, which keeps its memory if it has the size.
template <class T>
void copy_array(std::span<const T> from, AlignedArray<T>& to) {
  if (to.size() != from.size()) to = AlignedArray<T>(from.size());
  std::ranges::copy(from, to.data());
}

/// Stops all ranks if one of them stops.
Flow agreed(Flow own, Ranks& ranks) {
  if (ranks.size() == 1) return own;
  std::vector<Flow> flows(ranks.size());
  std::vector<BytesRange> parts;
  for (std::size_t q = 0; q < flows.size(); ++q) parts.push_back({q * sizeof(Flow), sizeof(Flow)});
  flows[ranks.rank()] = own;
  ranks.gather(std::as_writable_bytes(std::span(flows)), parts);
  return std::ranges::count(flows, Flow::kStop) > 0 ? Flow::kStop : Flow::kContinue;
}

/// Throws ConfigError if the ranks cannot train by the plan.
void require_shards(const StepPlan& plan, const Ranks& ranks) {
  const std::size_t size = ranks.size();
  if (size == 1 || (plan.reduction == Reduction::kPerShard && size <= plan.shards)) return;
  const std::string shards = std::to_string(std::bit_ceil(size));
  throw ConfigError("parallel.shards", std::to_string(size) + " ranks train with " +
                                           std::to_string(plan.shards) + " shards, added " +
                                           std::string(name_of(plan.reduction)) +
                                           ", expected a shard for each rank, added per-shard: "
                                           "--parallel.reduction=per-shard --parallel.shards=" +
                                           shards + ", which changes the last bits of the run");
}

/// The step that trains the model in its precision.
template <class T>
std::unique_ptr<TrainingStep<T>> make_step(const Model<T>& model, const Dataset& data,
                                           const TrainOptions& options,
                                           const ParallelOptions& parallel, Executor& executor,
                                           Ranks& ranks) {
  TrainOptions planned = options;
  planned.precision = model.precision;
  const StepPlan plan = plan_training(model.network.topology(), data, planned, parallel,
                                      trains_on_entries(model, data, options));
  require_shards(plan, ranks);
  return with_precision(model, [&]<class P>(PrecisionTag<P>) -> std::unique_ptr<TrainingStep<T>> {
    return std::make_unique<Step<P>>(model.network.topology(), make_objective(model, data, options),
                                     data, model.preprocess, plan, step_options(model, options),
                                     executor, ranks);
  });
}

}  // namespace

template <class T>
Training<T>::Training(Model<T>& model, const DataSplit& data, const TrainOptions& options,
                      const ParallelOptions& parallel, Executor& executor, Ranks& ranks)
    : model_(model),
      data_(data),
      sparse_rows_(trains_on_entries(model, data.train, options) && !is_sparse(data.train)
                       ? std::optional(to_sparse(data.train))
                       : std::nullopt),
      options_(options),
      epochs_(*options.epochs),
      executor_(executor),
      ranks_(ranks),
      step_(make_step(model, sparse_rows_ ? *sparse_rows_ : data.train, options, parallel, executor,
                      ranks)),
      order_(data.train.rows(), options.shuffle, options.seed),
      rows_(epoch_rows(options, data.train.rows(), model.network.topology().batch_norm())),
      misfit_unit_(misfit_of_zero_goodness(data.train) / static_cast<double>(data.train.rows())),
      monitor_(monitor_of(options.stop)),
      keeps_best_(keeps_best(options.stop, data.validation.rows() > 0)) {
  keep(last_good_);
  if (keeps_best_) keep(best_);
}

template <class T>
TrainSummary Training<T>::run(const TrainCallbacks& callbacks) {
  TrainSummary summary;
  const bool has_ended = now_.epochs >= epochs_;
  if (has_ended && now_.row > 0) return_to_last_good();
  while (now_.epochs < epochs_ && !now_.is_early_stopped)
    if (!run_epoch(callbacks, summary)) break;
  if (has_ended) evaluate_last(callbacks, summary);
  if (summary.status == TrainStatus::kCompleted && now_.epochs < epochs_)
    summary.status = TrainStatus::kEarlyStopped;
  const bool last_is_best =
      evaluated_last_ && is_better(*evaluated_last_, now_.best, data_, monitor_);
  const bool has_best = keeps_best_ && now_.best.epoch > 0 && !last_is_best;
  if (has_best && summary.status != TrainStatus::kInterrupted)
    std::ranges::copy(best_.span(), model_.network.parameters().data());
  summary.model_epoch = has_best ? now_.best.epoch : now_.epochs;
  summary.epochs = now_.epochs;
  summary.last = evaluated_last_.value_or(now_.last);
  summary.best = last_is_best ? *evaluated_last_ : now_.best;
  summary.train_seconds = now_.train_seconds;
  if (now_.train_seconds > 0)
    summary.samples_per_second = static_cast<double>(now_.rows_trained) / now_.train_seconds;
  summary.phase_seconds = phases_of(now_.train_seconds, step_seconds());
  summary.threads = executor_.threads();
  summary.shards = step_->plan().shards;
  summary.reduction = step_->plan().reduction;
  summary.ranks = ranks_.size();
  if (steps_ > 0)
    summary.bytes_sent_per_step = static_cast<double>(bytes_sent_) / static_cast<double>(steps_);
  summary.parameters = model_.network.topology().parameters();
  return summary;
}

template <class T>
void Training<T>::resume(const TrainState<T>& state) {
  const auto require_size = [&](const AlignedArray<T>& array, bool is_needed, const char* name) {
    const std::size_t expected = is_needed ? last_good_.size() : 0;
    if (array.size() != expected)
      throw DataError(std::string("training state: ") + std::to_string(array.size()) +
                      " numbers in " + name + ", expected the " + std::to_string(expected) +
                      " of this training");
  };
  if (state.precision != model_.precision)
    throw DataError("training state: of a training in " + std::string(name_of(state.precision)) +
                    ", expected one in the model's " + std::string(name_of(model_.precision)));
  const TrainProgress& progress = state.progress;
  const std::size_t size = step_->plan().batch_size;
  if (progress.row >= rows_ || progress.row % size != 0)
    throw DataError("training state: stopped at row " + std::to_string(progress.row) +
                    ", expected a multiple of the batch size " + std::to_string(size) +
                    " below the " + std::to_string(rows_) + " rows of an epoch");
  const double factor = state.weight_factor;
  const bool may_have_factor = progress.row > 0 && step_->plan().entries > 0;
  if (!std::isfinite(factor) || factor <= 0 || (factor != 1 && !may_have_factor))
    throw DataError("training state: the factor " + std::to_string(factor) +
                    " of the first layer's weights, expected 1, or a positive one within an epoch "
                    "on sparse rows");
  require_size(state.parameters, true, "the parameters");
  require_size(state.last_good, progress.row > 0, "the last good parameters");
  require_size(state.best, keeps_best_, "the best parameters");
  StepState<T> step;
  step.optimizer_steps = state.optimizer_steps;
  step.slots = state.optimizer;
  step_->restore_optimizer(step);
  now_ = progress;
  std::ranges::copy(state.parameters.span(), model_.network.parameters().data());
  if (progress.row > 0) {
    step_->take_weights(model_.network, state.weight_factor);
    step_->give_weights(model_.network);
  }
  copy_array((progress.row > 0 ? state.last_good : state.parameters).span(), last_good_);
  if (keeps_best_) copy_array(state.best.span(), best_);
  earlier_phases_ = progress.phase_seconds;
}

template <class T>
void Training<T>::copy_state(TrainState<T>& to) const {
  const bool is_within_epoch = now_.row > 0;
  if (is_within_epoch) step_->give_weights(model_.network);
  to.progress = now_;
  to.progress.phase_seconds = step_seconds();
  StepState<T> step;
  std::swap(step.slots, to.optimizer);
  std::swap(step.parameters, to.parameters);
  step_->copy_state(step);
  std::swap(step.slots, to.optimizer);
  std::swap(step.parameters, to.parameters);
  to.optimizer_steps = step.optimizer_steps;
  to.precision = model_.precision;
  to.weight_factor = is_within_epoch ? step.weight_factor : 1;
  if (!is_within_epoch || step_->plan().entries == 0)
    copy_array(is_within_epoch ? std::as_const(model_.network).parameters() : last_good_.span(),
               to.parameters);
  copy_array(is_within_epoch ? last_good_.span() : std::span<const T>(), to.last_good);
  copy_array(best_.span(), to.best);
}

template <class T>
bool Training<T>::run_epoch(const TrainCallbacks& callbacks, TrainSummary& summary) {
  EpochReport report;
  report.epoch = now_.epochs + 1;
  report.learning_rate = epoch_rate(
      options_.schedule, *options_.learning_rate,
      {.epoch = now_.epochs, .epochs = epochs_, .reductions = now_.improvement.reductions});
  const Flow batch_flow = train_epoch(callbacks, report, summary);
  if (summary.status == TrainStatus::kDiverged) return false;
  if (now_.row < rows_) {
    summary.status = TrainStatus::kInterrupted;
    return false;
  }
  end_epoch(report, summary);
  if (summary.status == TrainStatus::kDiverged) return false;
  const Flow epoch_flow =
      agreed(callbacks.on_epoch ? callbacks.on_epoch(report) : Flow::kContinue, ranks_);
  if (batch_flow == Flow::kContinue && epoch_flow == Flow::kContinue) return true;
  // After the last epoch there is nothing left to interrupt.
  if (now_.epochs < epochs_ && !now_.is_early_stopped) summary.status = TrainStatus::kInterrupted;
  return false;
}

template <class T>
Flow Training<T>::train_epoch(const TrainCallbacks& callbacks, EpochReport& report,
                              TrainSummary& summary) {
  // Within an epoch the step has its weights.
  if (now_.row == 0) step_->take_weights(model_.network);
  const Clock::time_point start = Clock::now();
  const double seconds_before = now_.epoch_seconds;
  const auto order = order_.begin(now_.epochs).first(rows_);
  const std::size_t size = step_->plan().batch_size;
  const std::size_t batches = (rows_ + size - 1) / size;
  const std::size_t first = now_.row;
  Flow flow = Flow::kContinue;
  while (now_.row < rows_ && flow == Flow::kContinue) {
    const std::size_t batch = now_.row / size;
    const std::size_t count = std::min(size, rows_ - now_.row);
    const std::size_t next = std::min(size, rows_ - now_.row - count);
    const double rate =
        report.learning_rate *
        warmup_factor(now_.epochs * batches + batch, options_.schedule.warmup_epochs * batches);
    const std::uint64_t sent_before = ranks_.bytes_sent();
    const BatchResult result =
        step_->run(model_.network, order.subspan(now_.row, count), {rate, now_.epochs, batch},
                   order.subspan(now_.row + count, next));
    ++steps_;
    now_.row += count;
    now_.cost += result.cost;
    now_.misfit += result.misfit;
    now_.epoch_seconds = seconds_before + seconds_since(start);
    const bool is_good = std::isfinite(now_.cost) && std::isfinite(now_.misfit);
    if (is_good && callbacks.on_batch)
      flow = callbacks.on_batch({.epoch = now_.epochs + 1,
                                 .epochs = epochs_,
                                 .row = now_.row,
                                 .rows = rows_,
                                 .mean_cost = now_.cost / static_cast<double>(now_.row),
                                 .seconds = now_.epoch_seconds});
    flow = agreed(flow, ranks_);
    // Whatever leaves this loop may end in a checkpoint, which holds numbers only.
    const bool leaves = !is_good || now_.row == rows_ || flow == Flow::kStop;
    if (leaves || may_make_nan()) step_->give_weights(model_.network);
    bytes_sent_ += ranks_.bytes_sent() - sent_before;
    const bool is_by_epsilon = is_good && has_made_nan();
    if (!is_good || is_by_epsilon ||
        (leaves && !elementwise::all_finite<T>(model_.network.parameters()))) {
      note_divergence(summary, {.epoch = now_.epochs + 1,
                                .batch = batch + 1,
                                .rate = rate,
                                .is_initial = !is_good && now_.epochs == 0 && batch == 0,
                                .is_by_epsilon = is_by_epsilon});
      break;
    }
  }
  now_.epoch_seconds = seconds_before + seconds_since(start);
  now_.train_seconds += now_.epoch_seconds - seconds_before;
  now_.rows_trained += now_.row - first;
  if (summary.status == TrainStatus::kDiverged) return_to_last_good();
  return flow;
}

template <class T>
void Training<T>::end_epoch(EpochReport& report, TrainSummary& summary) {
  const auto rows = static_cast<double>(rows_);
  report.seconds = now_.epoch_seconds;
  report.samples_per_second = rows / report.seconds;
  report.train = {.cost = now_.cost / rows,
                  .goodness = goodness_of(now_.misfit, misfit_unit_ * rows)};
  const bool is_evaluated = is_evaluation_due(report.epoch) || is_evaluated_as_last(report.epoch);
  if (is_evaluated && !evaluate_rows(report, summary)) {
    return_to_last_good();
    return;
  }
  begin_epoch();
  keep(last_good_);
  ++now_.epochs;
  now_.last = report;
  if (is_evaluated_as_last(report.epoch)) {
    evaluated_last_ = report;
    now_.last.validation.reset();
    now_.last.test.reset();
  }
  if (now_.last.validation) note_validation(*now_.last.validation);
  if (is_better(now_.last, now_.best, data_, monitor_)) {
    now_.best = now_.last;
    if (keeps_best_) keep(best_);
  }
}

template <class T>
void Training<T>::evaluate_last(const TrainCallbacks& callbacks, TrainSummary& summary) {
  if (evaluated_last_ || !is_evaluated_as_last(now_.epochs)) return;
  EpochReport report = now_.last;
  if (!evaluate_rows(report, summary)) {
    return;
  }
  evaluated_last_ = report;
  if (callbacks.on_epoch) callbacks.on_epoch(report);
}

template <class T>
bool Training<T>::evaluate_rows(EpochReport& report, TrainSummary& summary) {
  if (data_.test.rows() > 0) {
    report.test = score_of(data_.test, "test", report, summary);
    if (!report.test) return false;
  }
  if (data_.validation.rows() == 0) return true;
  report.validation = score_of(data_.validation, "validation", report, summary);
  return report.validation.has_value();
}

/// Returns nullopt if a row's numbers are not finite, which the summary then names.
template <class T>
std::optional<Score> Training<T>::score_of(const Dataset& rows, const char* name,
                                           const EpochReport& report, TrainSummary& summary) {
  const CheckedEvaluation checked = evaluate_checked<T>(model_, rows, executor_, {}, ranks_);
  if (!checked.not_finite) return checked.evaluation.score;
  note_divergence(summary, divergence_of(*checked.not_finite, rows, name, report));
  return std::nullopt;
}

template <class T>
void Training<T>::note_validation(const Score& score) {
  Improvement& improvement = now_.improvement;
  note_evaluation(improvement, figure_of(score, monitor_), options_.stop.min_delta);
  const ScheduleOptions& schedule = options_.schedule;
  if (schedule.policy == SchedulePolicy::kPlateau &&
      improvement.since_reduction >= schedule.patience) {
    ++improvement.reductions;
    improvement.since_reduction = 0;
  }
  now_.is_early_stopped =
      options_.stop.patience > 0 && improvement.since_stop >= options_.stop.patience;
}

template <class T>
void Training<T>::begin_epoch() {
  now_.row = 0;
  now_.cost = 0;
  now_.misfit = 0;
  now_.epoch_seconds = 0;
}

template <class T>
void Training<T>::keep(AlignedArray<T>& to) const {
  copy_array(std::as_const(model_.network).parameters(), to);
}

template <class T>
void Training<T>::return_to_last_good() {
  std::ranges::copy(last_good_.span(), model_.network.parameters().data());
  begin_epoch();
}

template <class T>
void Training<T>::note_divergence(TrainSummary& summary, Divergence divergence) const {
  measure_scales(model_, data_.train, divergence);
  summary.status = TrainStatus::kDiverged;
  summary.divergence = std::move(divergence);
}

template <class T>
bool Training<T>::has_made_nan() const {
  return may_make_nan() && std::ranges::any_of(std::as_const(model_.network).parameters(),
                                               [](T parameter) { return std::isnan(parameter); });
}

template <class T>
bool Training<T>::may_make_nan() const {
  const OptimizerOptions& optimizer = options_.optimizer;
  return traits_of(*optimizer.algorithm).has_epsilon && optimizer.epsilon == 0;
}

template <class T>
PhaseSeconds Training<T>::step_seconds() const {
  PhaseSeconds phases = earlier_phases_;
  return phases += step_->phase_seconds();
}

template <class T>
bool Training<T>::is_evaluation_due(std::size_t epoch) const {
  return options_.evaluate_every > 0 && epoch % options_.evaluate_every == 0;
}

template <class T>
bool Training<T>::is_evaluated_as_last(std::size_t epoch) const {
  const bool has_rows = data_.validation.rows() > 0 || data_.test.rows() > 0;
  return has_rows && epoch > 0 && epoch >= epochs_ && !is_evaluation_due(epoch);
}

template class Training<float>;
template class Training<double>;

}  // namespace nabla
