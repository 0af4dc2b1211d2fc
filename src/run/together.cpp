// SPDX-License-Identifier: MIT
#include "run/together.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/file.h"

namespace nabla {

namespace {

/// Returns the numbers of all ranks.
template <class T>
std::vector<T> all_of(Ranks& ranks, const T& own) {
  std::vector<T> all(ranks.size());
  std::vector<BytesRange> parts;
  for (std::size_t q = 0; q < all.size(); ++q) parts.push_back({q * sizeof(T), sizeof(T)});
  all[ranks.rank()] = own;
  ranks.gather(std::as_writable_bytes(std::span(all)), parts);
  return all;
}

}  // namespace

void together(Ranks& ranks, const std::function<void()>& work) {
  if (ranks.size() == 1) return work();
  std::exception_ptr own;
  try {
    work();
  } catch (...) {
    own = std::current_exception();
  }
  const auto failed = all_of<std::uint32_t>(ranks, own ? 1 : 0);
  const auto first = std::ranges::find(failed, 1U);
  if (first != failed.end()) throw RankError(own, static_cast<std::size_t>(first - failed.begin()));
}

bool any_of(Ranks& ranks, bool own) {
  return std::ranges::count(all_of<std::uint32_t>(ranks, own ? 1 : 0), 1U) > 0;
}

bool decided_by_first(Ranks& ranks, bool decision) {
  return all_of<std::uint32_t>(ranks, decision ? 1 : 0).front() == 1;
}

std::vector<std::string> gather_texts(Ranks& ranks, const std::string& own) {
  // Ranks give whole numbers of four bytes.
  constexpr std::size_t kUnit = 4;
  const std::vector<std::uint64_t> sizes = all_of<std::uint64_t>(ranks, own.size());
  std::vector<BytesRange> parts;
  std::size_t size = 0;
  for (const std::uint64_t one : sizes) {
    parts.push_back({size, (one + kUnit - 1) / kUnit * kUnit});
    size += parts.back().count;
  }
  std::string all(size, '\0');
  std::ranges::copy(own, all.begin() + static_cast<std::ptrdiff_t>(parts[ranks.rank()].first));
  ranks.gather(std::as_writable_bytes(std::span(all)), parts);
  std::vector<std::string> texts;
  for (std::size_t q = 0; q < sizes.size(); ++q)
    texts.push_back(all.substr(parts[q].first, sizes[q]));
  return texts;
}

std::string text_of_first(Ranks& ranks, const std::string& own) {
  return gather_texts(ranks, ranks.rank() == 0 ? own : "").front();
}

void require_same(Ranks& ranks, const std::string& text,
                  const std::function<std::exception_ptr()>& make) {
  if (ranks.size() == 1) return;
  std::array<char, 64> own{};
  const std::string checksum = sha256(std::as_bytes(std::span(text)));
  std::copy_n(checksum.begin(), std::min(checksum.size(), own.size()), own.begin());
  const auto all = all_of(ranks, own);
  together(ranks, [&] {
    if (own != all.front()) std::rethrow_exception(make());
  });
}

}  // namespace nabla
