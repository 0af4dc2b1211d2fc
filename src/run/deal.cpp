// SPDX-License-Identifier: MIT
#include "run/deal.h"

#include <algorithm>
#include <numeric>

namespace nabla {

std::vector<std::size_t> deal(std::span<const double> work, std::size_t ranks) {
  std::vector<std::size_t> order(work.size()), dealt(work.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return work[a] > work[b]; });
  std::vector<double> load(ranks);
  std::vector<std::size_t> pieces(ranks);
  for (const std::size_t i : order) {
    std::size_t least = 0;
    for (std::size_t q = 1; q < ranks; ++q)
      if (load[q] < load[least] || (load[q] == load[least] && pieces[q] < pieces[least])) least = q;
    dealt[i] = least;
    load[least] += work[i];
    ++pieces[least];
  }
  return dealt;
}

}  // namespace nabla
