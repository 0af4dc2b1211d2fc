// SPDX-License-Identifier: MIT
#include "data/read_text.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace nabla {

ReadText read_from(std::string_view text) {
  return [text](std::span<char> out) mutable {
    const std::size_t count = std::min(text.size(), out.size());
    std::copy_n(text.data(), count, out.begin());
    text.remove_prefix(count);
    return count;
  };
}

ReadText read_from(InputStream stream) {
  // A function object must be copyable, but a stream is not.
  auto shared = std::make_shared<InputStream>(std::move(stream));
  return [shared](std::span<char> out) { return shared->read(std::as_writable_bytes(out)); };
}

}  // namespace nabla
