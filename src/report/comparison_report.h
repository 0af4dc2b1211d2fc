// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "report/compared_run.h"
#include "report/page.h"

namespace nabla::report {

/// The report of several runs, or of the trials of one sweep. There is at least one.
Report comparison_report(const std::string& title, const std::vector<ComparedRun>& runs,
                         bool is_sweep);

}  // namespace nabla::report
