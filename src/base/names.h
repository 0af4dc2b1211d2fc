// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <optional>
#include <string_view>

namespace nabla {

/// One value of an enumeration and its name in configurations and files.
template <class Enum>
struct Named {
  Enum value;
  std::string_view name;
};

/// The name of a value in its table; every value has one.
template <class Enum, std::size_t N>
std::string_view find_name(const Named<Enum> (&table)[N], Enum value) {
  for (const auto& entry : table)
    if (entry.value == value) return entry.name;
  assert(false && "every value is in its table");
  return "?";
}

/// The value of that name, if there is one.
template <class Enum, std::size_t N>
std::optional<Enum> find_value(const Named<Enum> (&table)[N], std::string_view name) {
  for (const auto& entry : table)
    if (entry.name == name) return entry.value;
  return std::nullopt;
}

}  // namespace nabla
