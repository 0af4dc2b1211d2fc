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

ClassScores scores_of(const ClassCounts& counts) {
  return {.precision = share(counts.hits, counts.predicted),
          .recall = share(counts.hits, counts.truly),
          .f1 = share(2 * counts.hits, counts.truly + counts.predicted),
          .rows = counts.truly};
}

/// Adds the scores times a weight; undefined ones count as 0.
void add(const ClassScores& scores, double weight, ClassScores& sum) {
  const auto add_to = [&](double& total, double score) {
    if (!std::isnan(score)) total += weight * score;
  };
  add_to(sum.precision, scores.precision);
  add_to(sum.recall, scores.recall);
  add_to(sum.f1, scores.f1);
}

void divide(ClassScores& sum, double by) {
  sum.precision /= by;
  sum.recall /= by;
  sum.f1 /= by;
}

}  // namespace

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
  std::size_t with_rows = 0, with_any = 0;
  for (const ClassCounts& of : counts) {
    const ClassScores& own = scores.classes.emplace_back(scores_of(of));
    scores.macro.rows += own.rows;
    if (of.truly > 0) {
      ++with_rows;
      scores.balanced_accuracy += own.recall;
    }
    if (of.truly + of.predicted > 0) {
      ++with_any;
      add(own, 1, scores.macro);
    }
    add(own, static_cast<double>(own.rows), scores.weighted);
  }
  scores.weighted.rows = scores.macro.rows;
  scores.balanced_accuracy /= static_cast<double>(with_rows);
  divide(scores.macro, static_cast<double>(with_any));
  divide(scores.weighted, static_cast<double>(scores.weighted.rows));
}

}  // namespace nabla
