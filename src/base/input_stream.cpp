// SPDX-License-Identifier: MIT
#include "base/input_stream.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <limits>
#include <new>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "nabla/base/error.h"

#include "base/memory.h"

namespace nabla {

namespace {

/// zlib's window has 2^15 bytes; 16 more asks for the gzip wrapper and nothing else.
constexpr int kGzipWindowBits = 15 + 16;

/// Returns a size that zlib can count.
uInt zlib_size(std::size_t size) {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

/// Returns the limit, but at most half of the machine's memory: the content is converted into a
/// second copy, which would not fit beside a larger one.
std::size_t memory_limit(std::size_t limit) { return std::min(limit, physical_memory() / 2); }

}  // namespace

void throw_unreadable(const std::string& name, int error) {
  if (error == ENOMEM) throw std::bad_alloc();
  throw DataError(name + ": " + std::generic_category().message(error) +
                  "; expected a readable file");
}

Descriptor open_readable(const std::filesystem::path& path, struct stat& status) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid() || ::fstat(file.get(), &status) != 0) throw_unreadable(path.string(), errno);
  if (S_ISDIR(status.st_mode)) throw_unreadable(path.string(), EISDIR);
  return file;
}

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
    } else if (status == Z_BUF_ERROR) {  // zlib has used up its input
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

namespace {

std::optional<std::size_t> size_of(const struct stat& status) {
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  return static_cast<std::size_t>(status.st_size);
}

}  // namespace

InputStream::InputStream(Descriptor file, const struct stat& status, std::string name)
    : name_(std::move(name)),
      file_(std::move(file)),
      stored_size_(size_of(status)),
      buffer_(std::make_unique_for_overwrite<std::byte[]>(kStreamChunk)) {}

InputStream InputStream::open(const std::filesystem::path& path) {
  struct stat status {};
  Descriptor file = open_readable(path, status);
  return {std::move(file), status, path.string()};
}

InputStream InputStream::standard_input(std::string name) {
  // The stream gets a descriptor of its own, so that closing it leaves standard input open.
  Descriptor file(::dup(STDIN_FILENO));
  struct stat status {};
  if (!file.valid() || ::fstat(file.get(), &status) != 0) throw_unreadable(name, errno);
  return {std::move(file), status, std::move(name)};
}

/// Reads the bytes that have arrived, waits if there are none, and returns their number; 0 at the
/// end.
std::size_t InputStream::read_file(std::span<std::byte> out) {
  for (;;) {
    const ssize_t got = ::read(file_.get(), out.data(), out.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) throw_unreadable(name_, errno);
  }
}

/// Reads the first bytes, at least two if the file has two, and finds out whether they are gzip's.
void InputStream::recognise() {
  std::size_t filled = 0;
  do {
    const std::size_t got = read_file({buffer_.get() + filled, kStreamChunk - filled});
    filled += got;
    if (got == 0) break;
  } while (filled < 2);
  buffered_ = {buffer_.get(), filled};
  if (is_gzip(buffered_)) gzip_ = std::make_unique<GzipReader>(name_);
  recognised_ = true;
}

std::optional<std::size_t> InputStream::content_size() {
  if (!recognised_) recognise();
  return gzip_ == nullptr ? stored_size_ : std::nullopt;
}

std::size_t InputStream::read(std::span<std::byte> out) {
  if (!recognised_) recognise();
  if (out.empty()) return 0;
  if (gzip_ == nullptr) {
    if (buffered_.empty()) return read_file(out);
    const std::size_t count = std::min(out.size(), buffered_.size());
    std::ranges::copy(buffered_.first(count), out.begin());
    buffered_ = buffered_.subspan(count);
    return count;
  }
  for (;;) {
    const std::size_t count = gzip_->inflate(buffered_, out);
    if (count > 0) return count;
    buffered_ = {buffer_.get(), read_file({buffer_.get(), kStreamChunk})};
    if (!buffered_.empty()) continue;
    gzip_->finish();
    return 0;
  }
}

std::vector<std::byte> read_file(Descriptor file, const struct stat& status, std::string name,
                                 std::size_t limit) {
  limit = memory_limit(limit);
  InputStream stream(std::move(file), status, std::move(name));
  const auto throw_too_large = [&] {
    throw DataError(stream.name() + ": the content is too large; expected at most " +
                    std::to_string(limit) + " bytes");
  };
  std::vector<std::byte> content;
  if (const auto size = stream.content_size()) {
    if (*size > limit) throw_too_large();
    content.reserve(*size);
  }
  const auto buffer = std::make_unique_for_overwrite<std::byte[]>(kStreamChunk);
  while (const std::size_t got = stream.read({buffer.get(), kStreamChunk})) {
    if (got > limit - content.size()) throw_too_large();
    content.insert(content.end(), buffer.get(), buffer.get() + got);
  }
  return content;
}

}  // namespace nabla
