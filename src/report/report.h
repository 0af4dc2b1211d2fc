// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace nabla {

struct ReportResult {
  std::filesystem::path file;
  /// A line for each thing that is missing in the report, and why.
  std::vector<std::string> notes;
};

/// Writes a report of one run, sweep, cross-validation or scaling study, or a comparison of several
/// runs (the trials of sweeps among them), as one HTML file that needs nothing beside it. An empty
/// `file` stands for report.html in the folder, for several in the current one. The plots are
/// gnuplot's; if there is none, or something of the run is missing, the report has the rest and a
/// note says so. Throws DataError if a folder holds none of these, ConfigError for a
/// cross-validation or a scaling study among others, std::system_error if the file cannot be
/// written.
ReportResult write_report(const std::vector<std::filesystem::path>& folders,
                          std::filesystem::path file, std::size_t threads);

}  // namespace nabla
