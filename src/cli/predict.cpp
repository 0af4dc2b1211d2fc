// SPDX-License-Identifier: MIT
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>

#include "nabla/base/error.h"

#include "base/option_values.h"
#include "base/output_file.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "config/configuration.h"
#include "data/source.h"
#include "run/prediction.h"
#include "run/saved_model.h"

namespace nabla {

namespace {

namespace fs = std::filesystem;

/// Throws ConfigError if the output would take the place of what the command reads.
void require_other_file(const fs::path& output, const fs::path& read, const char* what) {
  std::error_code ignored;
  if (fs::equivalent(output, read, ignored))
    throw ConfigError("-o: " + output.string() + " is " + what + ", expected another file");
}

bool is_given(const Arguments& arguments, const std::string& key) {
  for (const Setting& setting : arguments.settings)
    if (setting.key == key) return true;
  return false;
}

/// The keys that say how the rows of INPUT are read and by how many threads.
const std::string kKeys[] = {"data.source", "data.separator",        "data.decimal",
                             "data.header", "data.unknown-category", "parallel.threads"};

int run_predict(const Arguments& arguments) {
  for (const Setting& setting : arguments.settings)
    if (std::ranges::find(kKeys, setting.key) == std::end(kKeys))
      throw ConfigError(setting.origin.name + ": not a key of predict, expected one of " +
                        join(kKeys, ", "));
  const ExperimentOptions options = parse_values(arguments.settings);
  PredictionInput input;
  input.name = arguments.words[1];
  input.format = options.data.csv.format;
  input.unknown_category = options.data.csv.unknown_category;
  if (is_given(arguments, "data.source")) input.source = options.data.source;
  if (input.source && !traits_of(*input.source).has_files())
    throw ConfigError("--data.source: digits are not a file, expected " + file_source_names());

  if (!arguments.has("-q")) input.on_warning = print_warning;

  const AnyModel model = open_model(arguments.words[0]);
  const auto predict_to = [&](const WriteText& write) {
    predict_rows(model, input,
                 {.probabilities = arguments.has("--proba"), .append = arguments.has("--append")},
                 options.parallel.threads, write);
  };
  const auto output = arguments.options.find("-o");
  if (output == arguments.options.end()) {
    predict_to([](std::string_view text) { std::cout << text << std::flush; });
    return 0;
  }
  require_output_file(output->second, "-o");
  if (fs::is_regular_file(input.name)) require_other_file(output->second, input.name, "INPUT");
  require_other_file(output->second, model_file(arguments.words[0]), "MODEL");
  OutputFile file(output->second);
  predict_to([&](std::string_view text) { file.append(text); });
  file.commit();
  return 0;
}

}  // namespace

Command predict_command() {
  return {
      "predict",
      "put rows through a model",
      "Prints one line per row of INPUT: its class, or its values for a regression. MODEL is\n"
      "a model file, a run's folder or a checkpoint. INPUT is in any format of data.source or a\n"
      "NumPy .npy, by its content and ending, or - for CSV from standard input, of which each\n"
      "row is predicted as it arrives. The columns of a CSV are those trained on, by name if\n"
      "both tables have a header, else by position; target, weights and ignored columns may be\n"
      "left out. Of the configuration it takes parallel.threads, data.source, data.separator,\n"
      "data.decimal, data.header and data.unknown-category.\n",
      {{"MODEL", "INPUT"},
       {{"-o", "FILE", "write to FILE instead of standard output"},
        {"--proba", "", "a CSV with a header of the classes and a column for each"},
        {"--append", "", "write the columns of a CSV first, with a header if it has one"},
        threads_option(),
        {"-q", "", "no warnings"}}},
      run_predict,
      "",
      {{"nabla predict runs/flowers new-flowers.csv --append > predicted.csv",
        "write the rows with a column more, the predicted one"},
       {"cat new-flowers.csv | nabla predict runs/flowers - --proba",
        "print the probabilities of the classes while rows arrive"}}};
}

}  // namespace nabla
