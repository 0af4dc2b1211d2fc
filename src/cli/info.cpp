// SPDX-License-Identifier: MIT
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nabla/base/version.h"
#include "nabla/engine/executor.h"
#include "nabla/train/checkpoint.h"

#include "cli/commands.h"
#include "cli/format.h"
#include "cli/json.h"
#include "data/input_names.h"
#include "math/blas.h"
#include "math/elementwise.h"
#include "math/gemm.h"
#include "report/run_files.h"
#include "run/mpi_ranks.h"
#include "run/run_folder.h"
#include "run/saved_model.h"
#include "run/summary_file.h"

namespace nabla {

namespace {

namespace fs = std::filesystem;

using Facts = std::vector<std::vector<std::string>>;

std::string compiler() {
#if defined(__clang__)
  return "clang " __clang_version__;
#elif defined(__GNUC__)
  return "g++ " __VERSION__;
#else
  return "unknown";
#endif
}

std::string instruction_set() {
  const std::string chosen(elementwise::instruction_set());
  const std::string best(elementwise::best_instruction_set());
  return chosen == best ? chosen : chosen + " (NABLA_INSTRUCTION_SET; this CPU has " + best + ")";
}

void print_program() {
  const BlasInfo blas = blas_info();
  std::cout << described({{"version", std::string(version())},
                          {"compiler", compiler()},
                          {"BLAS", blas.library},
                          {"BLAS kernel", blas.kernel},
                          {"BLAS threading", blas.threading},
                          {"executor", executor_backend()},
                          {"cores", std::to_string(available_cores())},
                          {"CPU", cpu_name()},
                          {"instruction set", instruction_set()},
                          {"bfloat16", products_by<bfloat16_t>()},
                          {"MPI", mpi_library()}});
}

Json program_json() {
  const BlasInfo blas = blas_info();
  Json json = json_document();
  json["version"] = version();
  json["compiler"] = compiler();
  json["blas"] = {
      {"library", blas.library}, {"kernel", blas.kernel}, {"threading", blas.threading}};
  json["executor"] = executor_backend();
  json["cores"] = available_cores();
  json["cpu"] = cpu_name();
  json["instruction_set"] = elementwise::instruction_set();
  json["best_instruction_set"] = elementwise::best_instruction_set();
  json["bfloat16"] = products_by<bfloat16_t>();
  json["mpi"] = mpi_library();
  return json;
}

/// The type of the parameters, and that of the operands if it is another.
std::string precision_text(Precision precision) {
  return precision == Precision::kBfloat16 ? "float32, products of bfloat16"
                                           : std::string(name_of(precision));
}

/// Names in one line, or the first of them.
std::string names_text(const std::vector<std::string>& names) {
  constexpr std::size_t kMostNames = 20;
  std::string text = std::to_string(names.size()) + ": ";
  for (std::size_t i = 0; i < names.size() && i <= kMostNames; ++i)
    text += (i == 0 ? "" : ", ") + (i == kMostNames ? "…" : names[i]);
  return text;
}

std::vector<std::string> column_names(const TableColumns& columns,
                                      const std::vector<std::size_t>& which) {
  std::vector<std::string> names;
  for (const std::size_t column : which) names.push_back(column_name(columns, column));
  return names;
}

std::string layers_text(const Topology& topology) {
  std::string text = std::to_string(topology.inputs()) + " inputs";
  for (const Layer& layer : topology.layers())
    text += ", " + std::to_string(layer.outputs) + " " + std::string(name_of(layer.activation)) +
            (layer.batch_norm ? " (batch-norm)" : "");
  return text;
}

template <class T>
std::string preprocess_text(const Model<T>& model) {
  const std::size_t inputs = model.network.topology().inputs();
  std::string text(name_of(model.preprocess.kind));
  if (!model.preprocess.components.empty()) text += " to " + std::to_string(inputs) + " components";
  if (!model.preprocess.targets.is_identity()) text += ", standardised targets";
  return text;
}

template <class T>
std::string one_hot_text(const Model<T>& model) {
  const std::vector<std::size_t> features = model.columns.features();
  std::string text;
  for (const OneHotColumn& column : model.one_hot.columns)
    text += (text.empty() ? "" : ", ") + column_name(model.columns, features[column.feature]) +
            " (" + std::to_string(column.categories.size()) + ")";
  return text;
}

/// The value that fills a feature which is missing, and whether an input tells of it.
struct FilledFeature {
  std::string name;
  double value;
  bool is_indicated;
};

/// The features that may be missing: all but the inputs of categories.
template <class T>
std::vector<FilledFeature> filled_features(const Model<T>& model) {
  const MissingFill& fill = model.preprocess.missing;
  const std::vector<std::string> names =
      input_names(model.columns, model.one_hot, fill.values.size());
  std::vector<FilledFeature> result;
  std::size_t input = 0;
  auto category = model.one_hot.columns.begin();
  for (std::size_t feature = 0; input < fill.values.size(); ++feature) {
    if (category != model.one_hot.columns.end() && category->feature == feature) {
      input += (category++)->categories.size();
      continue;
    }
    const bool is_indicated = std::ranges::binary_search(fill.indicators, input);
    result.push_back({names[input], fill.values[input], is_indicated});
    ++input;
  }
  return result;
}

template <class T>
std::string missing_text(const Model<T>& model) {
  std::vector<std::string> texts;
  for (const FilledFeature& feature : filled_features(model))
    texts.push_back(feature.name + " " + general(feature.value) +
                    (feature.is_indicated ? " (indicated)" : ""));
  return std::string(name_of(model.preprocess.missing.kind)) + " of " + names_text(texts);
}

template <class T>
Json missing_json(const Model<T>& model) {
  if (model.preprocess.missing.is_identity()) return nullptr;
  Json json = {{"kind", name_of(model.preprocess.missing.kind)}, {"features", Json::array()}};
  for (const FilledFeature& feature : filled_features(model))
    json["features"].push_back(
        {{"name", feature.name}, {"value", feature.value}, {"indicator", feature.is_indicated}});
  return json;
}

template <class T>
Facts model_facts(const Model<T>& model, Precision precision) {
  const Topology& topology = model.network.topology();
  Facts facts = {{"layers", layers_text(topology)},
                 {"parameters", with_thousands(static_cast<double>(topology.parameters())) + " " +
                                    precision_text(precision)},
                 {"cost", std::string(name_of(model.cost.kind))},
                 {"preprocessing", preprocess_text(model)}};
  if (model.columns.count > 0) {
    facts.push_back(
        {"features", names_text(column_names(model.columns, model.columns.features()))});
    facts.push_back({"target", names_text(column_names(model.columns, model.columns.targets))});
    if (model.columns.weights)
      facts.push_back({"weights", column_name(model.columns, *model.columns.weights)});
  }
  if (!model.one_hot.empty()) facts.push_back({"categories", one_hot_text(model)});
  if (!model.preprocess.missing.is_identity())
    facts.push_back({"missing values", missing_text(model)});
  if (model.task == Task::kClassification)
    facts.push_back({"classes", names_text(model.classes)});
  else
    facts.push_back({"task", std::string(name_of(model.task))});
  return facts;
}

template <class T>
Json model_json(const Model<T>& model, Precision precision) {
  const Topology& topology = model.network.topology();
  Json json;
  json["task"] = name_of(model.task);
  json["widths"] = topology.widths();
  json["activations"] = Json::array();
  for (const Activation activation : topology.activations())
    json["activations"].push_back(name_of(activation));
  json["batch_norm"] = topology.batch_norm();
  json["cost"] = name_of(model.cost.kind);
  json["precision"] = name_of(precision);
  json["parameters"] = topology.parameters();
  json["normalize"] = name_of(model.preprocess.kind);
  json["standardized_targets"] = !model.preprocess.targets.is_identity();
  json["features"] = column_names(model.columns, model.columns.features());
  json["targets"] = column_names(model.columns, model.columns.targets);
  json["weights"] =
      model.columns.weights ? Json(column_name(model.columns, *model.columns.weights)) : Json();
  const std::vector<std::size_t> features = model.columns.features();
  json["categories"] = Json::object();
  for (const OneHotColumn& column : model.one_hot.columns)
    json["categories"][column_name(model.columns, features[column.feature])] = column.categories;
  json["missing"] = missing_json(model);
  json["classes"] = model.classes;
  return json;
}

/// The folder of the run that left the model, if it is one.
std::optional<report::RunFiles> run_of(const fs::path& model) {
  const fs::path folder = folder_of_model(model);
  if (kind_of_folder(folder) != FolderKind::kTrain) return std::nullopt;
  return report::read_run(folder, false);
}

/// Status, epochs, data and machine of a run.
Facts run_facts(const report::RunFiles& run) {
  Facts facts = {{"run", run.folder.string()}, {"status", run.status()}};
  if (const auto epochs = run.figure("epochs")) facts.push_back({"epochs", general(*epochs, 10)});
  if (const auto epoch = run.figure("model_epoch"))
    facts.push_back({"model of epoch", general(*epoch, 10)});
  if (const RowScores scores = run.scores(run.model_prefix()); judged_rows(scores) != nullptr)
    facts.push_back({"scores", scores_text(scores, run.task())});
  for (const auto& [key, value] : run.settings)
    if (!value.empty() && (key == "data.source" || key == "data.train" || key == "train.seed"))
      facts.push_back({key, value});
  if (const auto seconds = run.figure("train_seconds"))
    facts.push_back({"training time", duration_text(*seconds)});
  if (run.summary.is_object())
    for (const auto& [key, name] : {std::pair("cpu", "CPU"), {"version", "version"}})
      if (run.summary.contains(key) && run.summary[key].is_string())
        facts.push_back({name, run.summary[key].get<std::string>()});
  if (!run.finished.empty()) facts.push_back({"finished", run.finished});
  return facts;
}

Json run_json(const report::RunFiles& run) {
  Json json;
  json["folder"] = run.folder.string();
  json["status"] = run.status();
  json["config"] = Json::object();
  for (const auto& [key, value] : run.settings) json["config"][key] = value;
  json["summary"] = run.summary;
  return json;
}

void describe_model(const fs::path& given, bool as_json) {
  const fs::path file = model_file(given);
  const AnyModel model = load_trained_model(file);
  const std::optional<report::RunFiles> run = run_of(given);
  const auto on_model = [&](const auto& describe) {
    return std::visit([&](const auto& typed) { return describe(typed, model.precision()); }, model);
  };
  if (as_json) {
    Json json = json_document();
    json["file"] = file.string();
    json["model"] = on_model([](const auto&... parts) { return model_json(parts...); });
    json["run"] = run ? run_json(*run) : Json();
    return print_json(json);
  }
  Facts facts = on_model([](const auto&... parts) { return model_facts(parts...); });
  facts.insert(facts.begin(), {"model", file.string()});
  if (run)
    for (std::vector<std::string>& fact : run_facts(*run)) facts.push_back(std::move(fact));
  std::cout << described(facts);
}

int run_info(const Arguments& arguments) {
  const bool as_json = arguments.has("--json");
  if (!arguments.words.empty())
    describe_model(arguments.words[0], as_json);
  else if (as_json)
    print_json(program_json());
  else
    print_program();
  return 0;
}

}  // namespace

Command info_command() {
  return {
      "info",
      "show versions and hardware, or what is in a model",
      "Prints the versions of nabla and its compiler, the BLAS library in use with its kernel\n"
      "and threading mode, the executor that runs the threads, the cores this process may use,\n"
      "the CPU, the instruction set that nabla's own kernels use and what makes products of\n"
      "bfloat16. Of MODEL, which is a model file, a run's folder or a checkpoint, it prints\n"
      "layers, parameters, preprocessing, columns and classes, and of a run where and how it was\n"
      "trained.\n",
      {{"[MODEL]"}, {json_option(), {"-q", "", "accepted; info has no warnings"}}, false},
      run_info,
      "NABLA_INSTRUCTION_SET=x86-64|avx2|avx512|avx512bf16 in the environment lowers\n"
      "that instruction set; OPENBLAS_CORETYPE chooses OpenBLAS's kernel;\n"
      "NABLA_BFLOAT16_PRODUCTS=nabla|onednn says who makes products of bfloat16 (oneDNN if it is\n"
      "there and the CPU has AMX).\n",
      {{"nabla info runs/flowers", "show what a run's model is made of"}}};
}

}  // namespace nabla
