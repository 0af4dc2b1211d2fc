// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace nabla {

struct ReportResult {
  std::filesystem::path file;
  /// What is missing in the report and why, one line each.
  std::vector<std::string> notes;
};

/// Writes a report of what `nabla train` left in the folder as one HTML file that needs nothing
/// beside it; an empty `file` stands for report.html in the folder. The plots are gnuplot's; where
/// there is none, or something of the run is missing, the report has the rest and a note says so.
/// Throws DataError where a folder holds no run, std::system_error where the file cannot be
/// written.
ReportResult write_report(const std::vector<std::filesystem::path>& folders,
                          std::filesystem::path file, std::size_t threads);

}  // namespace nabla
