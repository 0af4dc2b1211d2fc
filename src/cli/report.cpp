// SPDX-License-Identifier: MIT
#include "report/report.h"

#include <iostream>

#include "nabla/base/error.h"

#include "cli/commands.h"
#include "cli/terminal.h"

namespace nabla {

namespace {

int run_report(const Arguments& arguments) {
  const std::vector<std::filesystem::path> folders(arguments.words.begin(), arguments.words.end());
  const auto output = arguments.values.find("-o");
  if (output != arguments.values.end() && std::filesystem::is_directory(output->second))
    throw ConfigError("-o: " + output->second + " is a folder, expected the name of a file");
  const ReportResult result = write_report(
      folders, output == arguments.values.end() ? "" : std::filesystem::path(output->second), 0);
  if (!arguments.has("-q"))
    for (const std::string& note : result.notes) print_warning(note);
  std::cout << "report: " << result.file.string() << "\n";
  return 0;
}

}  // namespace

Command report_command() {
  return {"report",
          "draw a run, or compare several, as an HTML page",
          "usage: nabla report RUN_DIR... [-o FILE] [-q]\n\n"
          "Writes one HTML file that needs nothing beside it. Of one run: what was run, curves,\n"
          "confusion matrix, classes, the most confident mistakes, weights, histograms of each\n"
          "layer, time per phase and configuration. The data are read again where config.ini\n"
          "says; where they are gone, the report has the rest. Of several runs or a sweep:\n"
          "settings that differ, scores and curves. Of a cross-validation: scores by fold.\n"
          "Of a scaling study: speed-up, efficiency and time per phase against threads.\n\n"
          "  -o FILE  the file; default report.html in RUN_DIR, for several in this folder\n"
          "  -q       no warnings\n\n"
          "The plots are drawn by gnuplot (Debian: gnuplot-nox); without it there are tables.\n",
          {{"RUN_DIR..."}, {{"-o", ""}}, {"-q"}, false},
          run_report};
}

}  // namespace nabla
