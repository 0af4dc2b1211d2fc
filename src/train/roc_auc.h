// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace nabla {

/// The areas under the ROC curves of each class against the rest. The area of a class is the
/// probability that a row of the class has a higher score for it than another row, an equal score
/// counting half (Mann and Whitney 1947). Each row comes twice: its score for its own class first,
/// of all rows; then its scores for all other classes. So memory grows with the rows alone.
class RocAuc {
 public:
  explicit RocAuc(std::size_t classes)
      : positives_(classes), negatives_(classes), half_wins_(classes) {}

  /// A row's score for its own class.
  void add_positive(std::size_t of, double score) { positives_[of].push_back(score); }
  /// Ends the first part.
  void sort();
  /// A row's score for a class which is not its own.
  void add_negative(std::size_t of, double score);

  /// The area of a class, 0 to 1; NaN if the class has no row or all of them.
  double area(std::size_t of) const;

 private:
  std::vector<std::vector<double>> positives_;
  std::vector<std::uint64_t> negatives_;
  /// Pairs of a positive and a negative: 2 if the positive has the higher score, 1 if it is equal.
  std::vector<std::uint64_t> half_wins_;
};

}  // namespace nabla
