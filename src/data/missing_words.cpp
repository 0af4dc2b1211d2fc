// SPDX-License-Identifier: MIT
#include "data/missing_words.h"

#include <algorithm>

namespace nabla {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

MissingWords::MissingWords(std::span<const std::string> words) {
  for (const std::string& word : words) {
    std::string& lowered = words_.emplace_back(word);
    std::ranges::transform(lowered, lowered.begin(), lower);
    longest_ = std::max(longest_, word.size());
    for (std::size_t byte = 0; byte < begins_.size(); ++byte)
      if (lowered.starts_with(lower(static_cast<char>(byte)))) begins_.set(byte);
    double number = 0;
    if (parse_number(word, number) == CellKind::kNumber) numbers_.push_back(number);
  }
}

bool MissingWords::contains(double number) const {
  return std::ranges::find(numbers_, number) != numbers_.end();
}

bool MissingWords::is_word(std::string_view cell) const {
  return std::ranges::any_of(words_, [&](const std::string& word) {
    return std::ranges::equal(word, cell, {}, {}, lower);
  });
}

}  // namespace nabla
