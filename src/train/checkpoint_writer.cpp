// SPDX-License-Identifier: MIT
#include "train/checkpoint_writer.h"

#include <exception>
#include <span>
#include <utility>

#include "nabla/train/checkpoint.h"

#include "base/file.h"
#include "base/memory.h"

namespace nabla {

template <class T>
CheckpointWriter<T>::CheckpointWriter(std::filesystem::path path,
                                      std::filesystem::path previous_path,
                                      std::string configuration, std::string data,
                                      std::string model, std::function<void()> before_write)
    : path_(std::move(path)),
      previous_path_(std::move(previous_path)),
      configuration_(std::move(configuration)),
      data_(std::move(data)),
      model_(std::move(model)),
      before_write_(std::move(before_write)),
      thread_([this] { run(); }) {}

template <class T>
CheckpointWriter<T>::~CheckpointWriter() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

template <class T>
void CheckpointWriter<T>::write(const Trainer<T>& trainer) {
  {
    const std::lock_guard lock(mutex_);
    trainer.copy_state(waiting_);
    has_waiting_ = true;
  }
  changed_.notify_all();
}

template <class T>
void CheckpointWriter<T>::finish() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !has_waiting_ && !is_writing_; });
}

template <class T>
std::vector<std::string> CheckpointWriter<T>::take_errors() {
  const std::lock_guard lock(mutex_);
  return std::exchange(errors_, {});
}

template <class T>
void CheckpointWriter<T>::run() {
  TrainState<T> state;
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return has_waiting_ || is_ending_; });
    if (!has_waiting_) return;
    // The arrays change hands, so that both sides keep theirs.
    std::swap(state, waiting_);
    has_waiting_ = false;
    is_writing_ = true;
    lock.unlock();
    std::string error;
    try {
      write_file(state);
    } catch (const std::exception& caught) {
      error = is_out_of_memory(caught) ? path_.string() + ": out of memory" : caught.what();
    }
    lock.lock();
    is_writing_ = false;
    if (!error.empty()) errors_.push_back(std::move(error));
    changed_.notify_all();
  }
}

template <class T>
void CheckpointWriter<T>::write_file(const TrainState<T>& state) {
  before_write_();
  const std::string bytes = serialize_checkpoint(state, configuration_, data_, model_);
  replace_file(path_, std::as_bytes(std::span(bytes)), previous_path_);
}

template class CheckpointWriter<float>;
template class CheckpointWriter<double>;

}  // namespace nabla
