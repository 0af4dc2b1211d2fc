// SPDX-License-Identifier: MIT
#include "experiment/metrics_file.h"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>

#include "experiment/option_values.h"

namespace nabla {

namespace {

std::string cells(const std::optional<Score>& score) {
  if (!score) return ",,";
  return "," + write_number(score->cost) + "," + write_number(score->accuracy);
}

}  // namespace

MetricsFile::MetricsFile(const std::filesystem::path& path)
    : path_(path),
      descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), path.string());
  write(
      "epoch,seconds,samples_per_second,learning_rate,train_cost,train_accuracy,validation_cost,"
      "validation_accuracy,test_cost,test_accuracy\n");
}

MetricsFile::~MetricsFile() { ::close(descriptor_); }

void MetricsFile::append(const EpochReport& report) {
  write(std::to_string(report.epoch) + "," + write_number(report.seconds) + "," +
        write_number(report.samples_per_second) + "," + write_number(report.learning_rate) +
        cells(report.train) + cells(report.validation) + cells(report.test) + "\n");
}

void MetricsFile::write(const std::string& line) {
  for (std::size_t done = 0; done < line.size();) {
    const ssize_t count = ::write(descriptor_, line.data() + done, line.size() - done);
    if (count > 0) done += static_cast<std::size_t>(count);
    if (count < 0 && errno != EINTR)
      throw std::system_error(errno, std::generic_category(), path_.string());
  }
}

}  // namespace nabla
