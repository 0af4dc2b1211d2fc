// SPDX-License-Identifier: MIT
#include "report/html.h"
#include "report/numbers.h"
#include "report/run_sections.h"
#include "run/phase_names.h"

namespace nabla::report {

Section phases_section(const RunFiles& run, Figures& figures) {
  Section section{"phases", "Time per phase", ""};
  if (!run.summary.is_object() || !run.summary.contains("phase_seconds") ||
      !run.summary["phase_seconds"].is_object())
    return section;
  const nlohmann::json& seconds = run.summary["phase_seconds"];
  double sum = 0;
  for (const auto& [name, value] : seconds.items())
    if (value.is_number()) sum += value.get<double>();
  if (sum <= 0) return section;
  Table table;
  table.head = {"phase", "seconds", "share"};
  Plot plot{.title = "Seconds per phase"};
  plot.y_from = 0;
  plot.wide = true;
  Series series{.draw = Draw::kBoxes};
  for (const NamedPhase& phase : kPhases) {
    const auto found = seconds.find(phase.name);
    if (found == seconds.end() || !found->is_number()) continue;
    const auto value = found->get<double>();
    const auto place = static_cast<double>(table.rows.size());
    table.rows.push_back({text_cell(phase.name), number_cell(value, general(value, 3)),
                          number_cell(value / sum, fixed(100 * value / sum, 1) + "%")});
    plot.x_tics.push_back({place, phase.name});
    series.points.emplace_back(place, value);
  }
  plot.x_range = {-0.6, static_cast<double>(table.rows.size()) - 0.4};
  plot.series = {std::move(series)};
  section.html = plots_html(figures.add(std::move(plot)), true) + table_html(table);
  return section;
}

}  // namespace nabla::report
