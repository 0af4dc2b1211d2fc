// SPDX-License-Identifier: MIT
#include "report/report.h"

#include <iostream>

#include "base/output_file.h"
#include "cli/commands.h"
#include "cli/terminal.h"

namespace nabla {

namespace {

int run_report(const Arguments& arguments) {
  const std::vector<std::filesystem::path> folders(arguments.words.begin(), arguments.words.end());
  const auto output = arguments.options.find("-o");
  if (output != arguments.options.end()) require_output_file(output->second, "-o");
  const ReportResult result = write_report(
      folders, output == arguments.options.end() ? "" : std::filesystem::path(output->second), 0);
  if (!arguments.has("-q"))
    for (const std::string& note : result.notes) print_warning(note);
  std::cout << "report: " << result.file.string() << "\n";
  return 0;
}

}  // namespace

Command report_command() {
  return {"report",
          "draw a run, or compare several, as an HTML page",
          "Writes one HTML file that needs nothing beside it. For one run: its data and settings,\n"
          "curves, confusion matrix, classes, the most confident mistakes, weights, histograms of "
          "each\n"
          "layer, time per phase and configuration. The data are read again where config.ini\n"
          "says; if they are gone, the report has the rest. For several runs or a sweep:\n"
          "settings that differ, scores and curves. For a cross-validation: scores by fold.\n"
          "For a scaling study: speed-up, efficiency and time per phase against threads.\n",
          {{"RUN_DIR..."},
           {{"-o", "FILE", "the file; default report.html in RUN_DIR, for several in this folder"},
            {"-q", "", "no warnings"}},
           false},
          run_report,
          "The plots are drawn by gnuplot (Debian: gnuplot-nox); without it there are tables.\n",
          {{"nabla report runs/flowers", "draw one run"},
           {"nabla report runs/flowers runs/again -o both.html", "compare two runs"}},
          {{"report.html", "the page"}}};
}

}  // namespace nabla
