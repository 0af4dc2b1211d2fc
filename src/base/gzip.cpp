// SPDX-License-Identifier: MIT
#include "base/gzip.h"

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

#include "nabla/base/error.h"

namespace nabla {

namespace {

/// zlib's window of 2^15 bytes; 16 more asks for the gzip wrapper and nothing else.
constexpr int kGzipWindowBits = 15 + 16;

/// A size that zlib can count.
uInt zlib_size(std::size_t size) {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

}  // namespace

bool is_gzip(std::span<const std::byte> start) {
  return start.size() >= 2 && start[0] == std::byte{0x1f} && start[1] == std::byte{0x8b};
}

GzipReader::GzipReader(std::string name) : name_(std::move(name)) {
  if (inflateInit2(&stream_, kGzipWindowBits) != Z_OK) throw std::bad_alloc();
}

GzipReader::~GzipReader() { inflateEnd(&stream_); }

std::size_t GzipReader::inflate(std::span<const std::byte>& compressed, std::span<std::byte> out) {
  std::size_t written = 0;
  while (written < out.size()) {
    if (member_ended_) {
      if (compressed.empty()) break;
      inflateReset(&stream_);
      member_ended_ = false;
    }
    const uInt given = zlib_size(compressed.size());
    const uInt room = zlib_size(out.size() - written);
    // zlib's interface predates const; it does not write through next_in.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(compressed.data()));
    stream_.avail_in = given;
    stream_.next_out = reinterpret_cast<Bytef*>(out.data() + written);
    stream_.avail_out = room;
    const int status = ::inflate(&stream_, Z_NO_FLUSH);
    consumed_ += given - stream_.avail_in;
    compressed = compressed.subspan(given - stream_.avail_in);
    written += room - stream_.avail_out;
    if (status == Z_STREAM_END) {
      member_ended_ = true;
    } else if (status == Z_BUF_ERROR) {  // all input is used up
      break;
    } else if (status == Z_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (status != Z_OK) {
      throw DataError(name_ + ": byte " + std::to_string(consumed_) + ": damaged gzip stream (" +
                      (stream_.msg != nullptr ? stream_.msg : "unknown fault") +
                      "); expected whole gzip members and nothing after them");
    }
  }
  return written;
}

void GzipReader::finish() const {
  if (!member_ended_)
    throw DataError(name_ + ": byte " + std::to_string(consumed_) +
                    ": truncated gzip stream; expected more compressed data and its checksum");
}

}  // namespace nabla
