// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "report/page.h"
#include "report/run_files.h"

namespace nabla::report {

/// The report of one run. Reads its data again to evaluate the model on them.
Report run_report(const std::filesystem::path& folder, std::size_t threads);

// Sections that other reports have, too.

/// The experiment, its data and its end. `missing` says why sections are not there.
Section summary_section(const RunFiles& run, const std::vector<std::string>& missing);
/// config.ini; empty if there is none.
Section config_section(const RunFiles& run);

}  // namespace nabla::report
