// SPDX-License-Identifier: MIT
#include "run/rank_news.h"

#include <algorithm>
#include <cstring>
#include <span>

namespace nabla {

RankNews::RankNews(Ranks& ranks)
    : ranks_(ranks),
      pages_(ranks.size()),
      read_(ranks.size()),
      have_all_ended_(ranks.size() == 1) {}

void RankNews::tell(const std::string& message) {
  if (ranks_.size() == 1) return;
  const std::uint64_t size = message.size();
  unsent_.append(reinterpret_cast<const char*>(&size), sizeof size);
  unsent_ += message;
}

std::vector<std::string> RankNews::hear() {
  std::vector<std::string> heard;
  if (have_all_ended_) return heard;
  if (!ticket_) begin();
  if (!ranks_.is_done(*ticket_)) return heard;
  ranks_.wait(*ticket_);
  ticket_.reset();
  read(heard);
  if (!have_all_ended_) begin();
  return heard;
}

void RankNews::begin() {
  Page& own = pages_[ranks_.rank()];
  own.size = static_cast<std::uint32_t>(std::min(unsent_.size(), own.text.size()));
  std::copy_n(unsent_.begin(), own.size, own.text.begin());
  unsent_.erase(0, own.size);
  own.is_stopping = is_stopping_ ? 1 : 0;
  own.has_ended = has_ended_ && unsent_.empty() ? 1 : 0;
  std::vector<BytesRange> parts;
  for (std::size_t q = 0; q < pages_.size(); ++q) parts.push_back({q * sizeof(Page), sizeof(Page)});
  ticket_ = ranks_.begin_gather(std::as_writable_bytes(std::span(pages_)), parts);
}

void RankNews::read(std::vector<std::string>& heard) {
  for (std::size_t q = 0; q < pages_.size(); ++q) {
    const Page& page = pages_[q];
    is_stopped_ = is_stopped_ || page.is_stopping != 0;
    if (q == ranks_.rank()) continue;
    std::string& text = read_[q];
    text.append(page.text.data(), page.size);
    std::uint64_t size = 0;
    while (text.size() >= sizeof size) {
      std::memcpy(&size, text.data(), sizeof size);
      if (text.size() - sizeof size < size) break;
      heard.push_back(text.substr(sizeof size, size));
      text.erase(0, sizeof size + size);
    }
  }
  have_all_ended_ =
      std::ranges::all_of(pages_, [](const Page& page) { return page.has_ended != 0; });
}

}  // namespace nabla
