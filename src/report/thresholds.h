// SPDX-License-Identifier: MIT
#pragma once

#include "report/figures.h"
#include "report/findings.h"
#include "report/page.h"

namespace nabla::report {

/// ROC curves, precision against recall, and how often predictions come true by their probability.
/// Empty unless the outputs are probabilities.
Section thresholds_section(const Findings& findings, Figures& figures);

}  // namespace nabla::report
