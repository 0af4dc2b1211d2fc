// SPDX-License-Identifier: MIT
#include "run/scale.h"

#include <algorithm>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/format.h"
#include "cli/terminal.h"
#include "run/together.h"

namespace nabla {

namespace {

std::string error_text(const SerialFraction& serial) {
  return serial.error ? fixed(*serial.error, 4) : "n/a";
}

/// One text for each batch size that is not split, so that further threads change nothing.
std::vector<std::string> unsplit_texts(const ScaleResult& result) {
  std::vector<std::string> texts;
  for (const ScaleRow& row : result.rows)
    if (const std::string text = unsplit_text(row.batch_size, row.split_from, row.rows);
        row.threads > 1 && !text.empty() && (texts.empty() || texts.back() != text))
      texts.push_back(text);
  return texts;
}

/// The part of the exchange that goes on behind work.
std::string hidden_text(const ScaleRow& row) {
  if (row.waited_without_overlap <= 0) return "";
  return percent(std::max(0.0, 1 - row.waited / row.waited_without_overlap));
}

void print_result(const ScaleResult& result) {
  std::vector<std::vector<std::string>> table = {
      {"batch size", "threads", "shards", "reduction", "samples/s", "speed-up", "efficiency"}};
  const bool has_ranks =
      std::ranges::any_of(result.rows, [](const ScaleRow& row) { return row.ranks > 1; });
  if (has_ranks) table[0].insert(table[0].begin() + 1, "ranks");
  for (const NamedPhase& phase : kPhases) table[0].emplace_back(phase.name);
  if (has_ranks) table[0].emplace_back("hidden");
  for (const ScaleRow& row : result.rows) {
    table.push_back({std::to_string(row.batch_size), std::to_string(row.threads),
                     std::to_string(row.shards), std::string(name_of(row.reduction)),
                     with_thousands(row.samples_per_second), fixed(row.speedup, 2),
                     fixed(row.efficiency, 2)});
    if (has_ranks) table.back().insert(table.back().begin() + 1, std::to_string(row.ranks));
    for (const NamedPhase& phase : kPhases)
      table.back().push_back(fixed(row.phase_seconds.*phase.seconds, 3));
    if (has_ranks) table.back().push_back(hidden_text(row));
  }
  std::cout << "Phases in seconds per 1,000,000 samples:\n\n" << aligned(table) << "\n";
  std::vector<std::vector<std::string>> fits = {{"batch size", "serial fraction", "±"}};
  for (const auto& [batch_size, serial] : result.fits)
    fits.push_back({std::to_string(batch_size), serial ? fixed(serial->value, 4) : "n/a",
                    serial ? error_text(*serial) : "n/a"});
  std::cout << "Amdahl's law, fitted, with its standard error:\n\n" << aligned(fits) << "\n";
  std::vector<std::vector<std::string>> lines;
  for (const std::string& text : unsplit_texts(result)) lines.push_back({"note", text});
  lines.push_back({"scale folder", result.folder.string()});
  std::cout << described(lines) << std::flush;
}

int run_scale(const Arguments& arguments) {
  Ranks& ranks = *arguments.ranks;
  std::optional<Configuration> configuration;
  together(ranks, [&] { configuration = configured(arguments); });
  ScaleCallbacks callbacks;
  callbacks.stop = [] { return interrupted_by() != 0; };
  if (!arguments.has("-q")) {
    callbacks.on_warning = print_warning;
    callbacks.on_round = [](const ScaleRound& round) {
      std::cerr << "batch size " << round.batch_size << ", round " << round.round << "/"
                << round.rounds << ", "
                << (round.ranks > 1 ? std::to_string(round.ranks) + " ranks × " : "")
                << round.threads << (round.threads == 1 ? " thread: " : " threads: ")
                << with_thousands(round.samples_per_second) << " samples/s\n"
                << std::flush;
    };
  }
  catch_interrupts();
  const ScaleResult result = run_scale(configuration->options, callbacks, ranks);
  if (!result.rows.empty()) print_result(result);
  return result.interrupted ? 128 + stopped_by() : 0;
}

}  // namespace

Command scale_command() {
  return {
      "scale",
      "measure the speed of training for each number of threads",
      "Trains the network that CONFIG describes for scale.seconds with each thread count of\n"
      "scale.threads and batch size of scale.batch-sizes, always from the same start and\n"
      "without evaluation, and prints samples/s, speed-up over the first thread count,\n"
      "efficiency (speed-up per thread), the wall seconds of each phase per 1,000,000 samples,\n"
      "and the serial fraction of Amdahl's law, fitted to the thread counts that there are\n"
      "cores for. The same is left in scale.csv of a new folder. The thread counts take turns\n"
      "in three rounds, and the median counts; columns seconds and samples are of all rounds.\n"
      "\n"
      "Warns if the cores were shared: if the busy time of this process's cores in\n"
      "/proc/stat, less its own CPU time, left fewer cores than nine tenths of the threads.\n"
      "It does not see a limit on CPU time that a container sets. Without CONFIG it takes\n"
      "the built-in digits.\n"
      "\n"
      "Under an MPI launcher it does the same for each number of ranks of scale.ranks and\n"
      "prints too how much of what they exchange is hidden behind other work:\n"
      "  mpirun -n 4 nabla scale CONFIG \\\n"
      "      --parallel.reduction=per-shard --scale.shards=4\n",
      {{"[CONFIG or DATA]"}, {folder_option(), target_option(), quiet_option()}},
      run_scale,
      "The first Ctrl-C stops after the current mini-batch and keeps the rounds measured.\n",
      {{"nabla scale flowers.ini --scale.threads=1,2,4",
        "compare 1, 2 and 4 threads on that experiment"}},
      {{"scale.csv", "the figures, in the folder that output.dir names"}},
      /*on_ranks=*/true};
}

}  // namespace nabla
