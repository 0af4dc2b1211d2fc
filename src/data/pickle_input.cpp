// SPDX-License-Identifier: MIT
#include "data/pickle_input.h"

#include <charconv>

#include "data/csv_cell.h"

namespace nabla {

unsigned char PickleInput::next() {
  start_ = position_;
  return static_cast<unsigned char>(take(1).front());
}

std::string_view PickleInput::take(std::size_t count) {
  const std::size_t left = content_.size() - position_;
  if (count > left)
    objects_.fail(content_.size(), "the file ends; expected " + std::to_string(count - left) +
                                       " bytes more for the instruction at byte " +
                                       std::to_string(start_));
  const auto* const first = reinterpret_cast<const char*>(content_.data()) + position_;
  position_ += count;
  return {first, count};
}

std::string_view PickleInput::take_line() {
  const std::string_view rest(reinterpret_cast<const char*>(content_.data()) + position_,
                              content_.size() - position_);
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos)
    objects_.fail(content_.size(),
                  "the file ends; expected the end of the line for the "
                  "instruction at byte " +
                      std::to_string(start_));
  position_ += end + 1;
  return rest.substr(0, end);
}

std::size_t PickleInput::take_size(std::size_t bytes) {
  const std::string_view text = take(bytes);
  std::size_t value = 0;
  for (std::size_t i = bytes; i-- > 0;) value = value << 8 | static_cast<unsigned char>(text[i]);
  return value;
}

std::int64_t PickleInput::take_integer(std::size_t bytes) {
  if (bytes > 8) fail("a number of more than 64 bits; expected a smaller one");
  if (bytes == 0) return 0;
  // Two's complement: the sign is moved to the top and, by the arithmetic shift, back again.
  const auto shift = static_cast<int>(64 - 8 * bytes);
  return static_cast<std::int64_t>(std::uint64_t{take_size(bytes)} << shift) >> shift;
}

std::int64_t PickleInput::take_decimal() {
  std::string_view line = take_line();
  if (line.ends_with('L')) line.remove_suffix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
  if (error != std::errc() || end != line.data() + line.size())
    fail("found the number " + quote_cell(line) + "; expected a whole one");
  return value;
}

}  // namespace nabla
