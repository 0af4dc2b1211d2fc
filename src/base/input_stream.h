// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/descriptor.h"
#include "base/gzip.h"

namespace nabla {

/// Bytes that one read of a stream asks for.
inline constexpr std::size_t kStreamChunk = std::size_t{1} << 18;

/// The content of a file from its start to its end, in bounded memory. A gzip stream, recognised
/// from its first two bytes, is decompressed. Not copyable; used by one thread.
class InputStream {
 public:
  /// Throws DataError naming the file when it is missing, a folder or unreadable.
  static InputStream open(const std::filesystem::path& path);
  /// The same from a descriptor at the start of its file; `name` stands for the file in errors.
  InputStream(Descriptor file, const struct stat& status, std::string name);
  /// Standard input, which errors call `name`.
  static InputStream standard_input(std::string name);

  const std::string& name() const { return name_; }
  /// The size of a regular file that is not compressed, else unset. Waits for its first bytes.
  std::optional<std::size_t> content_size();

  /// Writes the next bytes to the start of `out` and returns how many: all that has arrived, or as
  /// many as fit; 0 at the end. Waits where nothing has arrived yet. Throws DataError where the
  /// file cannot be read or is a truncated or damaged gzip stream.
  std::size_t read(std::span<std::byte> out);

 private:
  std::size_t read_file(std::span<std::byte> out);
  void recognise();

  std::string name_;
  Descriptor file_;
  std::optional<std::size_t> stored_size_;
  bool recognised_ = false;
  std::unique_ptr<GzipReader> gzip_;
  std::unique_ptr<std::byte[]> buffer_;
  std::span<const std::byte> buffered_;
};

}  // namespace nabla
