// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

namespace nabla {

/// Returns the root of the project's sources.
std::filesystem::path source_folder();

/// Returns the program under test: $NABLA, else the one of this build.
std::filesystem::path nabla_program();

/// Returns a folder of the shared test data ($NABLA_TEST_DATA, else beside the project); if it is
/// not there, the test is skipped.
std::filesystem::path test_data(const std::string& folder);

}  // namespace nabla
