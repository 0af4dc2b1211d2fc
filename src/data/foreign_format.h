// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nabla {

/// A format that no source of data has, but that often holds files of one.
struct ForeignFormat {
  std::string_view name;    ///< with its article: "a zip archive"
  std::string_view remedy;  ///< the way to a file that is read: "unzip it"
};

/// Returns the archive, compressed stream or workbook that begins with these bytes; nullopt if they
/// begin none. gzip is not foreign, as every reader decompresses it.
std::optional<ForeignFormat> recognise_foreign(std::span<const std::byte> start);

/// Throws DataError, which begins with `name`, if the bytes at the start of a file are those of a
/// foreign format.
void refuse_foreign(std::span<const std::byte> start, const std::string& name);

}  // namespace nabla
