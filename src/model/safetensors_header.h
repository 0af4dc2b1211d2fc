// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/safetensors.h"

namespace nabla::safetensors {

/// The byte at which the header's text begins, after its length.
inline constexpr std::size_t kHeaderOffset = sizeof(std::uint64_t);

/// One tensor's line in the header. The range is in bytes of the data that follows the header.
struct HeaderEntry {
  std::string dtype;
  std::vector<std::size_t> shape;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The header as written; ranges and sizes are not checked yet.
struct Header {
  std::size_t length = 0;  ///< bytes of its text
  Metadata metadata;
  std::map<std::string, HeaderEntry> entries;
};

/// Parses the JSON text of a header. Never builds a tree of it, so that neither nesting nor width
/// of hostile text costs stack or memory: the first token that is out of place ends the parsing.
/// Throws DataError as safetensors::parse does.
Header parse_header(std::string_view text, const std::string& name);

}  // namespace nabla::safetensors
