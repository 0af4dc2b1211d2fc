// SPDX-License-Identifier: MIT
#include "train/roc_auc.h"

#include <algorithm>
#include <limits>

namespace nabla {

void RocAuc::sort() {
  for (std::vector<double>& scores : positives_) std::ranges::sort(scores);
}

void RocAuc::add_negative(std::size_t of, double score) {
  const std::vector<double>& scores = positives_[of];
  const auto [equal, higher] = std::equal_range(scores.begin(), scores.end(), score);
  half_wins_[of] += static_cast<std::uint64_t>((scores.end() - equal) + (scores.end() - higher));
  ++negatives_[of];
}

double RocAuc::area(std::size_t of) const {
  const auto pairs =
      static_cast<double>(positives_[of].size()) * static_cast<double>(negatives_[of]);
  if (pairs == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(half_wins_[of]) / (2 * pairs);
}

}  // namespace nabla
