// SPDX-License-Identifier: MIT
#include "train/confusion.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace nabla {

namespace {

/// The sums of a class's row, column and diagonal of the confusion matrix.
struct ClassCounts {
  std::uint64_t truly = 0;
  std::uint64_t predicted = 0;
  std::uint64_t hits = 0;
};

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? std::numeric_limits<double>::quiet_NaN()
                    : static_cast<double>(part) / static_cast<double>(whole);
}

std::vector<ClassCounts> count_classes(std::span<const ConfusionCell> confusion,
                                       std::size_t classes) {
  std::vector<ClassCounts> counts(classes);
  for (const ConfusionCell& cell : confusion) {
    counts[cell.truth].truly += cell.rows;
    counts[cell.predicted].predicted += cell.rows;
    if (cell.truth == cell.predicted) counts[cell.truth].hits += cell.rows;
  }
  return counts;
}

/// Gorodkin 2004, R_K of K classes. Counts are below 2³², so that their products are exact.
double matthews(std::span<const ClassCounts> counts) {
  std::uint64_t rows = 0, hits = 0, expected = 0, truly = 0, predicted = 0;
  for (const ClassCounts& of : counts) {
    rows += of.truly;
    hits += of.hits;
    expected += of.truly * of.predicted;
    truly += of.truly * of.truly;
    predicted += of.predicted * of.predicted;
  }
  const auto spread_true = static_cast<double>(rows * rows - truly);
  const auto spread_predicted = static_cast<double>(rows * rows - predicted);
  if (spread_true == 0 || spread_predicted == 0) return 0;
  return (static_cast<double>(hits * rows) - static_cast<double>(expected)) /
         std::sqrt(spread_true * spread_predicted);
}

}  // namespace

ClassScores class_scores(std::size_t truly, std::size_t predicted, std::size_t hits) {
  return {.precision = share(hits, predicted),
          .recall = share(hits, truly),
          .f1 = share(2 * hits, truly + predicted),
          .rows = truly};
}

ClassScores mean_scores(std::span<const ClassScores> classes, double divisor,
                        const std::function<double(const ClassScores&)>& weight) {
  constexpr double ClassScores::*kShares[] = {&ClassScores::precision, &ClassScores::recall,
                                              &ClassScores::f1};
  ClassScores mean;
  const auto add = [&](double ClassScores::*score, const ClassScores& of) {
    if (!std::isnan(of.*score)) mean.*score += weight(of) * of.*score;
  };
  for (const ClassScores& of : classes) {
    for (const auto score : kShares) add(score, of);
    mean.rows += of.rows;
  }
  for (const auto score : kShares) mean.*score /= divisor;
  return mean;
}

std::vector<ConfusionCell> confusion_of(std::span<const std::uint32_t> truth,
                                        std::span<const std::uint32_t> predicted) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  pairs.reserve(truth.size());
  for (std::size_t i = 0; i < truth.size(); ++i) pairs.emplace_back(truth[i], predicted[i]);
  std::ranges::sort(pairs);
  std::vector<ConfusionCell> cells;
  for (const auto& [t, p] : pairs) {
    if (cells.empty() || cells.back().truth != t || cells.back().predicted != p)
      cells.push_back({t, p, 0});
    ++cells.back().rows;
  }
  return cells;
}

void set_confusion(std::vector<ConfusionCell> confusion, std::size_t classes,
                   ClassificationScores& scores) {
  const std::vector<ClassCounts> counts = count_classes(confusion, classes);
  scores.confusion = std::move(confusion);
  scores.mcc = matthews(counts);
  std::size_t rows = 0, with_rows = 0, with_any = 0;
  for (const ClassCounts& of : counts) {
    scores.classes.push_back(class_scores(of.truly, of.predicted, of.hits));
    rows += of.truly;
    if (of.truly + of.predicted > 0) ++with_any;
    if (of.truly == 0) continue;
    ++with_rows;
    scores.balanced_accuracy += scores.classes.back().recall;
  }
  scores.balanced_accuracy /= static_cast<double>(with_rows);
  // A class that is neither in the rows nor predicted has undefined scores alone.
  scores.macro = mean_scores(scores.classes, static_cast<double>(with_any),
                             [](const ClassScores&) { return 1.0; });
  scores.weighted = mean_scores(scores.classes, static_cast<double>(rows),
                                [](const ClassScores& of) { return static_cast<double>(of.rows); });
}

}  // namespace nabla
