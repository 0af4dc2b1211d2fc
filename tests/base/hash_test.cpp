// SPDX-License-Identifier: MIT
#include "base/hash.h"

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace nabla {
namespace {

std::uint64_t hash_of(std::string_view text) { return xxh64(std::as_bytes(std::span(text))); }

// Values of the reference implementation (xxhsum -H1). The lengths take every branch: no stripe,
// and stripes with eight, four and single bytes behind them.
TEST(Hash, AgreesWithPublishedValues) {
  EXPECT_EQ(hash_of(""), 0xef46db3751d8e999U);
  EXPECT_EQ(hash_of("a"), 0xd24ec4f1a98c6e5bU);
  EXPECT_EQ(hash_of("abc"), 0x44bc2cf5ad770999U);
  EXPECT_EQ(hash_of("xxhash"), 0x32dd38952c4bc720U);
  EXPECT_EQ(hash_of("The quick brown fox jumps over the lazy dog"), 0x0b242d361fda71bcU);
}

TEST(Hash, DependsOnEveryByteAndTheLength) {
  std::string text(100, 'x');
  const std::uint64_t hash = hash_of(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    text[i] ^= 1;
    EXPECT_NE(hash_of(text), hash) << i;
    text[i] ^= 1;
  }
  EXPECT_NE(hash_of(std::string(99, 'x')), hash);
  EXPECT_NE(hash_of(std::string(101, 'x')), hash);
}

}  // namespace
}  // namespace nabla
