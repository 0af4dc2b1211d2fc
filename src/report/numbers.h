// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "nabla/data/dataset.h"

#include "base/text.h"
#include "run/columns.h"

namespace nabla::report {

/// Four digits are enough beside a picture.
inline std::string general(double value, int digits = 4) { return nabla::general(value, digits); }
/// "accuracy", "R²" or "subset accuracy": the figure that is Score::goodness.
std::string accuracy_name(Task task);
/// "0.9612" for the R² of a regression, else "96.12%".
std::string accuracy_text(Task task, double accuracy);

/// The name of a column of metrics.csv for people: "test accuracy", for a regression "test R²", for
/// multi-label "test subset accuracy".
std::string figure_name(const std::string& column, Task task);
/// Its value for people.
std::string figure_text(const std::string& column, double value);

/// The name of a phase for people: "reduce step".
std::string phase_name(const NamedPhase& phase);

}  // namespace nabla::report
