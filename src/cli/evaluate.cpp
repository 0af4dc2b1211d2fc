// SPDX-License-Identifier: MIT
#include <filesystem>
#include <iostream>

#include "nabla/base/error.h"

#include "cli/commands.h"
#include "cli/configured.h"
#include "cli/format.h"
#include "cli/terminal.h"
#include "run/experiment.h"

namespace nabla {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigitPixels = 28 * 28;

std::uint64_t total(std::span<const std::uint32_t> counts) {
  std::uint64_t sum = 0;
  for (const std::uint32_t count : counts) sum += count;
  return sum;
}

/// A share as text; "-" of nothing.
std::string share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? "-" : fixed(static_cast<double>(part) / static_cast<double>(whole), 4);
}

std::string class_table(const ModelEvaluation& result) {
  const Matrix<std::uint32_t>& confusion = result.evaluation.confusion;
  std::vector<std::vector<std::string>> rows = {{"class", "precision", "recall", "F1", "rows"}};
  for (std::size_t i = 0; i < confusion.rows(); ++i) {
    const std::uint64_t hits = confusion(i, i);
    const std::uint64_t truly = total(confusion.row(i));
    std::uint64_t predicted = 0;
    for (std::size_t row = 0; row < confusion.rows(); ++row) predicted += confusion(row, i);
    rows.push_back({result.classes[i], share(hits, predicted), share(hits, truly),
                    share(2 * hits, truly + predicted), std::to_string(truly)});
  }
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
    lines.push_back({"accuracy", percent(evaluation.score.accuracy)});
    std::cout << described(lines) << "\n"
              << class_table(result) << "\nconfusion matrix (true class down, predicted across)\n"
              << confusion_table(result);
  } else {
    lines.push_back({"RMSE", general(evaluation.rmse)});
    lines.push_back({"MAE", general(evaluation.mae)});
    lines.push_back({"R²", fixed(evaluation.score.accuracy, 6)});
    std::cout << described(lines);
  }
}

int run_evaluate(const Arguments& arguments) {
  const fs::path file = arguments.words[0];
  const AnyModel model = load_model(file);
  fs::path beside = fs::absolute(file).parent_path() / "config.ini";
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
          "usage: nabla evaluate MODEL [CONFIG] [-t THREADS] [-q] [--section.key=value ...]\n\n"
          "Puts the test rows of CONFIG, else its validation rows, else its training rows through\n"
          "the model and prints cost, accuracy, precision, recall and F1 of each class and the\n"
          "confusion matrix; for a regression RMSE, MAE and R². Without CONFIG it takes the\n"
          "config.ini beside the model, else the built-in digits.\n\n"
          "  -t THREADS           parallel.threads; 0: one per core\n"
          "  -q                   no notes, no warnings\n"
          "  --section.key=value  any key that `nabla options` lists; wins over CONFIG\n",
          {{"MODEL", "[CONFIG]"}, {{"-t", "parallel.threads"}}, {"-q"}},
          run_evaluate};
}

}  // namespace nabla
