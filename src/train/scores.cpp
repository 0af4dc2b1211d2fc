// SPDX-License-Identifier: MIT
#include "nabla/train/scores.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <utility>

#include "nabla/math/activation.h"

#include "model/output_layer.h"
#include "train/calibration.h"
#include "train/checked_rows.h"
#include "train/confusion.h"
#include "train/goodness.h"
#include "train/row_waves.h"
#include "train/threshold_counts.h"

namespace nabla {

namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

/// Returns −ln of the share that an entry has of the row, all entries first kept an epsilon away
/// from 0 and 1.
double log_loss_of(std::span<const double> probabilities, std::size_t of) {
  constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
  const auto clipped = [&](double p) { return std::clamp(p, kEpsilon, 1 - kEpsilon); };
  double sum = 0;
  for (const double p : probabilities) sum += clipped(p);
  return -std::log(clipped(probabilities[of]) / sum);
}

/// Whether fewer than `count` outputs are larger; of equal ones the first is the largest.
template <class T>
bool is_among_largest(std::span<const T> outputs, std::size_t of, std::size_t count) {
  std::size_t before = 0;
  for (std::size_t j = 0; j < outputs.size(); ++j)
    if (outputs[j] > outputs[of] || (outputs[j] == outputs[of] && j < of)) ++before;
  return before < count;
}

/// Gathers the scores of a classification from the outputs of its rows, which come in their order
/// and twice: all of them to `add`, then all of them to `compare`.
template <class T>
class ClassificationRows {
 public:
  ClassificationRows(const Dataset& data, Probabilities outputs)
      : labels_(data.labels),
        outputs_(outputs),
        probabilities_(data.outputs()),
        first_curve_(data.outputs() == 2 ? 1 : 0),
        counts_(data.outputs()) {
    predicted_.reserve(data.rows());
  }

  void add(std::span<const T> outputs) {
    const std::uint32_t label = labels_[predicted_.size()];
    predicted_.push_back(static_cast<std::uint32_t>(argmax(outputs)));
    if (is_among_largest(outputs, label, kTop)) ++top_;
    if (!has_probabilities()) return;
    set_probabilities(outputs);
    log_loss_ += log_loss_of(probabilities_, label);
    counts_.add_positive(label, probabilities_[label]);
    const std::size_t judged = probabilities_.size() == 2 ? 1 : predicted_.back();
    calibration_.add(probabilities_[judged], judged == label);
  }

  /// Whether the outputs are probabilities, so that the rows are to come again.
  bool has_probabilities() const { return outputs_ != Probabilities::kNone; }

  void compare(std::span<const T> outputs) {
    if (compared_ == 0) counts_.sort();
    const std::uint32_t label = labels_[compared_++];
    set_probabilities(outputs);
    for (std::size_t j = first_curve_; j < outputs.size(); ++j)
      if (j != label) counts_.add_negative(j, probabilities_[j]);
  }

  ClassificationScores scores(double accuracy) const {
    const auto rows = static_cast<double>(predicted_.size());
    const std::size_t classes = probabilities_.size();
    ClassificationScores scores;
    scores.accuracy = accuracy;
    scores.log_loss = has_probabilities() ? log_loss_ / rows : kUndefined;
    scores.roc_auc = kUndefined;
    if (has_probabilities()) {
      for (std::size_t j = first_curve_; j < classes; ++j)
        scores.curves.push_back(counts_.curve(j));
      scores.roc_auc = mean_area(scores.curves);
      scores.calibration = calibration_.bins();
    }
    scores.top5 = classes < kClassesForTop ? kUndefined : static_cast<double>(top_) / rows;
    set_confusion(confusion_of(labels_, predicted_), classes, scores);
    return scores;
  }

 private:
  static constexpr std::size_t kTop = 5;
  static constexpr std::size_t kClassesForTop = 10;

  /// Sigmoid outputs are divided by their sum; if all are 0, each class has the same probability.
  void set_probabilities(std::span<const T> outputs) {
    std::ranges::copy(outputs, probabilities_.begin());
    if (outputs_ == Probabilities::kTogether) return;
    const double sum = std::accumulate(probabilities_.begin(), probabilities_.end(), 0.0);
    for (double& p : probabilities_)
      p = sum == 0 ? 1 / static_cast<double>(probabilities_.size()) : p / sum;
  }

  static double mean_area(std::span<const ThresholdCurve> curves) {
    double sum = 0;
    for (const ThresholdCurve& curve : curves) sum += curve.roc_auc;
    return sum / static_cast<double>(curves.size());
  }

  std::span<const std::uint32_t> labels_;
  Probabilities outputs_;
  std::vector<double> probabilities_;  ///< of the row at hand
  std::vector<std::uint32_t> predicted_;
  std::size_t top_ = 0;
  double log_loss_ = 0;
  std::size_t first_curve_;  ///< two classes have one curve, that of the second
  std::size_t compared_ = 0;
  ThresholdCounts counts_;
  Calibration calibration_;
};

/// The median; of an even number the mean of the middle two. Reorders the values.
double median(std::span<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  if (values.size() % 2 == 1) return *middle;
  return std::midpoint(*std::max_element(values.begin(), middle), *middle);
}

/// Calls take(row, outputs) for each row in order.
template <class T, class Take>
void for_each_output(const Model<T>& model, const Dataset& data, Executor& executor, Ranks& ranks,
                     Take take) {
  evaluate_checked<T>(
      model, data, executor,
      [&](std::size_t first, MatrixView<const T> outputs) {
        for (std::size_t r = 0; r < outputs.rows; ++r) take(first + r, outputs.row(r));
      },
      ranks);
}

template <class T>
ClassificationScores classification_scores(const Model<T>& model, const Dataset& data,
                                           Executor& executor, const std::string& name,
                                           Evaluation& evaluation, Ranks& ranks) {
  const Topology& topology = model.network.topology();
  ClassificationRows<T> rows(data, traits_of(topology.layers().back().activation).probabilities);
  CheckedEvaluation checked = evaluate_checked<T>(
      model, data, executor,
      [&](std::size_t, MatrixView<const T> outputs) {
        for (std::size_t r = 0; r < outputs.rows; ++r) rows.add(outputs.row(r));
      },
      ranks);
  require_finite_rows(checked.not_finite, data, name);
  evaluation = checked.evaluation;
  if (rows.has_probabilities())
    for_each_output<T>(model, data, executor, ranks,
                       [&](std::size_t, std::span<const T> outputs) { rows.compare(outputs); });
  return rows.scores(evaluation.score.goodness);
}

/// The scores of a target from its absolute errors, which it reorders.
TargetScores target_scores(std::span<double> errors, double spread) {
  const auto rows = static_cast<double>(errors.size());
  const double squares = std::inner_product(errors.begin(), errors.end(), errors.begin(), 0.0);
  return {.rmse = std::sqrt(squares / rows),
          .mae = std::accumulate(errors.begin(), errors.end(), 0.0) / rows,
          .r2 = errors.size() == 1 ? kUndefined : goodness_of(squares, spread),
          .median_absolute_error = median(errors)};
}

/// Counts the rows that have a label, that are predicted to have it, and that are both.
struct LabelCounts {
  std::size_t truly = 0;
  std::size_t predicted = 0;
  std::size_t hits = 0;

  void add(bool is_true, bool is_predicted) {
    truly += is_true ? 1 : 0;
    predicted += is_predicted ? 1 : 0;
    hits += is_true && is_predicted ? 1 : 0;
  }
};

template <class T>
RegressionScores regression_scores(const Model<T>& model, const Dataset& data, Executor& executor,
                                   const std::string& name, Evaluation& evaluation, Ranks& ranks) {
  const TargetScaling& scaling = model.preprocess.targets;
  Matrix<double> errors(data.outputs(), data.rows());
  CheckedEvaluation checked = evaluate_checked<T>(
      model, data, executor,
      [&](std::size_t first, MatrixView<const T> outputs) {
        for (std::size_t r = 0; r < outputs.rows; ++r)
          for (std::size_t j = 0; j < outputs.cols; ++j)
            errors(j, first + r) =
                std::abs(data.targets(first + r, j) -
                         scaling.restored(static_cast<double>(outputs(r, j)), j));
      },
      ranks);
  require_finite_rows(checked.not_finite, data, name);
  evaluation = checked.evaluation;
  RegressionScores scores;
  scores.rmse = evaluation.rmse;
  scores.mae = evaluation.mae;
  scores.r2 = data.rows() == 1 ? kUndefined : evaluation.score.goodness;
  for (std::size_t j = 0; j < errors.rows(); ++j) {
    scores.targets.push_back(target_scores(errors.row(j), sum_of_squares(data.targets, j)));
    scores.median_absolute_error +=
        scores.targets.back().median_absolute_error / static_cast<double>(errors.rows());
  }
  return scores;
}

template <class T>
MultiLabelScores multi_label_scores(const Model<T>& model, const Dataset& data, Executor& executor,
                                    const std::string& name, Evaluation& evaluation, Ranks& ranks) {
  std::vector<LabelCounts> counts(data.outputs());
  ThresholdCounts thresholds(data.outputs());
  Calibration calibration;
  const auto has = [&](std::size_t row, std::size_t label) {
    return data.targets(row, label) != 0;
  };
  CheckedEvaluation checked = evaluate_checked<T>(
      model, data, executor,
      [&](std::size_t first, MatrixView<const T> outputs) {
        for (std::size_t r = 0; r < outputs.rows; ++r)
          for (std::size_t j = 0; j < outputs.cols; ++j) {
            const bool is_true = has(first + r, j);
            counts[j].add(is_true, has_label(outputs(r, j)));
            calibration.add(outputs(r, j), is_true);
            if (is_true) thresholds.add_positive(j, outputs(r, j));
          }
      },
      ranks);
  require_finite_rows(checked.not_finite, data, name);
  evaluation = checked.evaluation;
  thresholds.sort();
  for_each_output<T>(model, data, executor, ranks,
                     [&](std::size_t row, std::span<const T> outputs) {
                       for (std::size_t j = 0; j < outputs.size(); ++j)
                         if (!has(row, j)) thresholds.add_negative(j, outputs[j]);
                     });
  MultiLabelScores scores;
  for (std::size_t j = 0; j < counts.size(); ++j) scores.curves.push_back(thresholds.curve(j));
  scores.calibration = calibration.bins();
  scores.subset_accuracy = evaluation.score.goodness;
  LabelCounts all;
  for (const LabelCounts& label : counts) {
    scores.labels.push_back(class_scores(label.truly, label.predicted, label.hits));
    all.truly += label.truly;
    all.predicted += label.predicted;
    all.hits += label.hits;
  }
  const auto labels = static_cast<double>(counts.size());
  scores.hamming_loss = static_cast<double>(all.truly + all.predicted - 2 * all.hits) /
                        (labels * static_cast<double>(data.rows()));
  scores.f1_micro = class_scores(all.truly, all.predicted, all.hits).f1;
  scores.macro = mean_scores(scores.labels, labels, [](const ClassScores&) { return 1.0; });
  return scores;
}

}  // namespace

template <class T>
Scores score_named(const Model<T>& model, const Dataset& data, Executor& executor,
                   const std::string& name, Ranks& ranks) {
  require_usable(model, data, name);
  Scores scores;
  Evaluation evaluation;
  switch (model.task) {
    case Task::kClassification:
      scores.of_task = classification_scores(model, data, executor, name, evaluation, ranks);
      break;
    case Task::kRegression:
      scores.of_task = regression_scores(model, data, executor, name, evaluation, ranks);
      break;
    case Task::kMultiLabel:
      scores.of_task = multi_label_scores(model, data, executor, name, evaluation, ranks);
      break;
  }
  scores.rows = evaluation.rows;
  scores.cost = evaluation.score.cost;
  return scores;
}

template <class T>
Scores score(const Model<T>& model, const Dataset& data, Executor& executor) {
  return score_named(model, data, executor, kRowsToEvaluate);
}

Scores score(const AnyModel& model, const Dataset& data, const ParallelOptions& parallel) {
  const auto executor = make_executor(parallel);
  return std::visit([&](const auto& typed) { return score(typed, data, *executor); }, model);
}

template Scores score_named(const Model<float>&, const Dataset&, Executor&, const std::string&,
                            Ranks&);
template Scores score_named(const Model<double>&, const Dataset&, Executor&, const std::string&,
                            Ranks&);
template Scores score(const Model<float>&, const Dataset&, Executor&);
template Scores score(const Model<double>&, const Dataset&, Executor&);

}  // namespace nabla
