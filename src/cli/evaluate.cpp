// SPDX-License-Identifier: MIT
#include <cmath>
#include <filesystem>
#include <iostream>

#include "nabla/base/error.h"

#include "cli/commands.h"
#include "cli/format.h"
#include "cli/terminal.h"
#include "run/evaluation.h"
#include "run/saved_model.h"

namespace nabla {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigitPixels = 28 * 28;

/// A share as text; "-" if it is one of no rows.
std::string share_text(double share) { return std::isnan(share) ? "-" : fixed(share, 4); }

std::string class_table(const ModelEvaluation& result) {
  std::vector<std::vector<std::string>> rows = {{"class", "precision", "recall", "F1", "rows"}};
  for (const ClassScores& scores : class_scores(result.evaluation.confusion))
    rows.push_back({result.classes[rows.size() - 1], share_text(scores.precision),
                    share_text(scores.recall), share_text(scores.f1), std::to_string(scores.rows)});
  return aligned(rows);
}

std::string confusion_table(const ModelEvaluation& result) {
  const Matrix<std::uint32_t>& confusion = result.evaluation.confusion;
  std::vector<std::vector<std::string>> rows = {{""}};
  for (const std::string& name : result.classes) rows[0].push_back(name);
  for (std::size_t i = 0; i < confusion.rows(); ++i) {
    rows.push_back({result.classes[i]});
    for (const std::uint32_t count : confusion.row(i)) rows.back().push_back(std::to_string(count));
  }
  return aligned(rows);
}

void print(const ModelEvaluation& result) {
  const Evaluation& evaluation = result.evaluation;
  std::vector<std::vector<std::string>> lines = {
      {"rows", std::to_string(evaluation.rows) + " " + result.rows_name + " rows"},
      {"cost", general(evaluation.score.cost)}};
  if (result.task == Task::kClassification) {
    lines.push_back({"accuracy", percent(evaluation.score.goodness)});
    std::cout << described(lines) << "\n"
              << class_table(result) << "\nconfusion matrix (true class down, predicted across)\n"
              << confusion_table(result);
  } else {
    lines.push_back({"RMSE", general(evaluation.rmse)});
    lines.push_back({"MAE", general(evaluation.mae)});
    lines.push_back({"R²", fixed(evaluation.score.goodness, 6)});
    std::cout << described(lines);
  }
}

int run_evaluate(const Arguments& arguments) {
  const fs::path file = arguments.words[0];
  const AnyModel model = open_model(file);
  fs::path beside = folder_of_model(file) / "config.ini";
  if (!fs::exists(beside)) beside.clear();
  if (arguments.words.size() < 2 && beside.empty() && arguments.settings.empty()) {
    const std::size_t inputs = std::visit(
        [](const auto& m) { return m.preprocess.features(m.network.topology().inputs()); }, model);
    if (inputs != kDigitPixels)
      throw ConfigError(file.string() +
                        ": no CONFIG given and no config.ini beside the model, "
                        "expected one of them: the built-in digits have 784 inputs, the model " +
                        std::to_string(inputs));
  }
  const Configuration configuration = configured(arguments, 1, beside);
  if (arguments.words.size() < 2 && !arguments.has("-q"))
    std::cerr << "nabla: data of " << (beside.empty() ? "the built-in digits" : beside.string())
              << std::endl;
  print(evaluate_model(model, configuration.options));
  return 0;
}

}  // namespace

Command evaluate_command() {
  return {"evaluate",
          "measure a model on the test rows",
          "Puts the test rows of CONFIG, else its validation rows, else its training rows through\n"
          "the model and prints cost, accuracy, precision, recall and F1 of each class and the\n"
          "confusion matrix; for a regression RMSE, MAE and R². MODEL is a model file, a run's\n"
          "folder or a checkpoint. Without CONFIG it takes the config.ini beside the model, else\n"
          "the built-in digits.\n",
          {{"MODEL", "[CONFIG]"}, {threads_option(), {"-q", "", "no notes, no warnings"}}},
          run_evaluate};
}

}  // namespace nabla
