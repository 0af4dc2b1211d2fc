// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace nabla {

/// A folder of the shared test data; it need not be there, and the test skips then.
inline std::filesystem::path test_data(const std::string& folder) {
  const char* set = std::getenv("NABLA_TEST_DATA");
  const std::filesystem::path root =
      set != nullptr ? set : std::filesystem::path(NABLA_SOURCE_DIR) / "../shared/data";
  return root / folder;
}

}  // namespace nabla
