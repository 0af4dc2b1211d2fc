// SPDX-License-Identifier: MIT
#include "data/standard_file.h"

#include <string>
#include <system_error>

namespace nabla {

std::filesystem::path find_plain_or_gz(const std::filesystem::path& dir, std::string_view name) {
  std::error_code ignored;
  const std::filesystem::path plain = dir / name;
  if (std::filesystem::exists(plain, ignored)) return plain;
  const std::filesystem::path packed = plain.string() + ".gz";
  return std::filesystem::exists(packed, ignored) ? packed : std::filesystem::path();
}

}  // namespace nabla
