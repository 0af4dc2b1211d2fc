// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "nabla/base/error.h"
#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"

namespace nabla::fuzz {

/// Says what is wrong and ends the process as a crash.
[[noreturn]] void fail(const std::string& what);

/// Ends the process unless the message is one line that is not empty.
void check_message(const std::string& message);

/// Runs `read`, which may only throw a DataError or ConfigError of one line: any other exception
/// ends the process.
template <class Read>
void allow_errors(Read&& read) {
  try {
    read();
  } catch (const DataError& error) {
    check_message(error.what());
  } catch (const ConfigError& error) {
    check_message(error.what());
  }
}

/// Reads every number and ends the process if the data set breaks its promises: as many labels or
/// targets as rows, labels below the number of classes, all numbers finite.
void check_dataset(const Dataset& data);

/// A file in memory with this content; its path is valid as long as the object lives.
class InputFile {
 public:
  explicit InputFile(std::string_view content);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  std::string path() const;

 private:
  int descriptor_;
};

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Reads the data as `nabla train` does and allows every error.
void try_load(const DataOptions& options);

/// Reads the content as the training rows of that source, with the task left open and as a
/// regression, and as rows that a model of so many inputs predicts.
void try_source(DataSource source, std::string_view content, std::size_t inputs);

}  // namespace nabla::fuzz
