// SPDX-License-Identifier: MIT
#include "data/pickle_text.h"

#include <charconv>
#include <cstddef>
#include <cstdint>

namespace nabla {

namespace {

/// The number that `digits` hexadecimal digits at `position` stand for.
std::optional<std::uint32_t> hexadecimal(std::string_view text, std::size_t position,
                                         std::size_t digits) {
  if (position > text.size() || text.size() - position < digits) return std::nullopt;
  std::uint32_t value = 0;
  const char* const first = text.data() + position;
  const auto [end, error] = std::from_chars(first, first + digits, value, 16);
  if (error != std::errc() || end != first + digits) return std::nullopt;
  return value;
}

void append_utf8(std::uint32_t point, std::string& text) {
  const auto continued = [&](int shift) {
    text += static_cast<char>(0x80U | ((point >> shift) & 0x3fU));
  };
  if (point < 0x80) {
    text += static_cast<char>(point);
  } else if (point < 0x800) {
    text += static_cast<char>(0xc0U | point >> 6);
    continued(0);
  } else if (point < 0x10000) {
    text += static_cast<char>(0xe0U | point >> 12);
    continued(6);
    continued(0);
  } else {
    text += static_cast<char>(0xf0U | point >> 18);
    continued(12);
    continued(6);
    continued(0);
  }
}

}  // namespace

std::optional<std::string> python_string(std::string_view literal) {
  if (literal.size() < 2 || literal.front() != literal.back() ||
      (literal.front() != '\'' && literal.front() != '"'))
    return std::nullopt;
  const char quote = literal.front();
  literal = literal.substr(1, literal.size() - 2);
  std::string text;
  text.reserve(literal.size());
  for (std::size_t i = 0; i < literal.size(); ++i) {
    if (literal[i] == quote) return std::nullopt;
    if (literal[i] != '\\') {
      text += literal[i];
      continue;
    }
    if (++i == literal.size()) return std::nullopt;
    if (literal[i] == 'x') {
      const auto value = hexadecimal(literal, i + 1, 2);
      if (!value) return std::nullopt;
      text += static_cast<char>(*value);
      i += 2;
      continue;
    }
    constexpr std::string_view kEscapes = "\\'\"ntr";
    constexpr std::string_view kMeant = "\\'\"\n\t\r";
    const std::size_t escape = kEscapes.find(literal[i]);
    if (escape == std::string_view::npos) return std::nullopt;
    text += kMeant[escape];
  }
  return text;
}

std::optional<std::string> raw_unicode(std::string_view text) {
  constexpr std::uint32_t kLastPoint = 0x10ffff;
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (text[i] != '\\' || (next != 'u' && next != 'U')) {
      append_utf8(static_cast<unsigned char>(text[i]), result);
      continue;
    }
    const std::size_t digits = next == 'u' ? 4 : 8;
    const auto point = hexadecimal(text, i + 2, digits);
    if (!point || *point > kLastPoint) return std::nullopt;
    append_utf8(*point, result);
    i += 1 + digits;
  }
  return result;
}

}  // namespace nabla
