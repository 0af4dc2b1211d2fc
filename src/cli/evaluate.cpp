// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <variant>

#include "nabla/base/error.h"

#include "cli/commands.h"
#include "cli/format.h"
#include "cli/json.h"
#include "cli/terminal.h"
#include "run/evaluation.h"
#include "run/same_on_ranks.h"
#include "run/saved_model.h"
#include "run/together.h"

namespace nabla {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigitPixels = 28 * 28;

/// More classes than this are not listed one by one.
constexpr std::size_t kListedClasses = 100;
/// The classes, and the pairs of classes, that are named if there are too many to show all.
constexpr std::size_t kNamed = 20;

constexpr const char* kUndefined = "—";

std::string share_text(double share) { return std::isnan(share) ? kUndefined : fixed(share, 4); }

std::string percent_text(double share) { return std::isnan(share) ? kUndefined : percent(share); }

std::string general_text(double value) { return std::isnan(value) ? kUndefined : general(value); }

std::string r2_text(double r2) { return std::isnan(r2) ? kUndefined : fixed(r2, 6); }

std::vector<std::string> class_row(const std::string& name, const ClassScores& scores) {
  return {name, share_text(scores.precision), share_text(scores.recall), share_text(scores.f1),
          std::to_string(scores.rows)};
}

/// All classes, or those with the lowest F1.
std::vector<std::size_t> listed_classes(const std::vector<ClassScores>& classes) {
  std::vector<std::size_t> listed(classes.size());
  std::iota(listed.begin(), listed.end(), std::size_t{0});
  if (classes.size() <= kListedClasses) return listed;
  std::erase_if(listed, [&](std::size_t i) { return classes[i].rows == 0; });
  std::ranges::stable_sort(listed, {}, [&](std::size_t i) { return classes[i].f1; });
  listed.resize(std::min(kNamed, listed.size()));
  return listed;
}

std::string class_table(const ModelEvaluation& result, const ClassificationScores& scores) {
  std::vector<std::vector<std::string>> rows = {{"class", "precision", "recall", "F1", "rows"}};
  const std::vector<std::size_t> listed = listed_classes(scores.classes);
  for (const std::size_t i : listed)
    rows.push_back(class_row(result.outputs[i], scores.classes[i]));
  rows.push_back(class_row("macro mean", scores.macro));
  rows.push_back(class_row("weighted mean", scores.weighted));
  const std::string head = listed.size() == scores.classes.size()
                               ? ""
                               : "the " + std::to_string(listed.size()) + " of " +
                                     std::to_string(scores.classes.size()) +
                                     " classes with the lowest F1 (all: --json)\n";
  return head + aligned(rows);
}

std::string confusion_table(const ModelEvaluation& result, const ClassificationScores& scores) {
  std::vector<std::vector<std::string>> rows = {{""}};
  for (const std::string& name : result.outputs) rows[0].push_back(name);
  const Matrix<std::uint32_t> confusion = confusion_matrix(scores);
  for (std::size_t i = 0; i < confusion.rows(); ++i) {
    rows.push_back({result.outputs[i]});
    for (const std::uint32_t count : confusion.row(i)) rows.back().push_back(std::to_string(count));
  }
  return "confusion matrix (true class down, predicted across)\n" + aligned(rows);
}

std::string confused_pairs(const ModelEvaluation& result, const ClassificationScores& scores) {
  const std::vector<ConfusionCell> confused = most_confused(scores);
  if (confused.empty()) return "no row was taken for another class\n";
  std::vector<std::vector<std::string>> rows = {{"true", "predicted", "rows"}};
  for (const ConfusionCell& cell : std::span(confused).first(std::min(kNamed, confused.size())))
    rows.push_back(
        {result.outputs[cell.truth], result.outputs[cell.predicted], std::to_string(cell.rows)});
  return "most confused pairs, " + std::to_string(rows.size() - 1) + " of " +
         std::to_string(confused.size()) + "\n" + aligned(rows);
}

using Lines = std::vector<std::vector<std::string>>;

void print(const ModelEvaluation& result, const ClassificationScores& scores, Lines lines) {
  lines.push_back({"accuracy", percent(scores.accuracy) + " (zero rule " +
                                   percent(result.zero_rule.goodness) + ")"});
  lines.push_back({"balanced accuracy", percent_text(scores.balanced_accuracy)});
  if (!std::isnan(scores.top5)) lines.push_back({"top-5 accuracy", percent(scores.top5)});
  lines.push_back({"log-loss", general_text(scores.log_loss)});
  lines.push_back({"ROC AUC", share_text(scores.roc_auc)});
  lines.push_back({"Matthews correlation", share_text(scores.mcc)});
  std::cout << described(lines) << "\n"
            << class_table(result, scores) << "\n"
            << (result.outputs.size() <= kMatrixClasses ? confusion_table(result, scores)
                                                        : confused_pairs(result, scores));
}

void print(const ModelEvaluation& result, const RegressionScores& scores, Lines lines) {
  lines.push_back(
      {"RMSE", general(scores.rmse) + " (zero rule " + general_text(result.zero_rule.rmse) + ")"});
  lines.push_back({"MAE", general(scores.mae)});
  lines.push_back({"median absolute error", general(scores.median_absolute_error)});
  lines.push_back({"R²", r2_text(scores.r2)});
  std::cout << described(lines);
  if (scores.targets.size() < 2) return;
  Lines table = {{"target", "RMSE", "MAE", "median error", "R²"}};
  for (const TargetScores& target : scores.targets)
    table.push_back({result.outputs[table.size() - 1], general(target.rmse), general(target.mae),
                     general(target.median_absolute_error), r2_text(target.r2)});
  std::cout << "\n" << aligned(table);
}

void print(const ModelEvaluation& result, const MultiLabelScores& scores, Lines lines) {
  lines.push_back({"subset accuracy", percent(scores.subset_accuracy) + " (zero rule " +
                                          percent(result.zero_rule.goodness) + ")"});
  lines.push_back({"Hamming loss", share_text(scores.hamming_loss)});
  lines.push_back({"F1 micro", share_text(scores.f1_micro)});
  lines.push_back({"F1 macro", share_text(scores.macro.f1)});
  Lines table = {{"label", "precision", "recall", "F1", "rows"}};
  for (const ClassScores& label : scores.labels)
    table.push_back(class_row(result.outputs[table.size() - 1], label));
  table.push_back(class_row("macro mean", scores.macro));
  std::cout << described(lines) << "\n" << aligned(table);
}

void print(const ModelEvaluation& result, DataSource source) {
  // A model without a configuration is measured on them, whatever it was trained on.
  const char* of_digits = source == DataSource::kDigits ? " of the built-in digits" : "";
  const Lines lines = {
      {"rows", std::to_string(result.scores.rows) + " " + result.rows_name + " rows" + of_digits},
      {"cost", general(result.scores.cost)}};
  std::visit([&](const auto& scores) { print(result, scores, lines); }, result.scores.of_task);
}

void print_importance(const std::vector<ColumnImportance>& importance) {
  const std::size_t shown = importance.size() <= kListedClasses ? importance.size() : kNamed;
  Lines table = {{"column", "importance", "deviation"}};
  for (const ColumnImportance& column : std::span(importance).first(shown))
    table.push_back({column.name, fixed(column.mean, 4), fixed(column.deviation, 4)});
  std::cout << "\npermutation importance: loss of accuracy or R²";
  if (shown < importance.size())
    std::cout << ", the largest " << shown << " of " << importance.size() << " (all: --json)";
  std::cout << "\n" << aligned(table);
}

/// What a command line names.
struct Named {
  AnyModel model;
  fs::path beside;  ///< the configuration beside the model; empty: none
  Configuration configuration;
};

Named named_by(const Arguments& arguments) {
  const fs::path file = arguments.words[0];
  AnyModel model = open_model(file);
  fs::path beside = folder_of_model(file) / "config.ini";
  if (!fs::exists(beside)) beside.clear();
  const bool names_data = std::ranges::any_of(
      arguments.settings, [](const Setting& setting) { return setting.key.starts_with("data."); });
  if (arguments.words.size() < 2 && beside.empty() && !names_data) {
    const std::size_t inputs = std::visit(
        [](const auto& m) { return m.preprocess.features(m.network.topology().inputs()); }, model);
    if (inputs != kDigitPixels)
      throw ConfigError(file.string() +
                        ": no CONFIG given and no config.ini beside the model, "
                        "expected one of them: the built-in digits have 784 inputs, the model " +
                        std::to_string(inputs));
  }
  return {std::move(model), beside, configured(arguments, 1, beside)};
}

/// Keys of the command line that an evaluation does not read; a configuration has them for others.
void warn_of_other_keys(const Arguments& arguments) {
  for (const Setting& setting : arguments.settings)
    if (!setting.key.starts_with("data.") && !setting.key.starts_with("parallel."))
      print_warning(setting.place() + ": has no effect on an evaluation");
}

int run_evaluate(const Arguments& arguments) {
  Ranks& ranks = *arguments.ranks;
  std::optional<Named> named;
  together(ranks, [&] { named = named_by(arguments); });
  require_same_configuration(ranks, write_configuration(named->configuration.options));
  require_same_model(ranks, named->model);
  if (arguments.words.size() < 2 && !arguments.has("-q"))
    std::cerr << "nabla: data of "
              << (named->beside.empty() ? "the built-in digits" : named->beside.string())
              << std::endl;
  ModelEvaluation result = evaluate_model(named->model, named->configuration.options,
                                          arguments.has("--importance"), ranks);
  if (ranks.rank() > 0) return 0;
  if (!arguments.has("-q")) {
    warn_of_other_keys(arguments);
    for (const std::string& warning : result.warnings) print_warning(warning);
  }
  const bool is_data = arguments.words.size() > 1 && source_of_word(arguments.words[1], arguments);
  if (is_data && result.rows_name == "training") result.rows_name = "given";
  if (arguments.has("--json")) {
    Json json = json_document();
    json.update(evaluation_json(result));
    print_json(json);
    return 0;
  }
  print(result, named->configuration.options.data.source);
  if (!result.importance.empty()) print_importance(result.importance);
  return 0;
}

}  // namespace

Command evaluate_command() {
  return {
      "evaluate",
      "measure a model on the test rows",
      "Puts the test rows of CONFIG, else its validation rows, else its training rows through\n"
      "the model and prints cost and accuracy, beside it that of the zero rule, which always\n"
      "answers the training rows' most frequent class; balanced accuracy, log-loss, ROC AUC,\n"
      "Matthews correlation, from 10 classes on top-5 accuracy; precision, recall and F1 of\n"
      "each class with their means, and the confusion matrix, of more than 20 classes the most\n"
      "confused pairs. For a regression RMSE, MAE, median absolute error and R², for multi-label\n"
      "subset accuracy, Hamming loss and F1. MODEL is a model file, a run's folder or a\n"
      "checkpoint, DATA a data file of its kind. Without CONFIG or DATA it takes the config.ini\n"
      "beside the model, else the built-in digits.\n",
      {{"MODEL", "[CONFIG or DATA]"},
       {threads_option(),
        target_option(),
        json_option(),
        {"--importance", "", "also permute each column, 5 times, and print what the score loses"},
        {"-q", "", "no notes, no warnings"}}},
      run_evaluate,
      "",
      {{"nabla evaluate runs/flowers", "measure a run's model on the rows of its configuration"},
       {"nabla evaluate runs/flowers more-flowers.csv --importance",
        "measure it on other rows, and what each column is worth"}},
      {},
      /*on_ranks=*/true};
}

}  // namespace nabla
