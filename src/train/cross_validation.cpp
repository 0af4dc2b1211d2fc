// SPDX-License-Identifier: MIT
#include "nabla/train/cross_validation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <numeric>
#include <optional>
#include <utility>

#include "nabla/train/make_model.h"

#include "engine/blas_guard.h"
#include "train/checked_rows.h"
#include "train/goodness.h"
#include "train/input_scales.h"
#include "train/step_options.h"

namespace nabla {

namespace {

/// The fraction of test rows whose class is the training rows' most frequent one.
double share_of_most_frequent(const Dataset& train, const Dataset& test) {
  std::vector<std::size_t> counts(train.classes.size());
  for (const std::uint32_t label : train.labels) ++counts[label];
  const auto guess = static_cast<std::uint32_t>(std::ranges::max_element(counts) - counts.begin());
  return static_cast<double>(std::ranges::count(test.labels, guess)) /
         static_cast<double>(test.rows());
}

/// The fraction of test rows that have exactly the labels which most training rows have.
double share_of_most_frequent_labels(const Matrix<double>& train, const Matrix<double>& test) {
  std::vector<double> guess(train.cols());
  for (std::size_t j = 0; j < train.cols(); ++j) {
    double rows = 0;
    for (std::size_t i = 0; i < train.rows(); ++i) rows += train(i, j);
    guess[j] = 2 * rows > static_cast<double>(train.rows()) ? 1 : 0;
  }
  std::size_t right = 0;
  for (std::size_t i = 0; i < test.rows(); ++i)
    if (std::ranges::equal(test.row(i), guess)) ++right;
  return static_cast<double>(right) / static_cast<double>(test.rows());
}

/// Σ(y − mean of the training rows' targets)² over the test rows' targets.
double sum_of_squares_about_mean(const Matrix<double>& train, const Matrix<double>& test) {
  double sum = 0;
  for (std::size_t j = 0; j < train.cols(); ++j) {
    double mean = 0;
    for (std::size_t i = 0; i < train.rows(); ++i)
      mean += (train(i, j) - mean) / static_cast<double>(i + 1);
    for (std::size_t i = 0; i < test.rows(); ++i) sum += std::pow(test(i, j) - mean, 2);
  }
  return sum;
}

template <class T>
class Folds {
 public:
  Folds(const DataSplit& data, const FoldOptions& folds, const ModelMaker<T>& make,
        const TrainOptions& train, const ParallelOptions& parallel, Executor& executor,
        const CrossValidationCallbacks& callbacks, const TrainingsPart& part)
      : data_(data),
        folds_(folds),
        make_(make),
        train_(train),
        parallel_(parallel),
        executor_(executor),
        callbacks_(callbacks) {
    validate(folds);
    for (std::size_t repeat = 0; repeat < folds.repeats; ++repeat)
      assignments_.push_back(assign_folds(data.train, folds, repeat));
    results_.resize(folds.folds * folds.repeats);
    for (std::size_t i = part.first; i < results_.size(); i += part.step) own_.push_back(i);
  }

  CrossValidation run() {
    // The tasks' own executors are serial ones, which ask nothing of BLAS.
    require_safe_blas(executor_);
    if (begin()) {
      executor_.run(own_.size(), [&](std::size_t n) {
        const auto serial = make_serial_executor();
        run_fold(own_[n], *serial);
      });
    } else {
      for (const std::size_t i : own_) run_fold(i, executor_);
    }
    CrossValidation result;
    for (std::optional<FoldResult>& fold : results_)
      if (fold) result.folds.push_back(std::move(*fold));
    result.interrupted = result.folds.size() < own_.size();
    return result;
  }

 private:
  bool is_stopped() const { return callbacks_.stop && callbacks_.stop(); }

  DataSplit split_of(std::size_t i) const {
    const FoldRows rows = rows_of_fold(assignments_[i / folds_.folds], i % folds_.folds);
    return {select(data_.train, rows.train), data_.validation, select(data_.train, rows.test)};
  }

  TrainOptions options_of(std::size_t i) const {
    TrainOptions options = train_;
    options.seed += i;
    return options;
  }

  /// Makes the first training ready, so that what is wrong with options and data shows before
  /// anything is done; whether folds are to train side by side.
  bool begin() {
    DataSplit split = split_of(0);
    split.test = {};
    Model<T> model = make_(split.train, train_.seed);
    const Trainer<T> trainer(model, split, train_, parallel_, executor_);
    const Topology& topology = model.network.topology();
    const bool side_by_side = !plan_training(topology, split.train, train_, parallel_,
                                             trains_on_entries(model, split.train, train_))
                                   .worth_threads;
    if (callbacks_.on_start)
      callbacks_.on_start({topology.widths(), model.task, data_.train.rows(), results_.size(),
                           side_by_side ? std::min(executor_.threads(), results_.size()) : 1});
    return side_by_side;
  }

  void run_fold(std::size_t i, Executor& executor) {
    if (is_stopped()) return;
    DataSplit split = split_of(i);
    const Dataset test = std::exchange(split.test, {});
    const TrainOptions options = options_of(i);
    Model<T> model = make_(split.train, options.seed);
    TrainCallbacks callbacks;
    callbacks.on_batch = [this, i](const BatchReport& report) {
      if (callbacks_.on_batch) callbacks_.on_batch(i, report);
      return is_stopped() ? Flow::kStop : Flow::kContinue;
    };
    require_usable(model, test, kRowsToEvaluate);
    FoldResult result;
    result.summary = train(model, split, options, parallel_, executor, callbacks);
    if (result.summary.status == TrainStatus::kInterrupted) return;
    result.repeat = i / folds_.folds + 1;
    result.fold = i % folds_.folds + 1;
    result.train_rows = split.train.rows();
    result.test_rows = test.rows();
    if (result.summary.status != TrainStatus::kDiverged)
      score(model, split.train, test, executor, result);
    result.zero_rule = zero_rule(data_.train, test);
    const std::lock_guard lock(mutex_);
    results_[i] = result;
    if (callbacks_.on_fold) callbacks_.on_fold(result);
  }

  /// A fold whose test rows have outputs that are not finite has diverged.
  static void score(const Model<T>& model, const Dataset& train, const Dataset& test,
                    Executor& executor, FoldResult& result) {
    CheckedEvaluation checked = evaluate_checked(model, test, executor);
    if (!checked.not_finite) {
      result.evaluation = std::move(checked.evaluation);
      return;
    }
    TrainSummary& summary = result.summary;
    summary.status = TrainStatus::kDiverged;
    summary.divergence = divergence_of(*checked.not_finite, test, "test", summary.last);
    measure_scales(model, train, summary.divergence);
  }

  const DataSplit& data_;
  const FoldOptions& folds_;
  const ModelMaker<T>& make_;
  const TrainOptions& train_;
  const ParallelOptions& parallel_;
  Executor& executor_;
  const CrossValidationCallbacks& callbacks_;
  std::vector<std::vector<std::uint32_t>> assignments_;  ///< by repeat
  std::vector<std::optional<FoldResult>> results_;       ///< by repeat and fold
  std::vector<std::size_t> own_;                         ///< trainings that are done here
  std::mutex mutex_;
};

}  // namespace

ZeroRule zero_rule(const Dataset& train, const Dataset& test) {
  if (train.task == Task::kClassification) return {share_of_most_frequent(train, test), 0};
  if (train.task == Task::kMultiLabel)
    return {share_of_most_frequent_labels(train.targets, test.targets), 0};
  const double misfit = sum_of_squares_about_mean(train.targets, test.targets);
  const auto values = static_cast<double>(test.rows() * test.outputs());
  return {goodness_of(misfit, misfit_of_zero_goodness(test)), std::sqrt(misfit / values)};
}

template <class T>
CrossValidation cross_validate(const DataSplit& data, const FoldOptions& folds,
                               const ModelMaker<T>& make, const TrainOptions& train,
                               const ParallelOptions& parallel, Executor& executor,
                               const CrossValidationCallbacks& callbacks,
                               const TrainingsPart& part) {
  return Folds<T>(data, folds, make, train, parallel, executor, callbacks, part).run();
}

CrossValidation cross_validate(const DataSplit& data, const FoldOptions& folds,
                               const NetworkOptions& network, const TrainOptions& options,
                               const DataOptions& source, const ParallelOptions& parallel,
                               const CrossValidationCallbacks& callbacks) {
  const auto executor = make_executor(parallel);
  const auto run_in = [&]<class T>(T) {
    const ModelMaker<T> make = [&](const Dataset& train, std::uint64_t seed) {
      TrainOptions own = options;
      own.seed = seed;
      return make_model<T>(train, network, own, source);
    };
    return cross_validate<T>(data, folds, make, options, parallel, *executor, callbacks);
  };
  return options.precision == Precision::kFloat64 ? run_in(0.0) : run_in(0.0F);
}

MeanDeviation mean_and_deviation(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {mean, values.size() < 2 ? std::numeric_limits<double>::quiet_NaN()
                                  : std::sqrt(squares / (count - 1))};
}

template CrossValidation cross_validate(const DataSplit&, const FoldOptions&,
                                        const ModelMaker<float>&, const TrainOptions&,
                                        const ParallelOptions&, Executor&,
                                        const CrossValidationCallbacks&, const TrainingsPart&);
template CrossValidation cross_validate(const DataSplit&, const FoldOptions&,
                                        const ModelMaker<double>&, const TrainOptions&,
                                        const ParallelOptions&, Executor&,
                                        const CrossValidationCallbacks&, const TrainingsPart&);

}  // namespace nabla
