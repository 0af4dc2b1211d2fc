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

bool decided_by_first(Ranks& ranks, bool decision) {
  return all_of<std::uint32_t>(ranks, decision ? 1 : 0).front() == 1;
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
