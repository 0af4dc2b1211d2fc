// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string_view>

namespace nabla {

/// `name` in the folder, or name + ".gz" where that is missing; empty where both are.
std::filesystem::path find_plain_or_gz(const std::filesystem::path& dir, std::string_view name);

}  // namespace nabla
