// SPDX-License-Identifier: MIT
#include "support/places.h"

#include <cstdlib>

namespace nabla {

namespace {

std::filesystem::path from_environment(const char* name, const std::filesystem::path& otherwise) {
  const char* set = std::getenv(name);
  return set != nullptr ? std::filesystem::path(set) : otherwise;
}

}  // namespace

std::filesystem::path source_folder() { return NABLA_SOURCE_DIR; }

std::filesystem::path nabla_program() { return from_environment("NABLA", NABLA_PROGRAM); }

std::filesystem::path test_data(const std::string& folder) {
  return from_environment("NABLA_TEST_DATA", source_folder() / "../shared/data") / folder;
}

}  // namespace nabla
