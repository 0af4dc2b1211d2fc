// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>
#include <zlib.h>

namespace nabla {

/// Whether the bytes start as a gzip stream does.
bool is_gzip(std::span<const std::byte> start);

/// Decompresses a gzip file that is handed over piece by piece: one member or several, one after
/// the other. Memory grows with what was really decompressed, never with what the stream claims.
/// Not copyable; used by one thread.
class GzipReader {
 public:
  /// `name` stands for the file in errors; more than `limit` decompressed bytes are an error.
  GzipReader(std::string name, std::size_t limit);
  ~GzipReader();
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  /// Throws DataError where the stream is damaged or exceeds the limit.
  void feed(std::span<const std::byte> compressed);
  /// All that was decompressed. Throws DataError where the last member has not ended.
  std::vector<std::byte> finish();

 private:
  void append(std::size_t count);

  std::string name_;
  std::size_t limit_;
  std::size_t consumed_ = 0;
  bool member_ended_ = false;
  z_stream stream_{};
  std::unique_ptr<std::byte[]> buffer_;
  std::vector<std::byte> content_;
};

/// Throws the DataError of a file whose content exceeds `limit` bytes.
[[noreturn]] void throw_too_large(const std::string& name, std::size_t limit);

}  // namespace nabla
