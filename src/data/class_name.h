// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nabla {

/// A class name as it stands in a table, with its value where it is a number: "1" and "1.0" are one
/// class.
struct ClassName {
  explicit ClassName(std::string_view name);

  std::string text;
  std::optional<double> value;

  /// Numbers by value, then text by bytes.
  bool operator<(const ClassName& other) const;
};

}  // namespace nabla
