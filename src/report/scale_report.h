// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "report/run_report.h"

namespace nabla::report {

/// Whether the folder holds what `nabla scale` writes.
bool is_scaling_study(const std::filesystem::path& folder);

/// The report of a scaling study. Throws DataError where scale.csv cannot be read.
Report scale_report(const std::filesystem::path& folder);

}  // namespace nabla::report
