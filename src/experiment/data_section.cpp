// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <span>

#include "data/source.h"
#include "experiment/option_builders.h"
#include "experiment/option_sections.h"

namespace nabla {

namespace {

/// The built-in series is long, but a data set is held in memory.
constexpr std::uint64_t kMostDigits = 10'000'000;

std::filesystem::path data_file(std::string_view text, const ValueOrigin& origin) {
  return origin.command_line ? (origin.folder / text).lexically_normal()
                             : std::filesystem::path(text);
}

/// A data file: relative to data.dir, or on the command line to the current folder.
template <class Field>
Option data_file_option(std::string key, Field field, std::string empty_default,
                        std::string meaning) {
  Option option = path_option(std::move(key), field, std::move(empty_default), std::move(meaning));
  option.parse = [field](ExperimentOptions& options, std::string_view text,
                         const ValueOrigin& origin) {
    field(options) = text.empty() ? std::filesystem::path() : data_file(text, origin);
  };
  return option;
}

template <class Field>
Option data_files_option(std::string key, Field field, std::string empty_default,
                         std::string meaning) {
  Option option;
  option.key = std::move(key);
  option.type = "list of paths";
  option.meaning = std::move(meaning);
  option.empty_default = std::move(empty_default);
  option.parse = [field](ExperimentOptions& options, std::string_view text,
                         const ValueOrigin& origin) {
    field(options).clear();
    for (const std::string& item : split_list(text))
      field(options).push_back(data_file(item, origin));
  };
  option.write = [field](const ExperimentOptions& options) {
    std::vector<std::string> items;
    for (const std::filesystem::path& path : field(options)) items.push_back(path.string());
    return join(items);
  };
  return option;
}

double parse_validation(std::string_view text) {
  constexpr std::string_view kExpected = "0, a fraction below 1 or a whole number of rows";
  const double value = parse_number(text, kExpected);
  if (value < 0 || value > 1e15) throw_bad_value(text, "is out of range", kExpected);
  if (value >= 1 && value != std::floor(value))
    throw_bad_value(text, "is neither a fraction nor a whole number", kExpected);
  return value;
}

std::vector<std::string> parse_targets(std::string_view text) {
  std::vector<std::string> targets = split_list(text);
  if (targets.empty())
    throw_bad_value(text, "names no column", "last, or column names or zero-based indices");
  return targets;
}

ClassWeights parse_class_weights(std::string_view text) {
  if (text == "none") return {};
  if (text == "balanced") return {ClassWeights::Kind::kBalanced, {}};
  if (text.find_first_of("0123456789") == std::string_view::npos) {
    static const std::vector<std::string> kNames = {"none", "balanced"};
    throw_bad_choice(text, kNames, " or a list of weights of at least 0");
  }
  constexpr std::string_view kExpected = "none, balanced, or a list of weights of at least 0";
  ClassWeights weights{ClassWeights::Kind::kList, {}};
  for (const std::string& item : split_list(text)) {
    weights.list.push_back(parse_number(item, kExpected));
    if (weights.list.back() < 0) throw_bad_value(item, "is negative", kExpected);
  }
  if (std::ranges::all_of(weights.list, [](double weight) { return weight == 0; }))
    throw_bad_value(text, "leaves no class a weight", kExpected);
  return weights;
}

std::string write_class_weights(const ClassWeights& weights) {
  if (weights.kind == ClassWeights::Kind::kNone) return "none";
  if (weights.kind == ClassWeights::Kind::kBalanced) return "balanced";
  std::vector<std::string> items;
  for (const double weight : weights.list) items.push_back(write_number(weight));
  return join(items);
}

template <class Kind>
Choices<Kind> named(std::span<const Kind> kinds) {
  Choices<Kind> choices;
  for (const Kind kind : kinds) choices.emplace_back(name_of(kind), kind);
  return choices;
}

}  // namespace

std::vector<Option> data_section() {
  const auto labels_of = [](const std::string& key) {
    return "the name of " + key + " with labels-idx1 in place of images-idx3, with or without .gz";
  };
  const std::string standard_names =
      "the standard names in data.dir, with or without .gz, for the sources idx (MNIST's) and "
      "cifar10 (data_batch_1.bin to data_batch_5.bin, test_batch.bin), npz (mnist.npz) and pkl "
      "(mnist.pkl.gz)";
  std::vector<std::string> with_task;
  for (const DataSource source : all_data_sources())
    if (traits_of(source).has_task_choice) with_task.emplace_back(name_of(source));
  return {
      choice_option(
          "data.source", [](auto& o) -> auto& { return o.data.source; }, named(all_data_sources()),
          "Where the rows come from: the built-in digits, or files of that format."),
      path_option(
          "data.dir", [](auto& o) -> auto& { return o.data.dir; },
          "the configuration file's folder", "Folder that data file names are relative to."),
      data_files_option(
          "data.train", [](auto& o) -> auto& { return o.data.train; }, standard_names,
          "Training rows; for idx the file of their features, for npz and pkl the file of all "
          "rows."),
      data_files_option(
          "data.test", [](auto& o) -> auto& { return o.data.test; },
          "as for data.train where that is empty too, else no test rows",
          "Test rows; for idx the file of their features."),
      data_file_option(
          "data.train-labels", [](auto& o) -> auto& { return o.data.train_labels; },
          labels_of("data.train"), "Labels of the training rows (idx)."),
      data_file_option(
          "data.test-labels", [](auto& o) -> auto& { return o.data.test_labels; },
          labels_of("data.test"), "Labels of the test rows (idx)."),
      make_option(
          "data.validation", "number", "0 · a fraction below 1 · a number of rows",
          "Rows taken from the end of the training rows to become validation rows; a "
          "fraction is rounded to the nearest row. 0: none, but the second part of a pkl triple, "
          "which otherwise joins the training rows.",
          [](auto& o) -> auto& { return o.data.validation; }, parse_validation,
          write_number<double>),
      yes_no_option(
          "data.validation-shuffle", [](auto& o) -> auto& { return o.data.validation_shuffle; },
          "Shuffle the rows before the validation rows are taken."),
      whole_option(
          "data.split-seed", [](auto& o) -> auto& { return o.data.split_seed; }, 0, kNoLimit,
          "Seed of that shuffle."),
      whole_option(
          "data.limit", [](auto& o) -> auto& { return o.data.limit; }, 0, kNoLimit,
          "Use only the first so many training rows that are left after the split; 0: "
          "all of them."),
      make_option(
          "data.target", "list of columns", "last · column names or zero-based indices",
          "The target column; several are a regression (csv).",
          [](auto& o) -> auto& { return o.data.csv.targets; }, parse_targets,
          [](const std::vector<std::string>& targets) { return join(targets); }),
      choice_option(
          "data.header", [](auto& o) -> auto& { return o.data.csv.header; },
          {{"auto", CsvHeader::kAuto}, {"yes", CsvHeader::kYes}, {"no", CsvHeader::kNo}},
          "Whether row 1 names the columns; auto: where no cell of it is numeric and "
          "some cell of row 2 is (csv)."),
      choice_option(
          "data.task", [](auto& o) -> auto& { return o.data.csv.task; },
          {{"auto", TaskChoice::kAuto},
           {"classification", TaskChoice::kClassification},
           {"regression", TaskChoice::kRegression}},
          "What the targets are; auto: integers and texts are classes (" + join(with_task) + ")."),
      choice_option(
          "data.normalize", [](auto& o) -> auto& { return o.data.normalize; },
          named(all_normalizations()),
          "What is done to the features: scale divides by 255; minmax maps each to 0…1, center "
          "takes its mean off, standardize also divides by its population standard deviation; unit "
          "divides each row by its L2 norm; pca centres and rotates to the principal components, "
          "whiten also divides by √(eigenvalue + 1e-5); auto: scale for uint8 data, else none. "
          "Fitted on the training rows, stored in the model."),
      whole_option(
          "data.components", [](auto& o) -> auto& { return o.data.components; }, 0, kNoLimit,
          "Components that pca and whiten keep, those of the largest variance; 0: all of them."),
      yes_no_option(
          "data.standardize-targets", [](auto& o) -> auto& { return o.data.standardize_targets; },
          "Learn each target less its mean and divided by its standard deviation; outputs, R² and "
          "errors stay in the targets' own units, costs are of the standardised ones "
          "(regression)."),
      make_option(
          "data.class-weights", "name or list of numbers",
          "none · balanced · a weight per class in the order of the classes",
          "How much the rows of each class count in training; balanced: n / (classes · n_class). "
          "Classes are ordered by value where they are numbers, then by bytes.",
          [](auto& o) -> auto& { return o.train.class_weights; }, parse_class_weights,
          write_class_weights),
      make_option(
          "data.weights", "column", "none · a column name or zero-based index",
          "Column with a weight of at least 0 per row, which is no feature then (csv).",
          [](auto& o) -> auto& { return o.data.csv.weights; },
          [](std::string_view text) { return text == "none" ? std::string() : std::string(text); },
          [](const std::string& column) { return column.empty() ? "none" : column; }),
      deformations_option(),
      make_option(
          "data.one-hot", "list of columns", "none · column names or zero-based indices",
          "Feature columns that hold categories: each becomes one input per category of the "
          "training rows, 1 for the row's own, else 0 (csv). Stored in the model.",
          [](auto& o) -> auto& { return o.data.csv.one_hot; },
          [](std::string_view text) {
            return text == "none" ? std::vector<std::string>() : split_list(text);
          },
          [](const std::vector<std::string>& columns) {
            return columns.empty() ? "none" : join(columns);
          }),
      whole_option(
          "data.digits-train", [](auto& o) -> auto& { return o.data.digits_train; }, 1, kMostDigits,
          "Training rows of the built-in digits."),
      whole_option(
          "data.digits-test", [](auto& o) -> auto& { return o.data.digits_test; }, 0, kMostDigits,
          "Test rows of the built-in digits."),
      whole_option(
          "data.digits-seed", [](auto& o) -> auto& { return o.data.digits_seed; }, 0, kNoLimit,
          "Seed of the built-in digits."),
  };
}

}  // namespace nabla
