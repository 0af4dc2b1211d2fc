// SPDX-License-Identifier: MIT
#include "fuzz/mutate.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace nabla::fuzz {

namespace {

std::size_t below(Random& random, std::size_t bound) {
  return random.below(static_cast<std::uint32_t>(bound));
}

void flip_bit(std::string& input, Random& random) {
  char& byte = input[below(random, input.size())];
  byte = static_cast<char>(byte ^ (1 << below(random, 8)));
}

void replace_byte(std::string& input, Random& random) {
  input[below(random, input.size())] = static_cast<char>(below(random, 256));
}

/// Numbers that readers must not believe as sizes and counts.
constexpr std::array<std::uint64_t, 12> kLargeNumbers = {0,
                                                         0x7f,
                                                         0xff,
                                                         0x7fff,
                                                         0xffff,
                                                         0x00ffffff,
                                                         0x7fffffff,
                                                         0x80000000,
                                                         0xffffffff,
                                                         0x100000000,
                                                         0x7fffffffffffffff,
                                                         0xffffffffffffffff};

void inflate_binary(std::string& input, Random& random) {
  const std::size_t size = std::min<std::size_t>(std::size_t{2} << below(random, 3), input.size());
  const std::size_t start = below(random, input.size() - size + 1);
  const std::uint64_t number = kLargeNumbers[below(random, kLargeNumbers.size())];
  const bool is_big_endian = below(random, 2) == 0;
  for (std::size_t i = 0; i < size; ++i)
    input[start + (is_big_endian ? size - 1 - i : i)] = static_cast<char>(number >> (8 * i) & 0xff);
}

constexpr std::array kNumberTexts = {
    "-1",  "0",   "4294967295", "4294967296", "99999999999",         "1e308", "1e-320", "1e999",
    "nan", "inf", "100000000",  "16777217",   "18446744073709551616"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Replaces the first number in text at or after some place.
void inflate_text(std::string& input, Random& random) {
  const auto from = input.begin() + static_cast<std::ptrdiff_t>(below(random, input.size()));
  const auto first = std::find_if(from, input.end(), is_digit);
  const auto last = std::find_if_not(first, input.end(), is_digit);
  input.replace(first, last, kNumberTexts[below(random, kNumberTexts.size())]);
}

void truncate(std::string& input, Random& random) { input.resize(below(random, input.size())); }

struct Range {
  std::size_t start;
  std::size_t size;
};

Range some_range(const std::string& input, Random& random) {
  const std::size_t start = below(random, input.size());
  const std::size_t most = std::min<std::size_t>(input.size() - start, 64);
  return {start, 1 + below(random, most)};
}

void remove_part(std::string& input, Random& random) {
  const Range range = some_range(input, random);
  input.erase(range.start, range.size);
}

void repeat_part(std::string& input, Random& random) {
  const Range range = some_range(input, random);
  std::string part = input.substr(range.start, range.size);
  const std::size_t times = std::size_t{1} << below(random, 6);
  std::string repeated;
  for (std::size_t i = 0; i < times; ++i) repeated += part;
  input.insert(range.start, repeated);
}

}  // namespace

std::string mutated(const std::vector<std::string>& seeds, Random& random) {
  std::string input = seeds[below(random, seeds.size())];
  for (std::size_t left = 1 + below(random, 4); left > 0 && !input.empty(); --left) {
    switch (below(random, 8)) {
      case 0:
        replace_byte(input, random);
        break;
      case 1:
        inflate_binary(input, random);
        break;
      case 2:
        inflate_text(input, random);
        break;
      case 3:
        truncate(input, random);
        break;
      case 4:
        remove_part(input, random);
        break;
      case 5:
        repeat_part(input, random);
        break;
      case 6: {
        const std::string& other = seeds[below(random, seeds.size())];
        if (other.empty()) break;
        const Range range = some_range(other, random);
        input.insert(below(random, input.size()), other, range.start, range.size);
        break;
      }
      default:
        flip_bit(input, random);
    }
  }
  return input;
}

}  // namespace nabla::fuzz
