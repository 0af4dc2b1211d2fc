// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "nabla/train/score_curves.h"

namespace nabla {

/// Counts the rows of each class, and the others, by the score that they have for it. A row comes
/// twice for each class or label: its score for those that it has first, of all rows; then its
/// scores for the others. So memory grows with the rows alone: between two scores of rows of the
/// class nothing but the number of the others matters, as the ROC curve is a straight line there.
class ThresholdCounts {
 public:
  explicit ThresholdCounts(std::size_t outputs) : outputs_(outputs) {}

  /// The score of a row for a class which is its own.
  void add_positive(std::size_t of, double score) { outputs_[of].scores.push_back(score); }
  /// Ends the first part.
  void sort();
  /// The score of a row for a class which is not its own.
  void add_negative(std::size_t of, double score);

  /// Returns the curve of a class. The area under its ROC curve is the probability that a row of
  /// the class has a higher score for it than another row, an equal score counting half (Mann and
  /// Whitney 1947).
  ThresholdCurve curve(std::size_t of) const;

 private:
  struct Output {
    std::vector<double> scores;  ///< of the rows of the class; ascending once sorted
    /// Negatives between the scores: 2i counts those below scores[i] and above the scores before
    /// it, 2i + 1 those equal to it, i being the first of equal scores.
    std::vector<std::uint32_t> negatives;
  };

  std::vector<Output> outputs_;
};

}  // namespace nabla
