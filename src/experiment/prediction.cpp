// SPDX-License-Identifier: MIT
#include "experiment/prediction.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "nabla/base/error.h"
#include "nabla/data/cifar10.h"
#include "nabla/data/idx.h"
#include "nabla/engine/executor.h"
#include "nabla/train/evaluation.h"

#include "base/input_stream.h"
#include "base/mapped_file.h"
#include "base/option_values.h"
#include "data/csv_features.h"
#include "data/csv_tokens.h"
#include "data/libsvm.h"
#include "data/npy.h"
#include "data/npz.h"
#include "data/pickle.h"

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

/// All rows of a file that is no CSV.
Dataset read_rows(const PredictionInput& input, DataSource source, std::size_t inputs) {
  if (input.name == "-")
    throw ConfigError(
        "-: another format on standard input, expected CSV there or the name of a file");
  const std::filesystem::path path = input.name;
  if (source == DataSource::kCifar10) return read_cifar10({&path, 1});
  if (source == DataSource::kIdx) return read_idx_features(path);
  const FileBytes file = map_file(path);
  if (source == DataSource::kNpz && is_npy(file.bytes))
    return numpy_features(parse_npy(file, input.name));
  if (source == DataSource::kNpz) return read_npz_features(file, input.name);
  if (source == DataSource::kPkl) return read_pkl_features(file, input.name);
  const std::string_view text(reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size());
  return parse_libsvm_features(text, input.name, inputs);
}

CsvTokens open_input(const std::string& name) {
  if (name != "-") return open_csv(name);
  return {read_from(InputStream::standard_input(kStandardInput)), kStandardInput};
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
      text_ += cell(model.classes[i]) + (i + 1 < model.classes.size() ? "," : "\n");
  }

  void add(const Dataset& rows) {
    const Matrix<T> outputs = predict(model_, rows, *executor_);
    for (std::size_t row = 0; row < outputs.rows(); ++row)
      if (std::ranges::any_of(outputs.row(row), [](T a) { return std::isnan(a); }))
        throw DataError(name_ + ": row " + std::to_string(rows_ + row + 1) +
                        ": its prediction is NaN, expected features near those trained on");
    if (as_classes_) {
      for (const std::uint32_t label : predicted_classes(outputs.view()))
        text_ += model_.classes[label] + "\n";
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
  const DataSource source = source_of(input, read_start(input.name));
  if (source == DataSource::kCsv) {
    CsvFeatures features(open_input(input.name), input.header, model.columns, model.one_hot,
                         inputs);
    Dataset rows;
    while (std::optional<FeatureMatrix<double>> block = features.next()) {
      rows.features = *std::move(block);
      predictor.add(rows);
    }
    return;
  }
  const Dataset rows = read_rows(input, source, inputs);
  if (rows.inputs() != inputs)
    throw DataError(input.name + ": " + std::to_string(rows.inputs()) +
                    " features per row, expected the model's " + std::to_string(inputs));
  predictor.add(rows);
}

}  // namespace

void predict_rows(const AnyModel& model, const PredictionInput& input, bool probabilities,
                  std::size_t threads, const WriteText& write) {
  std::visit([&](const auto& typed) { predict_model(typed, input, probabilities, threads, write); },
             model);
}

}  // namespace nabla
