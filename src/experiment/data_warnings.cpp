// SPDX-License-Identifier: MIT
#include "experiment/data_warnings.h"

#include <cstddef>

#include "experiment/quote.h"

namespace nabla {

std::vector<std::string> data_warnings(const Dataset& train) {
  constexpr std::size_t kManyClasses = 10'000;
  if (train.task != Task::kClassification) return {};
  const std::size_t classes = train.classes.size();
  if (classes == 1)
    return {"all rows are of one class, " + in_quotes(train.classes.front()) +
            ": there is nothing to learn, expected two or more"};
  if (classes > kManyClasses)
    return {std::to_string(classes) + " classes in " + std::to_string(train.rows()) +
            " rows: is data.target an identifier, or a value (data.task = regression)?"};
  return {};
}

}  // namespace nabla
