// SPDX-License-Identifier: MIT
#include "run/prediction.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "nabla/base/error.h"
#include "nabla/engine/executor.h"

#include "base/input_stream.h"
#include "base/option_values.h"
#include "data/csv.h"
#include "data/csv_tokens.h"
#include "data/source.h"
#include "run/columns.h"
#include "train/checked_rows.h"

namespace nabla {

namespace {

constexpr const char* kStandardInput = "standard input";

/// The first bytes of a file, decompressed; of pipes and devices none, as reading takes them away.
std::string read_start(const std::string& name) {
  std::error_code ignored;
  if (name == "-" || std::filesystem::is_other(name, ignored)) return {};
  InputStream stream = InputStream::open(name);
  std::string start(16, '\0');
  start.resize(stream.read(std::as_writable_bytes(std::span(start))));
  return start;
}

DataSource source_of(const PredictionInput& input) {
  if (input.source) return *input.source;
  if (input.name == "-") return DataSource::kCsv;
  const std::string start = read_start(input.name);
  if (const auto source = recognise_source(input.name, std::as_bytes(std::span(start))))
    return *source;
  throw ConfigError(
      input.name +
      ": format not known from content or ending, expected --data.source=" + file_source_names());
}

/// All rows of a file that is not a CSV.
Dataset read_rows(const PredictionInput& input, const DataSourceTraits& traits,
                  std::size_t inputs) {
  if (input.name == "-")
    throw ConfigError(
        "-: another format on standard input, expected CSV there or the name of a file");
  return traits.read_features(input.name, inputs);
}

CsvTokens open_input(const PredictionInput& input) {
  if (input.name != "-") return open_csv(input.name, input.format);
  return {read_from(InputStream::standard_input(kStandardInput)), kStandardInput, input.format,
          CsvTokens::Judged::kArrived};
}

template <class T>
void append_numbers(std::span<const T> numbers, std::string& text) {
  for (std::size_t i = 0; i < numbers.size(); ++i)
    text += (i > 0 ? "," : "") + write_number(numbers[i]);
  text += '\n';
}

/// Writes one line per row of some rows after the other.
template <class T>
class Predictor {
 public:
  Predictor(const Model<T>& model, const PredictionInput& input, bool probabilities,
            std::size_t threads, const WriteText& write)
      : model_(model),
        name_(input.name == "-" ? kStandardInput : input.name),
        as_classes_(model.task == Task::kClassification && !probabilities),
        executor_(make_executor(threads)),
        write_(write) {
    if (!probabilities) return;
    if (model.task != Task::kClassification)
      throw ConfigError("--proba: the model is a regression, expected a classification");
    for (std::size_t i = 0; i < model.classes.size(); ++i)
      text_ += csv_cell(model.classes[i]) + (i + 1 < model.classes.size() ? "," : "\n");
  }

  void add(const Dataset& rows) {
    const auto [prediction, not_finite] = predict_checked(model_, rows, *executor_);
    require_finite_rows(not_finite, name_, rows_ + 1);
    const auto& [outputs, classes] = prediction;
    if (as_classes_) {
      for (const std::uint32_t label : classes) text_ += model_.classes[label] + "\n";
    } else {
      for (std::size_t row = 0; row < outputs.rows(); ++row)
        append_numbers(outputs.row(row), text_);
    }
    rows_ += outputs.rows();
    write_(text_);
    text_.clear();
  }

 private:
  const Model<T>& model_;
  std::string name_;
  bool as_classes_;
  std::unique_ptr<Executor> executor_;
  const WriteText& write_;
  std::string text_;
  std::size_t rows_ = 0;
};

template <class T>
void predict_model(const Model<T>& model, const PredictionInput& input, bool probabilities,
                   std::size_t threads, const WriteText& write) {
  Predictor<T> predictor(model, input, probabilities, threads, write);
  const std::size_t inputs = model.preprocess.features(model.network.topology().inputs());
  const DataSourceTraits& traits = traits_of(source_of(input));
  if (traits.has_columns) {
    CsvFeatures features(open_input(input), model.columns, model.one_hot, inputs,
                         !model.preprocess.missing.is_identity(), input.unknown_category);
    Dataset rows;
    while (std::optional<FeatureMatrix<double>> block = features.next()) {
      rows.features = *std::move(block);
      predictor.add(rows);
    }
    return;
  }
  const Dataset rows = read_rows(input, traits, inputs);
  if (rows.inputs() != inputs)
    throw DataError(input.name + ": " + std::to_string(rows.inputs()) +
                    " features per row, expected the model's " + std::to_string(inputs));
  if (input.on_warning)
    for (const std::string& warning : rows.warnings) input.on_warning(warning);
  predictor.add(rows);
}

}  // namespace

void predict_rows(const AnyModel& model, const PredictionInput& input, bool probabilities,
                  std::size_t threads, const WriteText& write) {
  std::visit([&](const auto& typed) { predict_model(typed, input, probabilities, threads, write); },
             model);
}

}  // namespace nabla
