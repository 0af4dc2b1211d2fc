// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "nabla/data/data_options.h"
#include "nabla/model/model.h"

namespace nabla {

/// How the tensors of an exported .safetensors file are called.
enum class ExportNames {
  kNabla,       ///< as in a model file, which it is then
  kSequential,  ///< as in a torch.nn.Sequential
};

struct ExportOptions {
  ExportNames names = ExportNames::kNabla;
  /// What a category that the model does not know becomes in an .onnx file.
  UnknownCategory unknown_category = UnknownCategory::kError;
};

/// Writes the model to a file in the format of its ending, .onnx, .npz or .safetensors. The file is
/// replaced as a whole or not at all. Returns what the user should know of it, one line each: parts
/// of the model that the format does not hold. Throws ConfigError if the ending is another or has
/// no names to choose and as onnx_bytes does, and std::system_error naming the path.
std::vector<std::string> export_model(const AnyModel& model, const std::filesystem::path& file,
                                      const ExportOptions& options);

}  // namespace nabla
