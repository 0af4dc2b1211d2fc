// SPDX-License-Identifier: MIT
#include "run/metrics_file.h"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <system_error>
#include <unistd.h>

#include "base/option_values.h"
#include "run/columns.h"

namespace nabla {

namespace {

std::string header() {
  return "epoch,seconds,samples_per_second,learning_rate," + score_header() + "\n";
}

/// The header and the lines of the first epochs, as far as they are there, whole and in order.
std::string first_lines(const std::filesystem::path& path, std::size_t epochs, std::size_t& count) {
  std::ifstream stream(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!text.starts_with(header())) return "";
  std::size_t end = header().size();
  for (count = 0; count < epochs; ++count) {
    const std::size_t line_end = text.find('\n', end);
    if (line_end == std::string::npos || text.compare(end, std::to_string(count + 1).size() + 1,
                                                      std::to_string(count + 1) + ",") != 0)
      break;
    end = line_end + 1;
  }
  return text.substr(0, end);
}

}  // namespace

MetricsFile::MetricsFile(const std::filesystem::path& path, std::size_t epochs)
    : path_(path), descriptor_(-1) {
  const std::string kept = epochs > 0 ? first_lines(path, epochs, kept_) : "";
  descriptor_ =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | (kept.empty() ? O_TRUNC : 0), 0666);
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), path.string());
  const auto size = static_cast<off_t>(kept.size());
  if (kept.empty()) {
    unwritten_ = header();
  } else if (::ftruncate(descriptor_, size) != 0 || ::lseek(descriptor_, size, SEEK_SET) < 0) {
    const int error = errno;
    ::close(descriptor_);
    throw std::system_error(error, std::generic_category(), path.string());
  }
  try {
    flush();
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

MetricsFile::~MetricsFile() { ::close(descriptor_); }

void MetricsFile::append(const EpochReport& report) {
  unwritten_ += std::to_string(report.epoch) + "," + write_number(report.seconds) + "," +
                write_number(report.samples_per_second) + "," + write_number(report.learning_rate) +
                "," + score_cells(scores_of(report)) + "\n";
  flush();
}

void MetricsFile::flush() {
  while (!unwritten_.empty()) {
    const ssize_t count = ::write(descriptor_, unwritten_.data(), unwritten_.size());
    if (count > 0) unwritten_.erase(0, static_cast<std::size_t>(count));
    if (count < 0 && errno != EINTR)
      throw std::system_error(errno, std::generic_category(), path_.string());
  }
}

void MetricsFile::sync() const { ::fdatasync(descriptor_); }

}  // namespace nabla
