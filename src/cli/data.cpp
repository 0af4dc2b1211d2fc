// SPDX-License-Identifier: MIT
#include <algorithm>
#include <iostream>
#include <variant>

#include "nabla/data/data_options.h"
#include "nabla/data/preprocess.h"

#include "cli/commands.h"
#include "cli/data_samples.h"
#include "cli/format.h"
#include "cli/json.h"
#include "cli/terminal.h"
#include "config/option_table.h"
#include "data/describe.h"
#include "data/input_names.h"
#include "run/training_run.h"

namespace nabla {

namespace {

/// More features than this are summed up.
constexpr std::size_t kMostListed = 20;
/// The ranges of more features of sparse rows are left out of JSON.
constexpr std::size_t kMostRanges = 1000;
/// More names or numbers than this are cut.
constexpr std::size_t kMostNamed = 10;

using Table = std::vector<std::vector<std::string>>;

std::string count(std::size_t number) { return with_thousands(static_cast<double>(number)); }

/// "3 rows", "1 row"
std::string count(std::size_t number, const std::string& noun) {
  const char* const ending = noun.ends_with('s') ? "es" : "s";
  return count(number) + " " + noun + (number == 1 ? "" : ending);
}

std::string bytes_text(double bytes) {
  constexpr double kKibi = 1024;
  if (bytes < kKibi) return fixed(bytes, 0) + " bytes";
  if (bytes < kKibi * kKibi) return fixed(bytes / kKibi, 1) + " KiB";
  if (bytes < kKibi * kKibi * kKibi) return fixed(bytes / kKibi / kKibi, 1) + " MiB";
  return fixed(bytes / kKibi / kKibi / kKibi, 1) + " GiB";
}

struct NamedPart {
  const char* name;
  const PartDescription* part;
};

/// The parts that have rows.
std::vector<NamedPart> parts_of(const DataDescription& data) {
  std::vector<NamedPart> parts = {
      {"training", &data.train}, {"validation", &data.validation}, {"test", &data.test}};
  std::erase_if(parts, [](const NamedPart& part) { return part.part->rows == 0; });
  return parts;
}

std::string source_text(const ExperimentOptions& options) {
  std::string text = find_option("data.source")->write(options);
  if (options.data.source == DataSource::kDigits)
    return text + " (built-in), seed " + std::to_string(options.data.digits_seed);
  for (const char* key : {"data.train", "data.test"})
    if (const std::string files = find_option(key)->write(options); !files.empty())
      text += ", " + std::string(key) + " = " + files;
  if (options.data.train.empty()) text += ", the standard names in " + options.data.dir.string();
  return text;
}

std::string rows_text(const DataDescription& data) {
  std::string text;
  for (const NamedPart& part : parts_of(data))
    text += (text.empty() ? "" : ", ") + count(part.part->rows) + " " + part.name;
  return text;
}

std::string features_text(const DataDescription& data) {
  std::string text = count(data.inputs) + ", " + data.type + (data.is_sparse ? ", sparse" : "");
  const std::size_t pixels = data.image_height * data.image_width;
  if (pixels > 0) {
    text += ", images of " + std::to_string(data.image_height) + " × " +
            std::to_string(data.image_width) + " pixels";
    if (data.inputs > pixels) text += " in " + count(data.inputs / pixels, "plane");
  }
  return text;
}

/// The share of the training rows' numbers that are not 0.
double density(const DataDescription& data) {
  return static_cast<double>(data.train.entries) / static_cast<double>(data.train.rows) /
         static_cast<double>(data.inputs);
}

std::string density_text(const DataDescription& data) {
  const double per_row =
      static_cast<double>(data.train.entries) / static_cast<double>(data.train.rows);
  return general(100 * density(data), 3) + "% of the training rows' numbers are not 0, " +
         general(per_row, 3) + " a row; without any: " + count(data.train.empty_rows, "row") +
         ", " + count(data.train.empty_features, "feature");
}

std::string task_text(const DataDescription& data) {
  const std::string name(name_of(data.task));
  switch (data.task) {
    case Task::kClassification:
      return name + ", " + count(data.classes.size(), "class");
    case Task::kRegression:
      return name + ", " + count(data.targets.size(), "target");
    case Task::kMultiLabel:
      return name + ", " + count(data.targets.size(), "label");
  }
  return name;
}

std::string memory_text(const DataDescription& data) {
  double mapped = 0;
  double in_memory = 0;
  for (const NamedPart& part : parts_of(data))
    (part.part->is_mapped ? mapped : in_memory) += static_cast<double>(part.part->bytes);
  std::string text;
  if (in_memory > 0) text = bytes_text(in_memory) + " of features in memory";
  if (mapped > 0)
    text += (text.empty() ? "" : ", ") + bytes_text(mapped) + " of features in mapped files";
  return text.empty() ? "none, as no row has entries" : text;
}

std::string repeated_text(const RepeatedRows& repeated, Task task) {
  std::string text = count(repeated.rows);
  if (repeated.conflicts > 0)
    text += " (" + count(repeated.conflicts) + " with " +
            (task == Task::kClassification ? "another class)" : "other targets)");
  return text;
}

std::string duplicates_text(const DataDescription& data) {
  std::string text;
  for (const NamedPart& part : parts_of(data))
    text += (text.empty() ? "" : ", ") + std::string(part.name) + " " +
            repeated_text(part.part->duplicates, data.task);
  return text;
}

/// Rows outside the training rows that are training rows, too.
std::string seen_text(const DataDescription& data) {
  std::string text;
  for (const NamedPart& part : parts_of(data))
    if (part.part != &data.train)
      text += (text.empty() ? "" : ", ") + repeated_text(part.part->seen, data.task) + " of the " +
              part.name + " rows";
  return text.empty() ? "no validation or test rows" : text;
}

/// How many values are missing, by feature, and what the training would make of them.
std::string missing_text(const DataDescription& data, const Dataset& train,
                         const DataOptions& options) {
  const MissingFill fill = fit_missing(options.missing, false, train);
  const std::vector<std::string> names = input_names(train);
  std::size_t values = 0;
  std::vector<std::string> features;
  for (std::size_t i = 0; i < data.features.size(); ++i) {
    const std::size_t missing = data.features[i].missing;
    if (missing == 0) continue;
    values += missing;
    features.push_back(names[i] + " " + count(missing) +
                       (fill.is_identity() ? "" : " (becomes " + general(fill.values[i]) + ")"));
  }
  if (values == 0) return "0";
  std::string text = count(values) + " in the training rows";
  for (std::size_t i = 0; i < features.size() && i <= kMostNamed; ++i)
    text += (i == 0 ? ": " : ", ") + (i == kMostNamed ? "…" : features[i]);
  return text;
}

std::string constant_text(const DataDescription& data, const std::vector<std::string>& names) {
  const std::vector<std::size_t> constant = data.constant_features();
  std::string text = count(constant.size());
  for (std::size_t i = 0; i < constant.size() && i <= kMostNamed; ++i)
    text += (i == 0 ? ": " : ", ") + (i == kMostNamed ? "…" : names[constant[i]]);
  return text;
}

std::string class_table(const DataDescription& data) {
  const std::vector<NamedPart> parts = parts_of(data);
  Table rows = {{"class"}};
  for (const NamedPart& part : parts) {
    rows[0].emplace_back(part.name);
    rows[0].emplace_back("%");
  }
  for (std::size_t i = 0; i < data.classes.size(); ++i) {
    rows.push_back({data.classes[i]});
    for (const NamedPart& part : parts) {
      const std::size_t members = part.part->class_rows[i];
      rows.back().push_back(count(members));
      rows.back().push_back(
          fixed(100 * static_cast<double>(members) / static_cast<double>(part.part->rows), 2));
    }
  }
  return aligned(rows);
}

std::vector<std::string> summary_row(const std::string& name, const ColumnSummary& column) {
  return {name, general(column.lowest), general(column.highest), general(column.mean),
          general(column.deviation)};
}

/// One line for many columns: the mean is of all their values, the deviation the least and the
/// greatest.
void add_overall(Table& rows, const std::string& name, const std::vector<ColumnSummary>& columns) {
  ColumnSummary overall = columns.front();
  double mean = 0;
  double least = overall.deviation;
  for (const ColumnSummary& column : columns) {
    overall.lowest = std::min(overall.lowest, column.lowest);
    overall.highest = std::max(overall.highest, column.highest);
    overall.deviation = std::max(overall.deviation, column.deviation);
    least = std::min(least, column.deviation);
    mean += column.mean / static_cast<double>(columns.size());
  }
  rows.push_back({name, general(overall.lowest), general(overall.highest), general(mean),
                  general(least) + " to " + general(overall.deviation)});
}

std::string ranges_table(const DataDescription& data, const Dataset& train) {
  Table rows = {{"training rows", "lowest", "highest", "mean", "std. deviation"}};
  const auto add = [&](const std::string& noun, const std::vector<std::string>& names,
                       const std::vector<ColumnSummary>& columns) {
    if (columns.size() > kMostListed) return add_overall(rows, "all " + noun + "s", columns);
    for (std::size_t i = 0; i < columns.size(); ++i)
      rows.push_back(summary_row(names[i], columns[i]));
  };
  add("feature", input_names(train), data.features);
  add("target", target_names(train), data.targets);
  add("weight", {"weight"}, data.weights);
  return aligned(rows);
}

Json repeated_json(const RepeatedRows& repeated) {
  return {{"rows", repeated.rows}, {"conflicts", repeated.conflicts}};
}

Json part_json(const PartDescription& part) {
  return {{"rows", part.rows},
          {"class_rows", part.class_rows},
          {"entries", part.entries},
          {"empty_rows", part.empty_rows},
          {"empty_features", part.empty_features},
          {"bytes", part.bytes},
          {"duplicates", repeated_json(part.duplicates)},
          {"seen", repeated_json(part.seen)}};
}

Json ranges_json(const std::vector<std::string>& names, const std::vector<ColumnSummary>& columns) {
  Json json = Json::array();
  for (std::size_t i = 0; i < columns.size(); ++i)
    json.push_back({{"name", names[i]},
                    {"lowest", columns[i].lowest},
                    {"highest", columns[i].highest},
                    {"mean", columns[i].mean},
                    {"deviation", columns[i].deviation},
                    {"missing", columns[i].missing}});
  return json;
}

Json data_json(const DataDescription& data, const Dataset& train,
               const std::vector<std::string>& warnings) {
  Json json = json_document();
  json["task"] = name_of(data.task);
  json["classes"] = data.classes;
  json["features"] = data.inputs;
  json["type"] = data.type;
  json["sparse"] = data.is_sparse;
  json["density"] = density(data);
  json["image"] = data.image_height * data.image_width == 0
                      ? Json()
                      : Json{{"height", data.image_height}, {"width", data.image_width}};
  json["training"] = part_json(data.train);
  json["validation"] = part_json(data.validation);
  json["test"] = part_json(data.test);
  json["feature_ranges"] = data.is_sparse && data.inputs > kMostRanges
                               ? Json::array()
                               : ranges_json(input_names(train), data.features);
  json["target_ranges"] = ranges_json(target_names(train), data.targets);
  json["weight_ranges"] = ranges_json({"weight"}, data.weights);
  json["warnings"] = warnings;
  return json;
}

int run_data(const Arguments& arguments) {
  const Configuration configuration = configured(arguments);
  const DataSplit split = load_data(configuration.options.data);
  const DataDescription data = describe(split);
  if (!arguments.has("-q"))
    for (const std::string& warning : data_warnings(split)) print_warning(warning);
  if (arguments.has("--json")) {
    print_json(data_json(data, split.train, data_warnings(split)));
    return 0;
  }
  std::cout << described(
                   {{"source", source_text(configuration.options)},
                    {"rows", rows_text(data)},
                    {"features", features_text(data)},
                    {"density", density_text(data)},
                    {"task", task_text(data)},
                    {"memory", memory_text(data)},
                    {"missing values", missing_text(data, split.train, configuration.options.data)},
                    {"duplicate rows", duplicates_text(data)},
                    {"seen in training", seen_text(data)},
                    {"constant features", constant_text(data, input_names(split.train))}})
            << "\n";
  if (data.task == Task::kClassification) std::cout << class_table(data) << "\n";
  std::cout << ranges_table(data, split.train) << "\nfirst training rows\n"
            << sample_text(split.train);
  return 0;
}

}  // namespace

Command data_command() {
  return {"data",
          "describe the configured data set",
          "Reads and splits the data as a training would and prints: source, numbers of training,\n"
          "validation and test rows, features and their type, whether they are in memory or in\n"
          "mapped files, rows of each class, rows that occur more than once or in the training\n"
          "rows as well (and how many of those have another class or target), features that\n"
          "never change, ranges of features and targets, all before data.normalize; then the\n"
          "first training rows, drawn if they are images: in colours on a terminal that has\n"
          "them and without NO_COLOR, else in shades. Without CONFIG it takes the built-in\n"
          "digits.\n",
          {{"[CONFIG or DATA]"}, {target_option(), json_option(), {"-q", "", "no warnings"}}},
          run_data,
          "",
          {{"nabla data flowers.csv", "describe a table before it is trained on"}}};
}

}  // namespace nabla
