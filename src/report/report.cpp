// SPDX-License-Identifier: MIT
#include "report/report.h"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <optional>
#include <system_error>
#include <unistd.h>

#include "nabla/base/error.h"

#include "base/output_file.h"
#include "report/comparison_report.h"
#include "report/crossval_report.h"
#include "report/run_report.h"
#include "report/scale_report.h"
#include "run/run_folder.h"

namespace nabla {

namespace {

namespace fs = std::filesystem;

void require_known(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored))
    throw DataError(folder.string() + ": " +
                    (fs::exists(folder, ignored) ? "is no folder" : "does not exist") +
                    ", expected the folder of a run");
  if (::access(folder.c_str(), R_OK | X_OK) != 0)
    throw DataError(folder.string() + ": " + std::generic_category().message(errno) +
                    ", expected a folder that can be read");
  if (!kind_of_folder(folder))
    throw DataError(folder.string() +
                    ": holds no run, expected config.ini with metrics.csv or summary.json in it");
}

/// The runs in the folders, the trials of a sweep among them.
std::vector<report::ComparedRun> all_runs(const std::vector<fs::path>& folders) {
  std::vector<report::ComparedRun> runs;
  for (const fs::path& folder : folders) {
    const std::optional<FolderKind> kind = kind_of_folder(folder);
    if (kind == FolderKind::kSweep) {
      std::ranges::move(report::read_trials(folder), std::back_inserter(runs));
      continue;
    }
    if (kind != FolderKind::kTrain)
      throw ConfigError(folder.string() + ": is a " +
                        (kind == FolderKind::kScale ? "scaling study" : "cross-validation") +
                        ", which is compared with nothing, expected it alone");
    runs.push_back(report::read_compared_run(folder));
  }
  if (runs.empty())
    throw DataError((folders.front() / "trials.csv").string() +
                    ": holds no trial, expected at least one");
  return runs;
}

report::Report report_of(const std::vector<fs::path>& folders, std::size_t threads) {
  const fs::path& first = folders.front();
  if (folders.size() > 1)
    return report::comparison_report("Comparison of runs", all_runs(folders), false);
  switch (*kind_of_folder(first)) {
    case FolderKind::kScale:
      return report::scale_report(first);
    case FolderKind::kCrossval:
      return report::crossval_report(first);
    case FolderKind::kTrain:
      return report::run_report(first, threads);
    case FolderKind::kSweep:
      break;
  }
  return report::comparison_report(report::name_of_folder(first), all_runs(folders), true);
}

}  // namespace

ReportResult write_report(const std::vector<fs::path>& folders, fs::path file,
                          std::size_t threads) {
  for (const fs::path& folder : folders) require_known(folder);
  if (file.empty()) file = folders.size() == 1 ? folders.front() / "report.html" : "report.html";
  report::Report report = report_of(folders, threads);
  write_output(file, report.html);
  return {file, std::move(report.notes)};
}

}  // namespace nabla
