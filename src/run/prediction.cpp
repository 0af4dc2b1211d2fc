// SPDX-License-Identifier: MIT
#include "run/prediction.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/engine/executor.h"

#include "base/input_stream.h"
#include "base/option_values.h"
#include "data/csv.h"
#include "data/csv_dialect.h"
#include "data/csv_tokens.h"
#include "data/input_names.h"
#include "data/source.h"
#include "model/output_layer.h"
#include "run/columns.h"
#include "train/checked_rows.h"

namespace nabla {

namespace {

constexpr const char* kStandardInput = "standard input";

DataSource source_of(const PredictionInput& input) {
  if (input.source) return *input.source;
  if (input.name == "-") return DataSource::kCsv;
  const std::string start = start_of(input.name, 16);
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
  Dataset rows = traits.read_features(input.name, inputs);
  if (rows.origin.empty()) rows.origin = RowOrigin({{.name = input.name}});
  return rows;
}

CsvTokens open_input(const PredictionInput& input) {
  if (input.name != "-") return open_csv(input.name, input.format);
  return {read_from(InputStream::standard_input(kStandardInput)), kStandardInput, input.format,
          CsvTokens::Judged::kArrived};
}

/// Returns the text as a cell of a table with this separator.
std::string cell_of(const std::string& text, const CsvDialect& dialect) {
  const bool is_plain = text.find(dialect.separator) == std::string::npos;
  const std::string cell = csv_cell(text);
  return is_plain || cell != text ? cell : '"' + text + '"';
}

template <class Number>
std::string cell_of(Number number, const CsvDialect& dialect) {
  std::string cell = write_number(number);
  std::ranges::replace(cell, '.', dialect.decimal);
  return cell;
}

/// Returns "1" for each label that the outputs give to the row, "0" for the others.
std::vector<std::string> labels_of(std::span<const double> outputs) {
  std::vector<std::string> labels;
  for (const double output : outputs) labels.push_back(has_label(output) ? "1" : "0");
  return labels;
}

/// Writes one line per row of some rows after the other.
template <class T>
class Predictor {
 public:
  Predictor(const Model<T>& model, bool probabilities, std::size_t threads, const WriteText& write)
      : model_(model),
        probabilities_(probabilities),
        executor_(make_executor(threads)),
        predictor_(model, *executor_),
        write_(write) {
    if (probabilities && model.task == Task::kRegression)
      throw ConfigError("--proba: the model is a regression, expected a classification");
  }

  /// Begins the text with a header of the predictions alone.
  void begin() {
    if (!probabilities_) return;
    add_cells(headings());
    text_ += '\n';
  }

  /// The rows to come follow the columns of this table.
  void begin_after(const CsvLayout& layout) {
    dialect_ = layout.dialect;
    if (layout.header.empty()) return;
    text_ += layout.header_text + dialect_.separator;
    add_cells(headings());
    text_ += '\n';
  }

  /// Predicts the rows piece by piece, so that their outputs take bounded memory; `texts` begin
  /// their lines, if there are any.
  void add(const Dataset& rows, std::span<const std::string> texts = {}) {
    const std::size_t outputs = model_.network.topology().outputs();
    const std::size_t most = std::max<std::size_t>(kMostOutputs / outputs, 1);
    for (std::size_t first = 0; first < rows.rows(); first += most) {
      const std::size_t count = std::min(most, rows.rows() - first);
      add_piece(slice(rows, first, count), texts.empty() ? texts : texts.subspan(first, count));
    }
  }

 private:
  /// Outputs of a model that are in memory at once.
  static constexpr std::size_t kMostOutputs = std::size_t{1} << 20;

  void add_piece(const Dataset& rows, std::span<const std::string> texts) {
    const auto [prediction, not_finite] = predictor_.predict(rows);
    require_finite_rows(not_finite, rows, kRowsToPredict);
    const auto& [outputs, classes] = prediction;
    for (std::size_t row = 0; row < outputs.rows(); ++row) {
      if (!texts.empty()) text_ += texts[row] + dialect_.separator;
      if (probabilities_ || model_.task == Task::kRegression)
        add_outputs(outputs.row(row));
      else if (model_.task == Task::kMultiLabel)
        add_cells(labels_of(outputs.row(row)));
      else if (texts.empty())
        text_ += model_.classes[classes[row]];
      else
        text_ += cell_of(model_.classes[classes[row]], dialect_);
      text_ += '\n';
    }
    write_(text_);
    text_.clear();
  }

  /// Names of the columns that are predicted.
  std::vector<std::string> headings() const {
    const std::size_t outputs = model_.network.topology().outputs();
    if (probabilities_)
      return model_.task == Task::kClassification ? model_.classes
                                                  : model_.columns.target_names(outputs);
    if (model_.task == Task::kClassification || outputs == 1) return {"prediction"};
    std::vector<std::string> names = model_.columns.target_names(outputs);
    for (std::string& name : names) name.insert(0, "prediction of ");
    return names;
  }

  /// Writes numbers that read back as the same values: in the network's precision unless they were
  /// mapped back from it into another unit.
  void add_outputs(std::span<const double> outputs) {
    if (model_.preprocess.targets.is_identity()) {
      std::vector<T> numbers;
      for (const double output : outputs) numbers.push_back(static_cast<T>(output));
      add_cells(numbers);
    } else {
      add_cells(outputs);
    }
  }

  void add_cells(const auto& values) {
    bool is_first = true;
    for (const auto& value : values) {
      if (!is_first) text_ += dialect_.separator;
      text_ += cell_of(value, dialect_);
      is_first = false;
    }
  }

  const Model<T>& model_;
  bool probabilities_;
  std::unique_ptr<Executor> executor_;
  CheckedPredictor<T> predictor_;
  const WriteText& write_;
  CsvDialect dialect_;
  std::string text_;
};

/// Gives the rows the names of the columns that they are taken for, for errors.
template <class T>
void name_columns(const Model<T>& model, Dataset& rows) {
  rows.columns = model.columns;
  rows.one_hot = model.one_hot;
}

template <class T>
void predict_model(const Model<T>& model, const PredictionInput& input,
                   const PredictedColumns& columns, std::size_t threads, const WriteText& write) {
  Predictor<T> predictor(model, columns.probabilities, threads, write);
  if (!columns.append) predictor.begin();
  const std::size_t inputs = model.preprocess.features(model.network.topology().inputs());
  const DataSourceTraits& traits = traits_of(source_of(input));
  if (traits.has_columns) {
    CsvFeatures features(open_input(input), model.columns, model.one_hot, inputs,
                         !model.preprocess.missing.is_identity(), input.unknown_category);
    if (columns.append) {
      features.keep_texts();
      predictor.begin_after(features.layout());
    }
    Dataset rows;
    name_columns(model, rows);
    while (std::optional<Dataset::Features> block = features.next()) {
      rows.features = *std::move(block);
      rows.origin = features.places().origin();
      predictor.add(rows, features.texts());
    }
    return;
  }
  if (columns.append)
    throw ConfigError("--append: " + input.name + " is " + std::string(traits.name) +
                      ", expected a CSV file, whose columns can be written");
  Dataset rows = read_rows(input, traits, inputs);
  name_columns(model, rows);
  if (rows.inputs() != inputs)
    throw DataError(input.name + ": " + std::to_string(rows.inputs()) +
                    " features per row, expected the model's " + std::to_string(inputs));
  if (input.on_warning)
    for (const std::string& warning : rows.warnings) input.on_warning(warning);
  predictor.add(rows);
}

}  // namespace

void predict_rows(const AnyModel& model, const PredictionInput& input,
                  const PredictedColumns& columns, std::size_t threads, const WriteText& write) {
  std::visit([&](const auto& typed) { predict_model(typed, input, columns, threads, write); },
             model);
}

}  // namespace nabla
