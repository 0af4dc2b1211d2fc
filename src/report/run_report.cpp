// SPDX-License-Identifier: MIT
#include "report/run_report.h"

#include "nabla/base/error.h"
#include "nabla/train/model_data.h"

#include "report/run_sections.h"
#include "run/experiment.h"

namespace nabla::report {

namespace {

/// What needs the model and the data.
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
      insight.findings = find(*run.model, std::move(data), threads);
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

Report run_report(const std::filesystem::path& folder, std::size_t threads) {
  RunFiles run = read_run(folder, true);
  const Insight insight = look_into(run, threads);
  Figures figures;
  std::vector<Section> sections = {summary_section(run, run.notes), curves_section(run, figures)};
  if (insight.findings) {
    const Findings& findings = *insight.findings;
    sections.push_back(confusion_section(findings));
    sections.push_back(classes_section(findings));
    sections.push_back(mistakes_section(findings));
    sections.push_back(predictions_section(findings, figures));
    sections.push_back(weights_section(*run.model, findings.rows));
  }
  sections.push_back(histograms_section(insight.layers, insight.sample_rows, figures));
  sections.push_back(phases_section(run, figures));
  sections.push_back(config_section(run));
  std::erase_if(sections, [](const Section& section) { return section.html.empty(); });
  Report report{page_html(run.name, "A training run of nabla: " + run.status(), sections),
                run.notes};
  const std::string problem = figures.fill(report.html);
  if (!problem.empty()) report.notes.push_back(problem);
  return report;
}

}  // namespace nabla::report
