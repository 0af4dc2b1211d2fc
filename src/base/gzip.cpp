// SPDX-License-Identifier: MIT
#include "base/gzip.h"

#include <new>
#include <utility>

#include "nabla/base/error.h"

namespace nabla {

namespace {

constexpr std::size_t kBufferSize = std::size_t{1} << 18;
/// zlib's window of 2^15 bytes; 16 more asks for the gzip wrapper and nothing else.
constexpr int kGzipWindowBits = 15 + 16;

}  // namespace

bool is_gzip(std::span<const std::byte> start) {
  return start.size() >= 2 && start[0] == std::byte{0x1f} && start[1] == std::byte{0x8b};
}

void throw_too_large(const std::string& name, std::size_t limit) {
  throw DataError(name + ": the content is too large; expected at most " + std::to_string(limit) +
                  " bytes");
}

GzipReader::GzipReader(std::string name, std::size_t limit)
    : name_(std::move(name)),
      limit_(limit),
      buffer_(std::make_unique_for_overwrite<std::byte[]>(kBufferSize)) {
  if (inflateInit2(&stream_, kGzipWindowBits) != Z_OK) throw std::bad_alloc();
}

GzipReader::~GzipReader() { inflateEnd(&stream_); }

void GzipReader::append(std::size_t count) {
  if (count > limit_ - content_.size()) throw_too_large(name_, limit_);
  content_.insert(content_.end(), buffer_.get(), buffer_.get() + count);
}

void GzipReader::feed(std::span<const std::byte> compressed) {
  if (compressed.empty()) return;
  // zlib's interface predates const; it does not write through next_in.
  stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(compressed.data()));
  stream_.avail_in = static_cast<uInt>(compressed.size());
  do {
    if (member_ended_) {
      inflateReset(&stream_);
      member_ended_ = false;
    }
    stream_.next_out = reinterpret_cast<Bytef*>(buffer_.get());
    stream_.avail_out = static_cast<uInt>(kBufferSize);
    const int status = inflate(&stream_, Z_NO_FLUSH);
    append(kBufferSize - stream_.avail_out);
    if (status == Z_STREAM_END) {
      member_ended_ = true;
      if (stream_.avail_in == 0) break;
    } else if (status == Z_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (status != Z_OK && status != Z_BUF_ERROR) {  // the latter: all input is used up
      const std::size_t offset = consumed_ + compressed.size() - stream_.avail_in;
      throw DataError(name_ + ": byte " + std::to_string(offset) + ": damaged gzip stream (" +
                      (stream_.msg != nullptr ? stream_.msg : "unknown fault") +
                      "); expected whole gzip members and nothing after them");
    }
  } while (stream_.avail_in > 0 || stream_.avail_out == 0);
  consumed_ += compressed.size();
}

std::vector<std::byte> GzipReader::finish() {
  if (!member_ended_)
    throw DataError(name_ + ": byte " + std::to_string(consumed_) +
                    ": truncated gzip stream; expected more compressed data and its checksum");
  return std::move(content_);
}

}  // namespace nabla
