// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

namespace nabla {

/// The root of the project's sources.
std::filesystem::path source_folder();

/// The program under test: $NABLA, else the one of this build.
std::filesystem::path nabla_program();

/// A folder of the shared test data ($NABLA_TEST_DATA, else beside the project); it need not be
/// there, and the test skips then.
std::filesystem::path test_data(const std::string& folder);

}  // namespace nabla
