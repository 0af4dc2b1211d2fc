// SPDX-License-Identifier: MIT
#include "experiment/prediction.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "nabla/base/error.h"
#include "nabla/data/cifar10.h"
#include "nabla/data/idx.h"
#include "nabla/engine/executor.h"
#include "nabla/train/evaluation.h"

#include "base/mapped_file.h"
#include "data/libsvm.h"
#include "data/npy.h"
#include "data/npz.h"
#include "data/pickle.h"
#include "experiment/option_values.h"

namespace nabla {

namespace {

constexpr const char* kStandardInput = "standard input";

/// The bytes of the input; a file that is not compressed is mapped.
FileBytes read_input(const std::string& name) {
  if (name != "-") return map_file(name);
  auto text = std::make_shared<const std::string>(std::istreambuf_iterator<char>(std::cin),
                                                  std::istreambuf_iterator<char>());
  const std::span<const char> characters = *text;
  return {std::as_bytes(characters), std::move(text)};
}

/// IDX files begin with two zero bytes and the code of an element type.
bool is_idx(std::string_view text) {
  constexpr std::string_view kTypes = "\x08\x09\x0B\x0C\x0D\x0E";
  return text.size() >= 4 && text[0] == 0 && text[1] == 0 &&
         kTypes.find(text[2]) != std::string_view::npos;
}

struct Ending {
  std::string_view ending;
  DataSource source;
};

constexpr std::array kEndings = {
    Ending{".csv", DataSource::kCsv},         Ending{".tsv", DataSource::kCsv},
    Ending{".txt", DataSource::kCsv},         Ending{".data", DataSource::kCsv},
    Ending{".pkl", DataSource::kPkl},         Ending{".pickle", DataSource::kPkl},
    Ending{".libsvm", DataSource::kLibsvm},   Ending{".svm", DataSource::kLibsvm},
    Ending{".svmlight", DataSource::kLibsvm},
};

DataSource source_of(const PredictionInput& input, std::string_view text) {
  if (input.source) return *input.source;
  if (input.name == "-") return DataSource::kCsv;
  if (is_idx(text)) return DataSource::kIdx;
  if (is_npy(std::as_bytes(std::span(text))) || text.starts_with("PK\3\4")) return DataSource::kNpz;
  std::filesystem::path path = input.name;
  if (path.extension() == ".gz") path = path.stem();
  const auto known = std::ranges::find(kEndings, path.extension().string(), &Ending::ending);
  if (known != kEndings.end()) return known->source;
  throw ConfigError(input.name +
                    ": format not known from content or ending, expected --data.source=idx, csv, "
                    "npz, pkl, cifar10 or libsvm");
}

/// Cells in the first line that is not empty; separators inside double quotes do not count.
std::size_t count_columns(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  for (const char separator : {'\t', ';', ','}) {
    std::size_t columns = 1;
    bool is_quoted = false;
    for (const char c : line) {
      if (c == '"') is_quoted = !is_quoted;
      if (c == separator && !is_quoted) ++columns;
    }
    if (columns > 1) return columns;
  }
  return 1;
}

Dataset read_rows(const PredictionInput& input, std::size_t inputs) {
  const FileBytes file = read_input(input.name);
  const std::string_view text(reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size());
  const DataSource source = source_of(input, text);
  if (source != DataSource::kCsv && input.name == "-")
    throw ConfigError(
        "-: another format on standard input, expected CSV there or the name of a file");
  const std::filesystem::path path = input.name;
  if (source == DataSource::kIdx) return read_idx_features(path);
  if (source == DataSource::kCifar10) return read_cifar10({&path, 1});
  if (source == DataSource::kNpz && is_npy(file.bytes))
    return numpy_features(parse_npy(file, input.name));
  if (source == DataSource::kNpz) return read_npz_features(file, input.name);
  if (source == DataSource::kPkl) return read_pkl_features(file, input.name);
  if (source == DataSource::kLibsvm) return parse_libsvm_features(text, input.name, inputs);
  CsvOptions csv;
  csv.header = input.header;
  csv.targets.clear();
  if (count_columns(text) == inputs + 1) csv.targets = {"last"};
  return parse_csv(text, input.name == "-" ? kStandardInput : input.name, csv);
}

/// A class name as a CSV cell.
std::string cell(const std::string& name) {
  if (name.find_first_of(",;\t\"\r\n") == std::string::npos) return name;
  std::string result = "\"";
  for (const char c : name) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + "\"";
}

template <class T>
void append_numbers(std::span<const T> numbers, std::string& text) {
  for (std::size_t i = 0; i < numbers.size(); ++i)
    text += (i > 0 ? "," : "") + write_number(numbers[i]);
  text += '\n';
}

template <class T>
std::string predict_lines(const Model<T>& model, const PredictionInput& input, bool probabilities,
                          std::size_t threads) {
  const bool classifies = model.task == Task::kClassification;
  if (probabilities && !classifies)
    throw ConfigError("--proba: the model is a regression, expected a classification");
  const std::size_t inputs = model.preprocess.features(model.network.topology().inputs());
  const Dataset rows = read_rows(input, inputs);
  if (rows.inputs() != inputs)
    throw DataError((input.name == "-" ? kStandardInput : input.name) + ": " +
                    std::to_string(rows.inputs()) + " features per row, expected the model's " +
                    std::to_string(inputs));
  const auto executor = make_executor(threads);
  const Matrix<T> outputs = predict(model, rows, *executor);
  for (std::size_t row = 0; row < outputs.rows(); ++row)
    if (std::ranges::any_of(outputs.row(row), [](T a) { return std::isnan(a); }))
      throw DataError((input.name == "-" ? kStandardInput : input.name) + ": row " +
                      std::to_string(row + 1) +
                      ": its prediction is NaN, expected features near those trained on");

  std::string text;
  if (classifies && !probabilities) {
    for (const std::uint32_t label : predicted_classes(outputs.view()))
      text += model.classes[label] + "\n";
    return text;
  }
  for (std::size_t i = 0; probabilities && i < model.classes.size(); ++i)
    text += cell(model.classes[i]) + (i + 1 < model.classes.size() ? "," : "\n");
  for (std::size_t row = 0; row < outputs.rows(); ++row) append_numbers(outputs.row(row), text);
  return text;
}

}  // namespace

std::string predict_text(const AnyModel& model, const PredictionInput& input, bool probabilities,
                         std::size_t threads) {
  return std::visit(
      [&](const auto& typed) { return predict_lines(typed, input, probabilities, threads); },
      model);
}

}  // namespace nabla
