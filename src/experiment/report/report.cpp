// SPDX-License-Identifier: MIT
#include "experiment/report/report.h"

#include "nabla/base/error.h"
#include "nabla/base/file.h"

#include "experiment/report/run_files.h"
#include "experiment/report/run_report.h"

namespace nabla {

namespace {

namespace fs = std::filesystem;

void require_run(const fs::path& folder) {
  if (!fs::is_directory(folder))
    throw DataError(folder.string() + ": " +
                    (fs::exists(folder) ? "is no folder" : "does not exist") +
                    ", expected the folder of a run");
  if (!report::is_run(folder))
    throw DataError(folder.string() +
                    ": holds no run, expected config.ini with metrics.csv or summary.json in it");
}

}  // namespace

ReportResult write_report(const std::vector<fs::path>& folders, fs::path file,
                          std::size_t threads) {
  for (const fs::path& folder : folders) require_run(folder);
  if (file.empty()) file = folders.front() / "report.html";
  report::Report report = report::run_report(folders.front(), threads);
  replace_file(file, report.html);
  return {file, std::move(report.notes)};
}

}  // namespace nabla
