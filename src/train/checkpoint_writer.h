// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "nabla/train/train_state.h"
#include "nabla/train/trainer.h"

namespace nabla {

/// Writes checkpoints on a thread of its own, so that training goes on meanwhile: the training
/// thread only copies the state. If it is faster than the disk, the newest state counts.
template <class T>
class CheckpointWriter {
 public:
  /// A checkpoint becomes `path`, and what was there becomes `previous_path`. `configuration`,
  /// `data` and `model` are kept in each checkpoint; `before_write` is called on the writer's
  /// thread before each one.
  CheckpointWriter(std::filesystem::path path, std::filesystem::path previous_path,
                   std::string configuration, std::string data, std::string model,
                   std::function<void()> before_write);
  /// Waits until the last checkpoint is written.
  ~CheckpointWriter();
  CheckpointWriter(const CheckpointWriter&) = delete;
  CheckpointWriter& operator=(const CheckpointWriter&) = delete;

  /// The trainer's state becomes the next checkpoint, in place of one that waits.
  void write(const Trainer<T>& trainer);
  /// Waits until the last checkpoint is written or has failed.
  void finish();
  /// Returns a line for each checkpoint that could not be written since the last call.
  std::vector<std::string> take_errors();

 private:
  void run();
  void write_file(const TrainState<T>& state);

  std::filesystem::path path_;
  std::filesystem::path previous_path_;
  std::string configuration_;
  std::string data_;
  std::string model_;
  std::function<void()> before_write_;
  std::mutex mutex_;
  std::condition_variable changed_;
  TrainState<T> waiting_;
  bool has_waiting_ = false;
  bool is_writing_ = false;
  bool is_ending_ = false;
  std::vector<std::string> errors_;
  std::thread thread_;  ///< last, as it uses all of the above
};

}  // namespace nabla
