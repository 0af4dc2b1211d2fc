// SPDX-License-Identifier: MIT
#include "data/distinct_texts.h"

#include <map>
#include <set>

#include "data/csv_cell.h"

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

std::vector<std::string> sorted_names(const DistinctTexts& texts,
                                      const std::function<bool(std::size_t number)>& is_used) {
  std::set<ClassName> sorted;
  for (std::size_t text = 0; text < texts.size(); ++text)
    if (is_used(text)) sorted.emplace(texts[text]);
  std::vector<std::string> names;
  for (const ClassName& name : sorted) names.push_back(name.text());
  return names;
}

std::vector<std::uint32_t> find_names(const DistinctTexts& texts,
                                      std::span<const std::string> names) {
  std::map<ClassName, std::uint32_t> place_of;
  for (std::size_t i = 0; i < names.size(); ++i)
    place_of.try_emplace(ClassName(names[i]), static_cast<std::uint32_t>(i));
  std::vector<std::uint32_t> result;
  for (std::size_t text = 0; text < texts.size(); ++text) {
    const auto found = place_of.find(ClassName(texts[text]));
    result.push_back(found == place_of.end() ? kUnknownName : found->second);
  }
  return result;
}

}  // namespace nabla
