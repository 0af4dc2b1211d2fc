// SPDX-License-Identifier: MIT
#include "nabla/data/table.h"

namespace nabla {

std::vector<std::string> TableColumns::target_names(std::size_t outputs) const {
  std::vector<std::string> result;
  for (std::size_t j = 0; j < outputs; ++j)
    result.push_back(j < targets.size() && targets[j] < names.size()
                         ? names[targets[j]]
                         : "target " + std::to_string(j + 1));
  return result;
}

}  // namespace nabla
