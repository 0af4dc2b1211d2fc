// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/model/model.h"
#include "nabla/train/train_state.h"

namespace nabla {

/// A checkpoint file whose checksum was right.
struct CheckpointFile {
  std::string name;  ///< stands for the file in errors
  std::vector<std::byte> content;
  /// The texts that the writer kept beside the state, to know the experiment and its data by.
  std::string configuration;
  std::string data;
  /// The model_text of the model that is trained; empty if the writer kept none.
  std::string model;
};

/// A checkpoint that another version of the program has written.
class CheckpointVersionError : public DataError {
 public:
  using DataError::DataError;
};

/// All of the model but its parameters, as a checkpoint holds it. Throws DataError if a name in it
/// is not UTF-8.
template <class T>
std::string model_text(const Model<T>& model);

/// The state as the bytes of a safetensors file; docs/file-formats.md says what is in it. Equal
/// states give equal bytes. `configuration` and `data` must be UTF-8; `model` is the model_text of
/// the model that is trained, which model_in needs.
template <class T>
std::string serialize_checkpoint(const TrainState<T>& state, std::string_view configuration = "",
                                 std::string_view data = "", std::string_view model = "");

/// Throws CheckpointVersionError if it is of another version, DataError if it is truncated, has
/// another checksum or is not a checkpoint.
CheckpointFile parse_checkpoint(std::vector<std::byte> content, const std::string& name);
CheckpointFile read_checkpoint(const std::filesystem::path& path);

/// The state in a checkpoint. Throws DataError if its parameters are of another type, or it was not
/// written by this version.
template <class T>
TrainState<T> state_in(const CheckpointFile& file);

/// The model that the training would leave if it ended at the checkpoint: after the best epoch so
/// far if that is kept (StopOptions::restore_best), else after the last complete one; before the
/// first the untrained model. Throws DataError as state_in does, and if the checkpoint does not
/// describe its model.
AnyModel model_in(const CheckpointFile& file);

/// Reads a model file, or model_in of a checkpoint file. Throws DataError as load_model does.
AnyModel load_trained_model(const std::filesystem::path& path);

/// load_parameters from a file that it takes, or from model_in of a checkpoint file.
template <class T>
void load_trained_parameters(const std::filesystem::path& path, Network<T>& network);

/// serialize_checkpoint to a file, which is replaced as a whole or not at all.
template <class T>
void save_checkpoint(const TrainState<T>& state, const std::filesystem::path& path);

/// state_in(read_checkpoint(path))
template <class T>
TrainState<T> load_checkpoint(const std::filesystem::path& path);

}  // namespace nabla
