// SPDX-License-Identifier: MIT
#include "data/distinct_texts.h"

namespace nabla {

DistinctTexts::Found DistinctTexts::add(std::string_view text) {
  const auto found = numbers_.find(text);
  if (found != numbers_.end()) return {found->second, false};
  const auto number = static_cast<std::uint32_t>(texts_.size());
  texts_.push_back(&numbers_.emplace(text, number).first->first);
  return {number, true};
}

void DistinctTexts::clear() {
  numbers_.clear();
  texts_.clear();
}

}  // namespace nabla
