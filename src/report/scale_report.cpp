// SPDX-License-Identifier: MIT
#include "report/scale_report.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "nabla/base/error.h"

#include "report/figures.h"
#include "report/html.h"
#include "report/numbers.h"
#include "report/run_report.h"
#include "run/columns.h"
#include "run/scale.h"

namespace nabla::report {

namespace {

/// The lines of scale.csv of one batch size.
struct Group {
  double batch_size;
  std::vector<std::size_t> rows;
};

std::vector<Group> groups_of(const Columns& table) {
  std::vector<Group> groups;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto batch = table.number(row, "batch_size");
    const auto threads = table.number(row, "threads");
    if (!batch || !threads || *threads < 1) continue;
    const auto known = std::ranges::find(groups, *batch, &Group::batch_size);
    if (known == groups.end())
      groups.push_back({*batch, {row}});
    else
      known->rows.push_back(row);
  }
  return groups;
}

std::string batch_name(const Group& group) { return "batch size " + general(group.batch_size, 10); }

/// Older folders know of no ranks.
double ranks_of(const Columns& table, std::size_t row) {
  return table.number(row, "ranks").value_or(1);
}

double threads_of_all(const Columns& table, std::size_t row) {
  return ranks_of(table, row) * *table.number(row, "threads");
}

bool has_ranks(const Columns& table) {
  for (std::size_t row = 0; row < table.rows(); ++row)
    if (ranks_of(table, row) > 1) return true;
  return false;
}

/// The lines of a group, by the number of ranks.
std::map<double, std::vector<std::size_t>> by_ranks(const Columns& table, const Group& group) {
  std::map<double, std::vector<std::size_t>> lines;
  for (const std::size_t row : group.rows) lines[ranks_of(table, row)].push_back(row);
  return lines;
}

/// "2", or "2 × 1" of two ranks with a thread each.
std::string threads_name(const Columns& table, std::size_t row) {
  const std::string threads = general(*table.number(row, "threads"), 4);
  return has_ranks(table) ? general(ranks_of(table, row), 4) + " × " + threads : threads;
}

std::optional<SerialFraction> fit(const Columns& table, const Group& group) {
  std::vector<ThreadTime> times;
  for (const std::size_t row : group.rows)
    if (const auto speed = table.number(row, "samples_per_second"); speed && *speed > 0)
      times.push_back({threads_of_all(table, row), 1 / *speed});
  return fit_amdahl(times);
}

/// A column against the threads of all ranks, one line per batch size and number of ranks.
Plot by_threads(const Columns& table, const std::vector<Group>& groups, const std::string& column,
                const std::string& title) {
  const bool names_ranks = has_ranks(table);
  Plot plot{.title = title, .x_label = names_ranks ? "threads of all ranks" : "threads"};
  plot.y_from = 0;
  std::map<double, bool> known;
  for (const Group& group : groups)
    for (const auto& [ranks, rows] : by_ranks(table, group)) {
      Series series{.name = batch_name(group),
                    .draw = Draw::kLineAndPoints,
                    .colour = colour_of(plot.series.size())};
      if (names_ranks) series.name += ", " + general(ranks, 4) + (ranks == 1 ? " rank" : " ranks");
      for (const std::size_t row : rows) {
        const double threads = threads_of_all(table, row);
        known[threads] = true;
        if (const auto value = table.number(row, column))
          series.points.emplace_back(threads, *value);
      }
      plot.series.push_back(std::move(series));
    }
  for (const auto& [threads, is_known] : known)
    plot.x_tics.push_back({threads, general(threads, 4)});
  return plot;
}

/// Says why more threads change nothing, if they do not. Folders of older versions do not know.
std::string unsplit_warning(const Columns& table, const Group& group) {
  const std::size_t last = group.rows.back();
  const auto split_from = table.number(last, "split_from"), rows = table.number(last, "rows");
  const bool has_threads = std::ranges::any_of(
      group.rows, [&](std::size_t row) { return *table.number(row, "threads") > 1; });
  if (!split_from || !rows || !has_threads) return "";
  const std::string text =
      unsplit_text(static_cast<std::size_t>(group.batch_size),
                   static_cast<std::size_t>(*split_from), static_cast<std::size_t>(*rows));
  return text.empty() ? "" : warning(text);
}

Section scaling_section(const Columns& table, const std::vector<Group>& groups, Figures& figures) {
  Section section{"scaling", "Speed-up and efficiency", ""};
  Plot speedup = by_threads(table, groups, "speedup", "Speed-up");
  Plot efficiency = by_threads(table, groups, "efficiency", "Efficiency");
  const double first = threads_of_all(table, groups.front().rows.front());
  const double most = speedup.x_tics.back().at;
  Table fits;
  fits.head = {"batch size", "serial fraction", "±"};
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto serial = fit(table, groups[i]);
    fits.rows.push_back(
        {count_cell(groups[i].batch_size),
         serial ? number_cell(serial->value, fixed(serial->value, 4)) : text_cell("n/a"),
         serial && serial->error ? number_cell(*serial->error, fixed(*serial->error, 4))
                                 : text_cell("n/a")});
    if (!serial) continue;
    // T(first)/T(n), as the speed-ups are measured.
    const auto time = [&](double n) { return serial->value + (1 - serial->value) / n; };
    Series law{.colour = has_ranks(table) ? "axis" : colour_of(i), .dash = 3};
    for (int step = 0; step <= 40; ++step) {
      const double n = first + (most - first) * step / 40;
      law.points.emplace_back(n, time(first) / time(n));
    }
    speedup.series.push_back(std::move(law));
  }
  speedup.series.push_back(
      {.name = "ideal", .points = {{first, 1}, {most, most / first}}, .colour = "axis", .dash = 2});
  efficiency.series.push_back(
      {.name = "ideal", .points = {{first, 1}, {most, 1}}, .colour = "axis", .dash = 2});
  std::string plots = figures.add(std::move(speedup), "Dotted: Amdahl's law, fitted.");
  plots += figures.add(std::move(efficiency));
  for (const Group& group : groups) section.html += unsplit_warning(table, group);
  section.html += plots_html(plots) +
                  "<h3>Amdahl's law, fitted to all thread counts, with its standard error</h3>\n" +
                  table_html(fits);
  return section;
}

Section speed_section(const Columns& table, const std::vector<Group>& groups, Figures& figures) {
  Section section{"batches", "Batch size", ""};
  if (groups.size() < 2) return section;
  Plot plot{.title = "Thousand samples per second against batch size", .x_label = "batch size"};
  plot.log_x = true;
  plot.y_from = 0;
  for (const Group& group : groups)
    plot.x_tics.push_back({group.batch_size, general(group.batch_size, 10)});
  const auto [smallest, largest] = std::ranges::minmax(plot.x_tics, {}, &Tic::at);
  plot.x_range = {smallest.at / 1.2, largest.at * 1.2};
  std::map<double, Series> by_count;
  for (const Group& group : groups)
    for (const std::size_t row : group.rows)
      if (const auto speed = table.number(row, "samples_per_second"))
        by_count[threads_of_all(table, row)].points.emplace_back(group.batch_size, *speed / 1e3);
  for (auto& [threads, series] : by_count) {
    std::ranges::sort(series.points);
    series.name = general(threads, 4) + (threads == 1 ? " thread" : " threads");
    series.draw = Draw::kLineAndPoints;
    series.colour = colour_of(plot.series.size());
    plot.series.push_back(std::move(series));
  }
  section.html = plots_html(figures.add(std::move(plot)));
  return section;
}

Section phases_section(const Columns& table, const std::vector<Group>& groups, Figures& figures) {
  Section section{"phases", "Time per phase", ""};
  std::string plots;
  for (const Group& group : groups) {
    Plot plot{.title = "Seconds per million samples, " + batch_name(group),
              .x_label = has_ranks(table) ? "ranks × threads" : "threads"};
    plot.stacked = true;
    plot.y_from = 0;
    plot.x_range = {-0.6, static_cast<double>(group.rows.size()) - 0.4};
    for (const NamedPhase& phase : kPhases) {
      Series series{.name = phase_name(phase), .colour = colour_of(plot.series.size())};
      for (std::size_t i = 0; i < group.rows.size(); ++i)
        series.points.emplace_back(static_cast<double>(i),
                                   table.number(group.rows[i], phase.name).value_or(0));
      plot.series.push_back(std::move(series));
    }
    for (std::size_t i = 0; i < group.rows.size(); ++i)
      plot.x_tics.push_back({static_cast<double>(i), threads_name(table, group.rows[i])});
    plots += figures.add(std::move(plot));
  }
  section.html = plots_html(plots);
  return section;
}

/// What the exchange takes, and how much of that goes on behind other work.
Section exchange_section(const Columns& table, const std::vector<Group>& groups, Figures& figures) {
  Section section{"exchange", "Exchange between ranks", ""};
  if (!has_ranks(table)) return section;
  std::string plots;
  for (const Group& group : groups) {
    Plot plot{.title = "Seconds of exchange per million samples, " + batch_name(group),
              .x_label = "ranks × threads"};
    plot.stacked = true;
    plot.y_from = 0;
    Series waited{.name = "waited for", .colour = colour_of(0)};
    Series hidden{.name = "hidden behind work", .colour = colour_of(1)};
    for (const std::size_t row : group.rows) {
      if (ranks_of(table, row) == 1) continue;
      const auto place = static_cast<double>(plot.x_tics.size());
      const double own = table.number(row, "waited").value_or(0);
      const double all = table.number(row, "waited_without_overlap").value_or(0);
      waited.points.emplace_back(place, own);
      hidden.points.emplace_back(place, std::max(0.0, all - own));
      plot.x_tics.push_back({place, threads_name(table, row)});
    }
    plot.x_range = {-0.6, static_cast<double>(plot.x_tics.size()) - 0.4};
    plot.series = {std::move(waited), std::move(hidden)};
    plots +=
        figures.add(std::move(plot),
                    "Both together: what is waited for if nothing goes on behind the exchange.");
  }
  section.html = plots_html(plots);
  return section;
}

Section summary_section(const Columns& table) {
  Table shown;
  shown.sortable = true;
  // The plan stands behind what was measured with it.
  std::vector<std::string> names = table.names();
  std::stable_partition(names.begin(), names.end(), [](const std::string& name) {
    return name != "shards" && name != "reduction";
  });
  // The texts about batch sizes that are never split say these.
  std::erase_if(names,
                [](const std::string& name) { return name == "split_from" || name == "rows"; });
  for (std::string name : names) {
    std::ranges::replace(name, '_', ' ');
    shown.head.push_back(name);
  }
  for (std::size_t row = 0; row < table.rows(); ++row) {
    shown.rows.emplace_back();
    for (const std::string& name : names) {
      const auto value = table.number(row, name);
      const bool is_count = value && std::abs(*value) >= 1000;
      shown.rows.back().push_back(
          value ? number_cell(*value, is_count ? with_thousands(*value) : general(*value))
                : text_cell(table.text(row, name)));
    }
  }
  return {"summary", "Measurements",
          paragraph("Phases are wall seconds per 1,000,000 samples; seconds and samples are of all "
                    "rounds. A heading sorts the table by its column.") +
              table_html(shown)};
}

}  // namespace

Report scale_report(const std::filesystem::path& folder) {
  const Columns table(folder / "scale.csv");
  const std::vector<Group> groups = groups_of(table);
  if (groups.empty())
    throw DataError((folder / "scale.csv").string() +
                    ": holds no measurement, expected lines with batch_size and threads");
  const RunFiles run = read_run(folder, false);
  Figures figures;
  std::vector<Section> sections = {summary_section(table),
                                   scaling_section(table, groups, figures),
                                   speed_section(table, groups, figures),
                                   phases_section(table, groups, figures),
                                   exchange_section(table, groups, figures),
                                   config_section(run)};
  return make_report(run.name, "A scaling study of nabla", std::move(sections), figures);
}

}  // namespace nabla::report
