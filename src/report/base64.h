// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace nabla::report {

/// RFC 4648, with padding.
std::string base64(std::span<const std::byte> bytes);

}  // namespace nabla::report
