// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <sys/stat.h>
#include <vector>
#include <zlib.h>

#include "base/descriptor.h"

namespace nabla {

/// Opens a file for reading and learns its kind and size. Throws DataError, which names the file,
/// if it is missing, a folder or unreadable.
Descriptor open_readable(const std::filesystem::path& path, struct stat& status);

/// Reads as read_file does, from a descriptor at the start of its file; errors call the file
/// `name`.
std::vector<std::byte> read_file(Descriptor file, const struct stat& status, std::string name,
                                 std::size_t limit);

/// Throws the DataError of a file that cannot be read; `error` is a value of errno.
[[noreturn]] void throw_unreadable(const std::string& name, int error);

/// Returns whether the bytes start as a gzip stream does.
bool is_gzip(std::span<const std::byte> start);

/// Decompresses a gzip file that is handed over piece by piece and has one member or several. Not
/// copyable; used by one thread.
class GzipReader {
 public:
  /// Errors call the file `name`.
  explicit GzipReader(std::string name);
  ~GzipReader();
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  /// Decompresses to the start of `out` until `out` is full or the piece is used up. Returns the
  /// number of bytes written and takes the bytes read off the piece. zlib holds more for the next
  /// call only if `out` became full. Throws DataError if the stream is damaged.
  std::size_t inflate(std::span<const std::byte>& compressed, std::span<std::byte> out);
  /// Throws DataError if the last member has not ended.
  void finish() const;

 private:
  std::string name_;
  std::size_t consumed_ = 0;
  bool member_ended_ = false;
  z_stream stream_{};
};

/// One read of a stream asks for so many bytes.
inline constexpr std::size_t kStreamChunk = std::size_t{1} << 18;

/// The content of a file from its start to its end, in bounded memory. A gzip stream, recognised
/// from its first two bytes, is decompressed. Not copyable; used by one thread.
class InputStream {
 public:
  /// Throws DataError, which names the file, if it is missing, a folder or unreadable.
  static InputStream open(const std::filesystem::path& path);
  /// Takes a descriptor at the start of its file; errors call the file `name`.
  InputStream(Descriptor file, const struct stat& status, std::string name);
  /// Opens standard input, which errors call `name`.
  static InputStream standard_input(std::string name);

  const std::string& name() const { return name_; }
  /// Returns the size of a regular file that is not compressed, else nullopt. Waits for the first
  /// bytes.
  std::optional<std::size_t> content_size();

  /// Writes the next bytes to the start of `out`: all that have arrived, or as many as fit. Returns
  /// their number, 0 at the end. Waits if nothing has arrived yet. Throws DataError if the file
  /// cannot be read or is a truncated or damaged gzip stream.
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
