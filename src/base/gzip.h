// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <zlib.h>

namespace nabla {

/// Whether the bytes start as a gzip stream does.
bool is_gzip(std::span<const std::byte> start);

/// Decompresses a gzip file that is handed over piece by piece: one member or several, one after
/// the other. Not copyable; used by one thread.
class GzipReader {
 public:
  /// `name` stands for the file in errors.
  explicit GzipReader(std::string name);
  ~GzipReader();
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  /// Decompresses to the start of `out` until that is full or the piece used up; returns the bytes
  /// written and takes what was read off the piece. Zlib may hold more for the next call, which is
  /// so only where `out` became full. Throws DataError where the stream is damaged.
  std::size_t inflate(std::span<const std::byte>& compressed, std::span<std::byte> out);
  /// Throws DataError where the last member has not ended.
  void finish() const;

 private:
  std::string name_;
  std::size_t consumed_ = 0;
  bool member_ended_ = false;
  z_stream stream_{};
};

}  // namespace nabla
