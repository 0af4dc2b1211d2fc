// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace nabla::report {

struct Report {
  std::string html;
  std::vector<std::string> notes;  ///< what is missing and why
};

/// The report of one run. Reads its data again for what the model makes of them.
Report run_report(const std::filesystem::path& folder, std::size_t threads);

}  // namespace nabla::report
