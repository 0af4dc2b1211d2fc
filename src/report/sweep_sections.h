// SPDX-License-Identifier: MIT
#pragma once

#include "report/compared_run.h"
#include "report/figures.h"
#include "report/page.h"

namespace nabla::report {

/// How the settings that differ bear on the score: parallel coordinates, and for two keys with few
/// values a heat map. Empty where no setting differs or no run has a score.
Section settings_section(const std::vector<ComparedRun>& runs, const std::vector<std::string>& keys,
                         Task task, Figures& figures);

/// "test accuracy", for a regression "test R²"
std::string figure_name(const std::string& figure, Task task);
/// A figure's value for people.
std::string figure_text(const std::string& figure, double value);

}  // namespace nabla::report
