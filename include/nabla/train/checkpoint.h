// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/train/train_state.h"

namespace nabla {

/// A checkpoint file whose checksum was right.
struct CheckpointFile {
  std::string name;  ///< stands for the file in errors
  std::vector<std::byte> content;
  /// The texts that the writer kept beside the state, to know the experiment and its data by.
  std::string configuration;
  std::string data;
};

/// A checkpoint that another version of the program has written.
class CheckpointVersionError : public DataError {
 public:
  using DataError::DataError;
};

/// The state as the bytes of a safetensors file; docs/file-formats.md says what is in it. Equal
/// states give equal bytes. `configuration` and `data` must be UTF-8.
template <class T>
std::string serialize_checkpoint(const TrainState<T>& state, std::string_view configuration = "",
                                 std::string_view data = "");

/// Throws CheckpointVersionError if it is of another version, DataError if it is truncated, has
/// another checksum or is not a checkpoint.
CheckpointFile parse_checkpoint(std::vector<std::byte> content, const std::string& name);
CheckpointFile read_checkpoint(const std::filesystem::path& path);

/// The state in a checkpoint. Throws DataError if it was made in another precision, or was not
/// written by this version.
template <class T>
TrainState<T> state_in(const CheckpointFile& file);

/// serialize_checkpoint to a file, which is replaced as a whole or not at all.
template <class T>
void save_checkpoint(const TrainState<T>& state, const std::filesystem::path& path);

/// state_in(read_checkpoint(path))
template <class T>
TrainState<T> load_checkpoint(const std::filesystem::path& path);

}  // namespace nabla
