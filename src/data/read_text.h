// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>

#include "base/input_stream.h"

namespace nabla {

/// Writes the next bytes of a text to the start of the span and returns their number, 0 at the end.
using ReadText = std::function<std::size_t(std::span<char>)>;

/// Returns a function that reads a text in memory, which must outlive the function.
ReadText read_from(std::string_view text);

/// Returns a function that reads the content of a file, decompressed if it is gzip.
ReadText read_from(InputStream stream);

}  // namespace nabla
