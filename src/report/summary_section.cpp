// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "config/option_table.h"
#include "report/html.h"
#include "report/numbers.h"
#include "report/run_sections.h"

namespace nabla::report {

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

void add(Pairs& pairs, const std::string& name, const std::string& text) {
  if (!text.empty()) pairs.emplace_back(name, escape(text));
}

/// A value of summary.json as text; empty where it is not there.
std::string value_of(const nlohmann::json& summary, const std::string& key) {
  if (!summary.is_object() || !summary.contains(key)) return "";
  const nlohmann::json& value = summary[key];
  return value.is_string() ? value.get<std::string>()
         : value.is_null() ? ""
                           : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// "validation accuracy 95.43%, cost 0.0398; test accuracy …" of the figures with that prefix.
std::string scores(const RunFiles& run, const std::string& prefix) {
  const std::string measure = run.task() == Task::kClassification ? " accuracy " : " R² ";
  std::string text;
  for (const char* rows : {"validation", "test", "train"}) {
    const auto accuracy = run.figure(prefix + rows + "_accuracy");
    const auto cost = run.figure(prefix + rows + "_cost");
    if (!accuracy || !cost) continue;
    text += (text.empty() ? "" : "; ") +
            (std::string(rows) == "train" ? std::string("training") : std::string(rows)) + measure +
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
  return duration(*seconds) + " of training" +
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

}  // namespace

Section summary_section(const RunFiles& run, const std::vector<std::string>& missing) {
  Pairs what, how;
  add(what, "status", run.status());
  if (run.summary.is_object() && run.summary.contains("diverged"))
    add(what, "diverged",
        "in epoch " + value_of(run.summary["diverged"], "epoch") + ", mini-batch " +
            value_of(run.summary["diverged"], "batch"));
  add(what, "best", epoch_line(run, "best_epoch", "best_"));
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

}  // namespace nabla::report
