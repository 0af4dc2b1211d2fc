// SPDX-License-Identifier: MIT
#include "export/export.h"

#include <string>
#include <string_view>
#include <variant>

#include "nabla/base/error.h"

#include "base/option_values.h"
#include "base/output_file.h"
#include "data/input_names.h"
#include "export/npz.h"
#include "export/onnx.h"
#include "export/sequential.h"

namespace nabla {

namespace {

/// Returns the steps before and behind the network that belong to the model, by their keys.
template <class T>
std::vector<std::string> steps_around(const Model<T>& model) {
  std::vector<std::string> steps;
  if (!model.one_hot.empty()) {
    const std::vector<std::size_t> features = model.columns.features();
    std::vector<std::string> columns;
    for (const OneHotColumn& column : model.one_hot.columns)
      columns.push_back(column_name(model.columns, features[column.feature]));
    steps.push_back("data.one-hot = " + join(columns));
  }
  if (!model.preprocess.missing.is_identity())
    steps.push_back("data.missing = " + std::string(name_of(model.preprocess.missing.kind)));
  if (model.preprocess.kind != Normalization::kNone)
    steps.push_back("data.normalize = " + std::string(name_of(model.preprocess.kind)));
  if (!model.preprocess.targets.is_identity()) steps.push_back("data.standardize-targets = yes");
  return steps;
}

/// Returns the warning that the file has the network alone, if that is not the whole model.
template <class T>
std::vector<std::string> left_out(const Model<T>& model, const std::string& file) {
  const std::vector<std::string> steps = steps_around(model);
  if (steps.empty()) return {};
  return {file + ": holds the network alone, without " + join(steps, "; ") +
          ", which .onnx would hold"};
}

}  // namespace

namespace {

/// A format with the ending of its files.
enum class ExportFormat { kNpz, kOnnx, kSafetensors };

ExportFormat format_of(const std::filesystem::path& file, const ExportOptions& options) {
  const std::string ending = file.extension();
  if (ending == ".safetensors") return ExportFormat::kSafetensors;
  if (ending != ".npz" && ending != ".onnx")
    throw ConfigError(file.string() + ": expected a file ending in .onnx, .npz or .safetensors");
  if (options.names != ExportNames::kNabla)
    throw ConfigError("--names: " + file.string() +
                      " has no names to choose, expected a file ending in .safetensors");
  return ending == ".npz" ? ExportFormat::kNpz : ExportFormat::kOnnx;
}

template <class T>
std::string bytes_in(ExportFormat format, const Model<T>& model, const ExportOptions& options) {
  switch (format) {
    case ExportFormat::kNpz:
      return npz_bytes(model.network);
    case ExportFormat::kOnnx:
      return onnx_bytes(model, options.unknown_category);
    case ExportFormat::kSafetensors:
      break;
  }
  return options.names == ExportNames::kSequential ? sequential_bytes(model)
                                                   : serialize_model(model);
}

}  // namespace

std::vector<std::string> export_model(const AnyModel& model, const std::filesystem::path& file,
                                      const ExportOptions& options) {
  const ExportFormat format = format_of(file, options);
  const bool is_whole = format == ExportFormat::kOnnx || (format == ExportFormat::kSafetensors &&
                                                          options.names == ExportNames::kNabla);
  return std::visit(
      [&](const auto& typed) -> std::vector<std::string> {
        write_output(file, bytes_in(format, typed, options));
        return is_whole ? std::vector<std::string>() : left_out(typed, file);
      },
      model);
}

}  // namespace nabla
