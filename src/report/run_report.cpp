// SPDX-License-Identifier: MIT
#include "report/run_report.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "nabla/base/error.h"
#include "nabla/train/model_data.h"

#include "config/option_table.h"
#include "report/curves.h"
#include "report/findings.h"
#include "report/html.h"
#include "report/layers.h"
#include "report/numbers.h"
#include "report/thresholds.h"
#include "run/columns.h"
#include "run/evaluation.h"

namespace nabla::report {

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

void add(Pairs& pairs, const std::string& name, const std::string& text) {
  if (!text.empty()) pairs.emplace_back(name, escape(text));
}

/// A value of summary.json as text; empty if it is not there.
std::string value_of(const nlohmann::json& summary, const std::string& key) {
  if (!summary.is_object() || !summary.contains(key)) return "";
  const nlohmann::json& value = summary[key];
  return value.is_string() ? value.get<std::string>()
         : value.is_null() ? ""
                           : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// "validation accuracy 95.43%, cost 0.0398; test accuracy …" of the figures with that prefix.
std::string scores(const RunFiles& run, const std::string& prefix) {
  const std::string name = " " + accuracy_name(run.task()) + " ";
  std::string text;
  for (const ScoredRows* rows : kJudgedRows) {
    const auto accuracy = run.figure(prefix + rows->column + "_accuracy");
    const auto cost = run.figure(prefix + rows->column + "_cost");
    if (!accuracy || !cost) continue;
    text += (text.empty() ? "" : "; ") + (rows->name + name) +
            accuracy_text(run.task(), *accuracy) + ", cost " + general(*cost);
  }
  return text;
}

std::string epoch_line(const RunFiles& run, const std::string& epoch_key,
                       const std::string& prefix) {
  const auto epoch = run.figure(epoch_key);
  const std::string text = scores(run, prefix);
  return !epoch || text.empty() ? "" : "epoch " + general(*epoch, 10) + ": " + text;
}

std::string model_text(const RunFiles& run) {
  const auto epoch = run.figure("model_epoch");
  if (!epoch) return "";
  return "of epoch " + general(*epoch, 10) +
         (epoch == run.figure("epochs") ? ", the last" : ", the best");
}

/// `place`: the key "diverged" of summary.json.
std::string divergence(const nlohmann::json& place) {
  const std::string text = "in epoch " + value_of(place, "epoch") + ", ";
  const std::string rows = value_of(place, "rows");
  return rows.empty() ? text + "mini-batch " + value_of(place, "batch")
                      : text + "row " + value_of(place, "row") + " of the " + rows + " rows";
}

std::string data_text(const RunFiles& run) {
  if (!run.options) return "";
  const ExperimentOptions& options = *run.options;
  std::string text = find_option("data.source")->write(options);
  const std::string files = find_option("data.train")->write(options);
  if (!files.empty()) text += ": " + files;
  if (files.empty() && text != "digits") text += " in " + options.data.dir.string();
  return text;
}

std::string machine(const nlohmann::json& summary) {
  std::string text = value_of(summary, "cpu");
  const std::string instructions = value_of(summary, "instruction_set");
  const std::string threads = value_of(summary, "threads");
  if (!instructions.empty()) text += ", " + instructions;
  if (!threads.empty()) text += ", " + threads + (threads == "1" ? " thread" : " threads");
  return text;
}

std::string plan(const nlohmann::json& summary) {
  const std::string shards = value_of(summary, "shards");
  return shards.empty() ? "" : shards + ", reduction " + value_of(summary, "reduction");
}

std::string time_text(const RunFiles& run) {
  const auto seconds = run.figure("train_seconds");
  const auto speed = run.figure("samples_per_second");
  if (!seconds) return "";
  return duration_text(*seconds) + " of training" +
         (speed ? ", " + with_thousands(*speed) + " samples/s" : "");
}

/// A layer of the drawing; its height grows with the logarithm of its width.
std::string layer_box(std::size_t width, const std::string& what) {
  const long height = 48 + std::lround(14 * std::log2(static_cast<double>(width)));
  return "<div style=\"min-height:" + std::to_string(std::min(height, 220L)) + "px\"><b>" +
         with_thousands(static_cast<double>(width)) + "</b><span>" + escape(what) + "</span></div>";
}

std::string network_drawing(const Topology& topology) {
  std::string html = "<h3>Network</h3>\n<div class=\"box\"><div class=\"net\">" +
                     layer_box(topology.inputs(), "inputs");
  const auto layers = topology.layers();
  for (std::size_t i = 0; i < layers.size(); ++i)
    html += "<i aria-hidden=\"true\">&#8203;</i>" +
            layer_box(layers[i].outputs, std::string(name_of(layers[i].activation)) +
                                             (i + 1 == layers.size() ? " outputs" : ""));
  return html + "</div></div>\n";
}

std::string wanted_network(const RunFiles& run) {
  if (!run.options) return "";
  const std::string hidden = find_option("network.hidden")->write(*run.options);
  return (hidden.empty() ? "no hidden layers"
                         : "hidden layers " + hidden + ", " +
                               find_option("network.activation")->write(*run.options));
}

/// The keys that are not at their defaults.
Pairs own_settings(const RunFiles& run) {
  Pairs pairs;
  if (!run.options) return pairs;
  const ExperimentOptions defaults;
  for (const ExperimentOption& option : option_table()) {
    const std::string value = option.write(*run.options);
    if (option.section() == "output" || option.key == "data.dir") continue;
    if (value != option.write(defaults)) add(pairs, option.key, value.empty() ? "none" : value);
  }
  return pairs;
}

/// The time of the training by phase.
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
    table.rows.push_back({text_cell(phase_name(phase)), number_cell(value, general(value, 3)),
                          number_cell(value / sum, fixed(100 * value / sum, 1) + "%")});
    plot.x_tics.push_back({place, phase_name(phase)});
    series.points.emplace_back(place, value);
  }
  plot.x_range = {-0.6, static_cast<double>(table.rows.size()) - 0.4};
  plot.series = {std::move(series)};
  section.html = plots_html(figures.add(std::move(plot)), true) + table_html(table);
  return section;
}

/// The parts of a report that need the model and the data.
struct Insight {
  std::optional<Findings> findings;
  std::vector<LayerStatistics> layers;
  std::size_t sample_rows = 0;
};

Insight look_into(RunFiles& run, std::size_t threads) {
  Insight insight;
  if (!run.model) return insight;
  Dataset train;
  try {
    if (run.options) {
      DataSplit data = load_data_for(*run.model, run.options->data);
      train = data.train;
      insight.findings = find(*run.model, std::move(data), run.options->data, threads);
    }
  } catch (const Error& error) {
    train = {};
    run.notes.push_back("sections that need the data are missing: " + std::string(error.what()));
  }
  insight.sample_rows = std::min(kSampleRows, train.rows());
  insight.layers = layer_statistics(*run.model, train);
  return insight;
}

}  // namespace

Section summary_section(const RunFiles& run, const std::vector<std::string>& missing) {
  Pairs what, how;
  add(what, "status", run.status());
  if (run.summary.is_object() && run.summary.contains("diverged"))
    add(what, "diverged", divergence(run.summary["diverged"]));
  add(what, "saved model", model_text(run));
  add(what, name_of_best(run.scores("best_")), epoch_line(run, "best_epoch", "best_"));
  add(what, "last", epoch_line(run, "epochs", ""));
  add(what, "data", data_text(run));
  const auto parameters = run.figure("parameters");
  if (run.model) {
    add(what, "cost",
        std::visit([](const auto& m) { return std::string(name_of(m.cost.kind)); }, *run.model));
    if (parameters) add(what, "parameters", with_thousands(*parameters));
  } else {
    add(what, "network", wanted_network(run));
  }
  add(how, "time", time_text(run));
  add(how, "finished", run.finished);
  add(how, "machine", machine(run.summary));
  add(how, "shards", plan(run.summary));
  add(how, "seed", value_of(run.summary, "seed"));
  add(how, "precision", value_of(run.summary, "precision"));
  if (run.summary.is_object() && run.summary.contains("blas"))
    add(how, "BLAS", value_of(run.summary["blas"], "library"));
  add(how, "version", value_of(run.summary, "version"));
  add(how, "model", value_of(run.summary, "model_sha256").substr(0, 16));

  Section section{"summary", "Summary", ""};
  for (const std::string& note : missing) section.html += warning(note);
  section.html += "<div class=\"cols\"><div>" + pairs_html(what) + "</div><div>" + pairs_html(how) +
                  "</div></div>\n";
  if (run.model)
    section.html += std::visit(
        [](const auto& model) { return network_drawing(model.network.topology()); }, *run.model);
  const Pairs settings = own_settings(run);
  if (!settings.empty())
    section.html += "<h3>Settings that are not the defaults</h3>\n" + pairs_html(settings);
  return section;
}

Section config_section(const RunFiles& run) {
  if (run.config_text.empty()) return {"config", "Configuration", ""};
  return {"config", "Configuration",
          paragraph("Every key with its effective value, as in config.ini.") + "<pre>" +
              escape(run.config_text) + "</pre>\n"};
}

Report run_report(const std::filesystem::path& folder, std::size_t threads) {
  RunFiles run = read_run(folder, true);
  const Insight insight = look_into(run, threads);
  Figures figures;
  std::vector<Section> sections = {summary_section(run, run.notes), curves_section(run, figures)};
  if (insight.findings) {
    const Findings& findings = *insight.findings;
    sections.push_back(confusion_section(findings));
    sections.push_back(classes_section(findings));
    sections.push_back(thresholds_section(findings, figures));
    sections.push_back(mistakes_section(findings));
    sections.push_back(predictions_section(findings, figures));
    sections.push_back(weights_section(*run.model, findings.rows.data));
  }
  sections.push_back(histograms_section(insight.layers, insight.sample_rows, figures));
  sections.push_back(phases_section(run, figures));
  sections.push_back(config_section(run));
  return make_report(run.name, "A training run of nabla: " + run.status(), std::move(sections),
                     figures, run.notes);
}

}  // namespace nabla::report
