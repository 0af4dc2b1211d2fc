// SPDX-License-Identifier: MIT
#include "base/option_values.h"
#include "run/phase_names.h"
#include "run/scale.h"

namespace nabla {

std::string scale_csv(const std::vector<ScaleRow>& rows) {
  std::string text = "batch_size,threads,shards,reduction,samples_per_second,speedup,efficiency";
  for (const NamedPhase& phase : kPhases) text += "," + std::string(phase.name);
  text += ",seconds,samples\n";
  for (const ScaleRow& row : rows) {
    text += std::to_string(row.batch_size) + "," + std::to_string(row.threads) + "," +
            std::to_string(row.shards) + "," + std::string(name_of(row.reduction));
    for (const double value : {row.samples_per_second, row.speedup, row.efficiency})
      text += "," + write_number(value);
    for (const NamedPhase& phase : kPhases)
      text += "," + write_number(row.phase_seconds.*phase.seconds);
    text += "," + write_number(row.seconds) + "," + std::to_string(row.samples) + "\n";
  }
  return text;
}

}  // namespace nabla
