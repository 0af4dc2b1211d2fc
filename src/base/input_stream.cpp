// SPDX-License-Identifier: MIT
#include "base/input_stream.h"

#include <algorithm>
#include <cerrno>
#include <unistd.h>
#include <utility>

namespace nabla {

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
  // A second descriptor, so that closing it leaves standard input alone.
  Descriptor file(::dup(STDIN_FILENO));
  struct stat status {};
  if (!file.valid() || ::fstat(file.get(), &status) != 0) throw_unreadable(name, errno);
  return {std::move(file), status, std::move(name)};
}

/// As many bytes as have arrived; 0 at the end.
std::size_t InputStream::read_file(std::span<std::byte> out) {
  for (;;) {
    const ssize_t got = ::read(file_.get(), out.data(), out.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) throw_unreadable(name_, errno);
  }
}

/// Reads the first bytes, at least two where there are so many.
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

}  // namespace nabla
