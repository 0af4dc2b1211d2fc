// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>

#include "nabla/model/model.h"

namespace nabla {

// A command takes a model as a model file, a checkpoint or the folder of a run.

/// Returns the file that holds the run's model: model.safetensors, else, as an interrupted run
/// leaves none, the newest checkpoint that is good. Returns nullopt if the folder has none of them.
/// Throws DataError if no checkpoint is good.
std::optional<std::filesystem::path> model_file_in(const std::filesystem::path& folder);

/// Returns the model_file_in a folder; other paths are returned as they are. Throws DataError if
/// the folder holds no model.
std::filesystem::path model_file(const std::filesystem::path& model);

/// Returns the folder of the run that the model, named as for model_file, is of.
std::filesystem::path folder_of_model(const std::filesystem::path& model);

/// load_trained_model from the model_file.
AnyModel open_model(const std::filesystem::path& model);

}  // namespace nabla
