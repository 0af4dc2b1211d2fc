// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "report/page.h"

namespace nabla::report {

/// Scores of each fold, their means and deviations. Throws DataError if crossval.csv cannot be
/// read.
Report crossval_report(const std::filesystem::path& folder);

}  // namespace nabla::report
