// SPDX-License-Identifier: MIT
#include "nabla/train/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>

#include "nabla/base/error.h"
#include "nabla/math/elementwise.h"

#include "base/names.h"
#include "data/epoch_order.h"
#include "engine/blas_guard.h"
#include "engine/step.h"
#include "train/step_options.h"

namespace nabla {

namespace {

constexpr Named<TrainStatus> kNames[] = {
    {TrainStatus::kCompleted, "completed"},
    {TrainStatus::kInterrupted, "interrupted"},
    {TrainStatus::kDiverged, "diverged"},
};

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void require(bool holds, const char* key, const std::string& expected) {
  if (!holds) throw ConfigError(std::string(key) + ": expected " + expected);
}

void validate(const TrainOptions& options) {
  require(options.epochs >= 1, "train.epochs", "at least 1");
  require(options.learning_rate > 0 && std::isfinite(options.learning_rate), "train.learning-rate",
          "a finite number above 0");
  const auto require_not_negative = [](double value, const char* key) {
    require(value >= 0 && std::isfinite(value), key, "a finite number of at least 0");
  };
  require_not_negative(options.l1, "train.l1");
  require_not_negative(options.l2, "train.l2");
  require_not_negative(options.max_norm, "train.max-norm");
  require_not_negative(options.clip_norm, "train.clip-norm");
}

/// Rows per mini-batch: those asked for, or all there are where that is fewer.
std::size_t batch_size(const TrainOptions& options, std::size_t rows) {
  return options.batch_size == 0 ? rows : std::min(options.batch_size, rows);
}

/// Rows trained on in one epoch.
std::size_t epoch_rows(const TrainOptions& options, std::size_t rows) {
  if (options.last_batch == LastBatch::kKeep) return rows;
  const std::size_t batch = batch_size(options, rows);
  return rows / batch * batch;
}

/// Runs the epochs of one call of train.
template <class T>
class Training {
 public:
  Training(Model<T>& model, const DataSplit& data, const TrainOptions& options,
           const ParallelOptions& parallel, Executor& executor, const TrainCallbacks& callbacks)
      : model_(model),
        data_(data),
        options_(options),
        executor_(executor),
        callbacks_(callbacks),
        step_(model.network.topology(), model.cost, data.train, model.preprocess,
              plan_step(model.network.topology(), batch_size(options, data.train.rows()), parallel,
                        options.max_norm > 0 ? TileCut::kWholeNeurons : TileCut::kAny),
              step_options(options, model.network.topology()), executor),
        order_(data.train.rows(), options.shuffle, options.seed),
        rows_(epoch_rows(options, data.train.rows())),
        miss_unit_(accuracy_denominator(data.train) / static_cast<double>(data.train.rows())),
        last_good_(model.network) {}

  TrainSummary run() {
    summary_.threads = executor_.threads();
    summary_.shards = step_.plan().shards;
    summary_.reduction = step_.plan().reduction;
    summary_.parameters = model_.network.topology().parameters();
    for (std::size_t epoch = 1; epoch <= options_.epochs; ++epoch)
      if (!run_epoch(epoch)) break;
    if (summary_.train_seconds > 0)
      summary_.samples_per_second = static_cast<double>(rows_trained_) / summary_.train_seconds;
    summary_.phase_seconds = phase_seconds();
    return summary_;
  }

 private:
  /// How far one pass over the training rows went.
  struct Pass {
    Flow flow;         ///< what the last mini-batch's callback answered
    bool is_complete;  ///< whether that mini-batch was the epoch's last
  };

  /// False where training ends with this epoch.
  bool run_epoch(std::size_t epoch) {
    EpochReport report;
    report.epoch = epoch;
    report.learning_rate = options_.learning_rate;
    const Pass pass = train_epoch(epoch, report);
    if (summary_.status == TrainStatus::kDiverged) return false;
    if (!pass.is_complete) {
      summary_.status = TrainStatus::kInterrupted;
      return false;
    }
    last_good_ = model_.network;
    if (is_evaluation_due(epoch)) {
      if (data_.validation.rows() > 0)
        report.validation = evaluate(model_, data_.validation, executor_).score;
      if (data_.test.rows() > 0) report.test = evaluate(model_, data_.test, executor_).score;
    }
    summary_.epochs = epoch;
    summary_.last = report;
    if (epoch == 1 || judged(report) > judged(summary_.best)) summary_.best = report;
    Flow flow = pass.flow;
    if (callbacks_.on_epoch && callbacks_.on_epoch(report) == Flow::kStop) flow = Flow::kStop;
    if (flow == Flow::kStop) {
      if (epoch < options_.epochs) summary_.status = TrainStatus::kInterrupted;
      return false;
    }
    return true;
  }

  /// One pass over the training rows.
  Pass train_epoch(std::size_t epoch, EpochReport& report) {
    const Clock::time_point start = Clock::now();
    const auto order = order_.begin(epoch - 1).first(rows_);
    const std::size_t size = step_.plan().batch_size;
    BatchResult sum;
    Flow flow = Flow::kContinue;
    std::size_t done = 0;
    for (std::size_t batch = 1; done < rows_ && flow == Flow::kContinue; ++batch) {
      const std::size_t count = std::min(size, rows_ - done);
      const std::size_t next = std::min(size, rows_ - done - count);
      const BatchResult result = step_.run(model_.network, order.subspan(done, count),
                                           {options_.learning_rate, epoch - 1, batch - 1},
                                           order.subspan(done + count, next));
      done += count;
      sum.cost += result.cost;
      sum.miss += result.miss;
      const bool ends_epoch = done == rows_;
      if (!std::isfinite(result.cost) ||
          (ends_epoch && !elementwise::all_finite<T>(model_.network.parameters()))) {
        diverge(epoch, batch);
        break;
      }
      if (callbacks_.on_batch)
        flow = callbacks_.on_batch({.epoch = epoch,
                                    .epochs = options_.epochs,
                                    .row = done,
                                    .rows = rows_,
                                    .mean_cost = sum.cost / static_cast<double>(done),
                                    .seconds = seconds_since(start)});
    }
    report.seconds = seconds_since(start);
    report.samples_per_second = static_cast<double>(done) / report.seconds;
    report.train = {.cost = sum.cost / static_cast<double>(done),
                    .accuracy = accuracy_of(sum.miss, miss_unit_ * static_cast<double>(done))};
    summary_.train_seconds += report.seconds;
    rows_trained_ += done;
    return {flow, done == rows_};
  }

  PhaseSeconds phase_seconds() const {
    PhaseSeconds phases = step_.phase_seconds();
    const double steps =
        phases.gather + phases.feedforward + phases.backprop + phases.reduce_step + phases.idle;
    phases.other = std::max(0.0, summary_.train_seconds - steps);
    // The steps that are measured stand for the others; where they were the slower ones, all of
    // it would be more than there was.
    const double scale = steps > summary_.train_seconds ? summary_.train_seconds / steps : 1.0;
    for (double* phase :
         {&phases.gather, &phases.feedforward, &phases.backprop, &phases.reduce_step, &phases.idle})
      *phase *= scale;
    return phases;
  }

  void diverge(std::size_t epoch, std::size_t batch) {
    summary_.status = TrainStatus::kDiverged;
    summary_.diverged_epoch = epoch;
    summary_.diverged_batch = batch;
    model_.network = last_good_;
  }

  bool is_evaluation_due(std::size_t epoch) const {
    return epoch == options_.epochs ||
           (options_.evaluate_every > 0 && epoch % options_.evaluate_every == 0);
  }

  /// The accuracy by which epochs are compared; below every measured one where an epoch lacks it.
  double judged(const EpochReport& report) const {
    constexpr Score kUnmeasured{0, -HUGE_VAL};
    if (data_.validation.rows() > 0) return report.validation.value_or(kUnmeasured).accuracy;
    if (data_.test.rows() > 0) return report.test.value_or(kUnmeasured).accuracy;
    return report.train.accuracy;
  }

  Model<T>& model_;
  const DataSplit& data_;
  const TrainOptions& options_;
  Executor& executor_;
  const TrainCallbacks& callbacks_;
  Step<T> step_;
  EpochOrder order_;
  std::size_t rows_;      ///< trained on in each epoch
  double miss_unit_;      ///< misses of one row that make an accuracy of 0
  Network<T> last_good_;  ///< as after the last epoch that ended well
  std::size_t rows_trained_ = 0;
  TrainSummary summary_;
};

}  // namespace

std::string_view name_of(TrainStatus status) { return find_name(kNames, status); }

template <class T>
TrainSummary train(Model<T>& model, const DataSplit& data, const TrainOptions& options,
                   const ParallelOptions& parallel, Executor& executor,
                   const TrainCallbacks& callbacks) {
  validate(options);
  if (data.train.rows() == 0) throw DataError("training data: no rows to train on");
  require_matching(model, data.train, "training data");
  if (data.validation.rows() > 0) require_matching(model, data.validation, "validation data");
  if (data.test.rows() > 0) require_matching(model, data.test, "test data");
  require_safe_blas(executor);
  return Training<T>(model, data, options, parallel, executor, callbacks).run();
}

template TrainSummary train(Model<float>&, const DataSplit&, const TrainOptions&,
                            const ParallelOptions&, Executor&, const TrainCallbacks&);
template TrainSummary train(Model<double>&, const DataSplit&, const TrainOptions&,
                            const ParallelOptions&, Executor&, const TrainCallbacks&);

}  // namespace nabla
