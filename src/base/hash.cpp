// SPDX-License-Identifier: MIT
#include "base/hash.h"

#include <array>
#include <bit>
#include <cstring>

namespace nabla {

namespace {

static_assert(std::endian::native == std::endian::little, "XXH64 reads little-endian numbers");

constexpr std::uint64_t kPrime1 = 0x9E3779B185EBCA87;
constexpr std::uint64_t kPrime2 = 0xC2B2AE3D27D4EB4F;
constexpr std::uint64_t kPrime3 = 0x165667B19E3779F9;
constexpr std::uint64_t kPrime4 = 0x85EBCA77C2B2AE63;
constexpr std::uint64_t kPrime5 = 0x27D4EB2F165667C5;

std::uint64_t round_of(std::uint64_t accumulator, std::uint64_t lane) {
  return std::rotl(accumulator + lane * kPrime2, 31) * kPrime1;
}

/// Takes a number off the front of the content.
template <class Number>
Number take(std::span<const std::byte>& content) {
  Number number;
  std::memcpy(&number, content.data(), sizeof number);
  content = content.subspan(sizeof number);
  return number;
}

/// Takes all whole stripes of 32 bytes off the front of the content.
std::uint64_t hash_of_stripes(std::span<const std::byte>& content) {
  constexpr std::size_t kStripe = 32;
  std::array<std::uint64_t, 4> accumulators = {kPrime1 + kPrime2, kPrime2, 0, 0 - kPrime1};
  while (content.size() >= kStripe)
    for (std::uint64_t& accumulator : accumulators)
      accumulator = round_of(accumulator, take<std::uint64_t>(content));
  const auto& [a, b, c, d] = accumulators;
  std::uint64_t hash = std::rotl(a, 1) + std::rotl(b, 7) + std::rotl(c, 12) + std::rotl(d, 18);
  for (const std::uint64_t accumulator : accumulators)
    hash = (hash ^ round_of(0, accumulator)) * kPrime1 + kPrime4;
  return hash;
}

}  // namespace

std::uint64_t xxh64(std::span<const std::byte> content) {
  const std::uint64_t size = content.size();
  std::uint64_t hash = size >= 32 ? hash_of_stripes(content) : kPrime5;
  hash += size;
  while (content.size() >= sizeof(std::uint64_t)) {
    hash ^= round_of(0, take<std::uint64_t>(content));
    hash = std::rotl(hash, 27) * kPrime1 + kPrime4;
  }
  if (content.size() >= sizeof(std::uint32_t)) {
    hash ^= take<std::uint32_t>(content) * kPrime1;
    hash = std::rotl(hash, 23) * kPrime2 + kPrime3;
  }
  while (!content.empty()) {
    hash ^= take<std::uint8_t>(content) * kPrime5;
    hash = std::rotl(hash, 11) * kPrime1;
  }
  hash = (hash ^ (hash >> 33)) * kPrime2;
  hash = (hash ^ (hash >> 29)) * kPrime3;
  return hash ^ (hash >> 32);
}

}  // namespace nabla
