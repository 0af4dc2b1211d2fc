// SPDX-License-Identifier: MIT
#include "report/axis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "base/text.h"

namespace nabla::report {

namespace {

/// Relative error of powers of ten and their multiples in double precision.
constexpr double kRounding = 1e-9;

double decade(int exponent) { return std::pow(10.0, exponent); }

/// The largest of 1, 2 and 5 times powers of ten that is not above `value` > 0.
double rounded_down(double value) {
  const double power = decade(static_cast<int>(std::floor(std::log10(value))));
  for (const double digit : {10.0, 5.0, 2.0})
    if (digit * power <= value * (1 + kRounding)) return digit * power;
  return power;
}

/// The smallest of them that is not below it.
double rounded_up(double value) {
  const double power = decade(static_cast<int>(std::floor(std::log10(value))));
  for (const double digit : {1.0, 2.0, 5.0})
    if (digit * power >= value * (1 - kRounding)) return digit * power;
  return 10 * power;
}

/// Characters of a text, however many bytes each has.
double length_of(std::string_view text) {
  return static_cast<double>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

}  // namespace

std::vector<Tic> whole_tics(double low, double high, std::size_t most) {
  const double step = rounded_up(std::max(1.0, (high - low) / static_cast<double>(most - 1)));
  std::vector<Tic> tics;
  for (double at = std::ceil(low / step); at <= std::floor(high / step); ++at)
    tics.push_back({at * step, general(at * step, 15)});
  return tics;
}

std::string power_of_ten(int exponent) {
  constexpr std::array kDigits = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = exponent < 0 ? "10⁻" : "10";
  for (const char digit : std::to_string(std::abs(exponent)))
    text += kDigits[static_cast<std::size_t>(digit - '0')];
  return text;
}

LogAxis log_axis(double smallest, double largest) {
  LogAxis axis{rounded_down(smallest), rounded_up(largest), {}};
  const int first = static_cast<int>(std::floor(std::log10(axis.low * (1 + kRounding))));
  const int last = static_cast<int>(std::ceil(std::log10(axis.high * (1 - kRounding))));
  // One power of ten alone does not tell how long a decade is.
  if (last - first < 3) axis = {decade(first), decade(std::max(last, first + 1)), {}};
  constexpr int kMostTexts = 8;
  constexpr int kMostDecadesWithMinorTics = 6;
  const int stride = (last - first) / kMostTexts + 1;
  for (int exponent = first; exponent <= std::max(last, first + 1); ++exponent) {
    const auto add = [&](double at, const std::string& text) {
      if (at >= axis.low * (1 - kRounding) && at <= axis.high * (1 + kRounding))
        axis.tics.push_back({at, text});
    };
    add(decade(exponent), exponent % stride == 0 ? power_of_ten(exponent) : "");
    if (last - first > kMostDecadesWithMinorTics) continue;
    for (double digit = 2; digit < 10; ++digit) add(digit * decade(exponent), "");
  }
  return axis;
}

bool do_texts_collide(const std::vector<Tic>& tics, double characters_per_unit) {
  for (std::size_t i = 1; i < tics.size(); ++i) {
    const double room = (tics[i].at - tics[i - 1].at) * characters_per_unit;
    if ((length_of(tics[i - 1].text) + length_of(tics[i].text)) / 2 + 1 > room) return true;
  }
  return false;
}

}  // namespace nabla::report
