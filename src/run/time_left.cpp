// SPDX-License-Identifier: MIT
#include "run/time_left.h"

namespace nabla {

double time_left(const BatchReport& report, double rows_before, double seconds) {
  const auto rows = static_cast<double>(report.rows);
  const double done =
      static_cast<double>(report.epoch - 1) * rows + static_cast<double>(report.row);
  const double all = static_cast<double>(report.epochs) * rows;
  return seconds * (all - done) / (done - rows_before);
}

}  // namespace nabla
