// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "report/run_report.h"

namespace nabla::report {

/// Whether the folder holds what `nabla crossval` writes.
bool is_cross_validation(const std::filesystem::path& folder);

/// Scores of each fold, their means and deviations. Throws DataError where crossval.csv cannot be
/// read.
Report crossval_report(const std::filesystem::path& folder);

}  // namespace nabla::report
