// SPDX-License-Identifier: MIT
#include "data/distinct_texts.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <utility>

#include "data/csv_cell.h"

namespace nabla {

namespace {

std::uint32_t hash_of(std::string_view text) {
  std::uint64_t hash = text.size();
  const auto mix = [&](std::uint64_t word) {
    hash = (hash ^ word) * 0x9E3779B97F4A7C15;  // 2⁶⁴ / golden ratio: Knuth's multiplicative hash
    hash ^= hash >> 32;
  };
  std::uint64_t word = 0;
  for (; text.size() >= sizeof word; text.remove_prefix(sizeof word)) {
    std::memcpy(&word, text.data(), sizeof word);
    mix(word);
  }
  word = 0;
  for (const char c : text) word = word << 8 | static_cast<unsigned char>(c);
  mix(word);
  return static_cast<std::uint32_t>(hash);
}

}  // namespace

/// Returns the slot that holds the text, or the one to put it in.
DistinctTexts::Slot& DistinctTexts::slot_of(std::string_view text, std::uint32_t hash) {
  std::size_t i = hash & (slots_.size() - 1);
  const auto is_other = [&](const Slot& slot) {
    return slot.text != nullptr && (slot.hash != hash || *slot.text != text);
  };
  while (is_other(slots_[i])) i = (i + 1) & (slots_.size() - 1);
  return slots_[i];
}

void DistinctTexts::grow() {
  const std::vector<Slot> old =
      std::exchange(slots_, std::vector<Slot>(std::max<std::size_t>(64, 2 * slots_.size())));
  for (const Slot& slot : old)
    if (slot.text != nullptr) slot_of(*slot.text, slot.hash) = slot;
}

DistinctTexts::Found DistinctTexts::add(std::string_view text) {
  if (2 * (texts_.size() + 1) > slots_.size()) grow();
  const std::uint32_t hash = hash_of(text);
  Slot& slot = slot_of(text, hash);
  if (slot.text != nullptr) return {slot.number, false};
  const auto number = static_cast<std::uint32_t>(texts_.size());
  slot = {&texts_.emplace_back(text), hash, number};
  return {number, true};
}

void DistinctTexts::clear() {
  texts_.clear();
  slots_.clear();
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
