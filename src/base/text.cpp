// SPDX-License-Identifier: MIT
#include "base/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

namespace nabla {

std::size_t utf8_character(std::string_view text) {
  if (text.empty()) return 0;
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return 1;
  const std::size_t following = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
  if (lead < 0xc2 || lead > 0xf4 || text.size() <= following) return 0;
  std::uint32_t code = lead & (0x3fu >> following);
  for (std::size_t k = 1; k <= following; ++k) {
    const auto byte = static_cast<unsigned char>(text[k]);
    if ((byte & 0xc0u) != 0x80u) return 0;
    code = code << 6 | (byte & 0x3fu);
  }
  constexpr std::uint32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < kLeast[following] || code > 0x10ffff || is_surrogate) return 0;
  return 1 + following;
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

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = utf8_character(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

bool starts_with_control(std::string_view text) {
  if (text.empty()) return false;
  const auto first = static_cast<unsigned char>(text.front());
  if (first < ' ' || first == 0x7f) return true;
  if (first == 0xc2 && text.size() > 1) return static_cast<unsigned char>(text[1]) < 0xa0;
  return text.starts_with("\u2028") || text.starts_with("\u2029");
}

namespace {

/// Returns the name of a character that looks like a blank or like nothing, "" of others.
std::string_view name_of_invisible(std::string_view character) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"\u00a0", "no-break space"},        {"\u2007", "figure space"},
      {"\u202f", "narrow no-break space"}, {"\u200b", "zero-width space"},
      {kByteOrderMark, "byte order mark"},
  };
  for (const auto& [invisible, name] : kNames)
    if (character == invisible) return name;
  return "";
}

}  // namespace

std::string printable(std::string_view text, std::size_t longest) {
  std::string result;
  while (!text.empty()) {
    const std::size_t size = utf8_character(text);
    const std::size_t taken = std::max<std::size_t>(size, 1);
    if (result.size() + taken > longest) return result + "...";
    if (size == 0 || starts_with_control(text))
      result += '?';
    else if (const std::string_view name = name_of_invisible(text.substr(0, size)); !name.empty())
      result += "<" + std::string(name) + ">";
    else
      result += text.substr(0, size);
    text.remove_prefix(taken);
  }
  return result;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  return "'" + printable(text, kLongest) + "'";
}

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // rows[0][j] is the distance between the bytes of a seen so far and the first j of b; rows[1] and
  // rows[2] are those of one and of two bytes less of a.
  std::array<std::vector<std::size_t>, 3> rows;
  for (std::vector<std::size_t>& row : rows) row.resize(b.size() + 1);
  std::iota(rows[0].begin(), rows[0].end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::rotate(rows.begin(), rows.end() - 1, rows.end());
    rows[0][0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = rows[1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      rows[0][j] = std::min({replaced, rows[1][j] + 1, rows[0][j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        rows[0][j] = std::min(rows[0][j], rows[2][j - 2] + 1);
    }
  }
  return rows[0].back();
}

}  // namespace

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  std::string best;
  std::size_t least = std::numeric_limits<std::size_t>::max();
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    const bool is_near = distance <= (std::max(word.size(), candidate.size()) + 2) / 3;
    if (is_near && distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
  const std::string name = nearest(word, candidates);
  return name.empty() ? "" : "; did you mean " + name + "?";
}

namespace {

std::string printed(const char* format, int digits, double value) {
  // The sign bit of a NaN has no meaning.
  if (std::isnan(value)) return "nan";
  const int size = std::snprintf(nullptr, 0, format, digits, value);
  std::string text(static_cast<std::size_t>(size) + 1, '\0');
  std::snprintf(text.data(), text.size(), format, digits, value);
  text.pop_back();
  return text;
}

}  // namespace

std::string fixed(double value, int digits) { return printed("%.*f", digits, value); }
std::string general(double value, int digits) { return printed("%.*g", digits, value); }

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds)) return "?";
  // Three digits of 0.9995 s are those of a whole second.
  if (seconds < 0.9995) return general(1000 * seconds, 3) + " ms";
  if (seconds < 59.95) return general(seconds, 3) + " s";
  const auto total = std::llround(seconds);
  if (total < 3600) return std::to_string(total / 60) + " min " + std::to_string(total % 60) + " s";
  return std::to_string(total / 3600) + " h " + std::to_string(total / 60 % 60) + " min";
}

std::string with_thousands(double value) {
  std::string text = fixed(value, 0);
  if (!std::isfinite(value)) return text;
  for (std::size_t i = text.size(); i > 3 && text[i - 4] != '-';) text.insert(i -= 3, ",");
  return text;
}

}  // namespace nabla
