// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace nabla {

// Tables of kinds. A table is a constant array of rows, one for each value of an enumeration and in
// its order. A row has the members `kind`, which is the value, `name`, its name in configurations
// and files, and whatever else is known of that kind alone.

/// The row of a kind of which only the name is known.
template <class Enum>
struct Named {
  Enum kind;
  std::string_view name;
};

/// Whether an enumeration has an enumerator of that value.
template <auto kValue>
consteval bool is_enumerator() {
  // Compilers write a value without an enumerator as a cast: "(nabla::Cost)4".
  const std::string_view text = __PRETTY_FUNCTION__;
  return text.rfind("::") > text.rfind(')');
}

/// Whether a table has one row for each value of its enumeration, in its order, with names that
/// differ; for a static_assert beside the table.
template <class Row, std::size_t N>
consteval bool is_complete(const Row (&rows)[N]) {
  using Enum = decltype(Row::kind);
  for (std::size_t i = 0; i < N; ++i) {
    if (rows[i].kind != static_cast<Enum>(i) || rows[i].name.empty()) return false;
    for (std::size_t j = 0; j < i; ++j)
      if (rows[i].name == rows[j].name) return false;
  }
  return !is_enumerator<static_cast<Enum>(N)>();
}

/// The row of a kind in a complete table.
template <class Row, std::size_t N>
constexpr const Row& row_of(const Row (&rows)[N], decltype(Row::kind) kind) {
  return rows[static_cast<std::size_t>(kind)];
}

/// The kind of that name, if there is one.
template <class Row, std::size_t N>
constexpr std::optional<decltype(Row::kind)> find_kind(const Row (&rows)[N],
                                                       std::string_view name) {
  for (const Row& row : rows)
    if (row.name == name) return row.kind;
  return std::nullopt;
}

/// All kinds, in their order.
template <class Row, std::size_t N>
constexpr std::array<decltype(Row::kind), N> kinds_of(const Row (&rows)[N]) {
  std::array<decltype(Row::kind), N> kinds{};
  for (std::size_t i = 0; i < N; ++i) kinds[i] = rows[i].kind;
  return kinds;
}

/// "a, b or c": the names of the rows for which `belongs` holds.
template <class Row, std::size_t N, class Predicate>
std::string alternatives(const Row (&rows)[N], Predicate belongs) {
  std::string text;
  std::string_view last;
  for (const Row& row : rows) {
    if (!belongs(row)) continue;
    if (!last.empty()) text.append(text.empty() ? "" : ", ").append(last);
    last = row.name;
  }
  return text.empty() ? std::string(last) : text.append(" or ").append(last);
}

}  // namespace nabla
