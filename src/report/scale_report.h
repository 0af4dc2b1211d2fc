// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "report/page.h"

namespace nabla::report {

/// The report of a scaling study. Throws DataError if scale.csv cannot be read.
Report scale_report(const std::filesystem::path& folder);

}  // namespace nabla::report
