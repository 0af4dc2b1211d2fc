// SPDX-License-Identifier: MIT
#include "data/standard_file.h"

#include <string>

#include "nabla/base/file.h"

namespace nabla {

std::filesystem::path find_plain_or_gz(const std::filesystem::path& dir, std::string_view name) {
  const std::filesystem::path plain = dir / name;
  if (file_exists(plain)) return plain;
  const std::filesystem::path packed = plain.string() + ".gz";
  return file_exists(packed) ? packed : std::filesystem::path();
}

}  // namespace nabla
