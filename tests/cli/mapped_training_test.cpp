// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>
#include <gtest/gtest.h>
#include <string>
#include <thread>

#include "support/files.h"
#include "support/program.h"
#include "support/sanitizers.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

constexpr std::size_t kRows = 80'000;
constexpr std::size_t kPixels = 28 * 28;

std::string header(char type, std::size_t rows, std::initializer_list<char> sizes) {
  std::string text = {0,
                      0,
                      8,
                      type,
                      0,
                      static_cast<char>(rows >> 16),
                      static_cast<char>(rows >> 8),
                      static_cast<char>(rows)};
  for (const char size : sizes) text += {0, 0, 0, size};
  return text;
}

/// 63 MB of images of three classes.
std::string images() {
  std::string text = header(3, kRows, {28, 28});
  text.reserve(text.size() + kRows * kPixels);
  for (std::size_t row = 0; row < kRows; ++row)
    for (std::size_t pixel = 0; pixel < kPixels; ++pixel)
      text += static_cast<char>((row + pixel * (row % 3 + 1)) % 251);
  return text;
}

std::string labels() {
  std::string text = header(1, kRows, {});
  for (std::size_t row = 0; row < kRows; ++row) text += static_cast<char>(row % 3);
  return text;
}

/// Anonymous memory of a running program in MB; negative if it has ended. Until it is loaded,
/// the process is a copy of this one and its memory does not count.
double anonymous_megabytes(pid_t id) {
  const std::string status = read_text("/proc/" + std::to_string(id) + "/status");
  const std::size_t at = status.find("RssAnon:");
  if (at == std::string::npos) return -1;
  return status.starts_with("Name:\tnabla\n") ? std::stod(status.substr(at + 8)) / 1024 : 0;
}

/// Trains on the file of images and returns the most anonymous memory that was seen, in MB.
double train_on(const std::string& images, const TempFolder& folder, const std::string& run) {
  Program program(
      {"train", "--data.source=idx", "--data.train=" + images, "--data.train-labels=labels",
       "--data.validation=0.25", "--data.validation-shuffle=yes", "--data.limit=50000",
       "--network.hidden=2", "-e", "2", "-q", "-o", run},
      folder.path());
  double most = 0;
  for (double now = 0; now >= 0; now = anonymous_megabytes(program.id())) {
    most = std::max(most, now);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const ProgramResult result = program.wait();
  EXPECT_EQ(result.code, 0) << result.err;
  return most;
}

TEST(MappedTraining, HoldsNoFeaturesAndGivesTheModelOfTrainingFromMemory) {
  if (NABLA_SANITIZED) GTEST_SKIP() << "a sanitizer's own memory would be counted";
  if (read_text("/proc/self/status").find("RssAnon:") == std::string::npos)
    GTEST_SKIP() << "no RssAnon in /proc/self/status";
  const TempFolder folder;
  folder.write("labels", labels());
  {
    const std::string text = images();
    folder.write("mapped", text);
    folder.write("packed", gzip(text));
  }
  EXPECT_LT(train_on("mapped", folder, "from-file"), 32);
  EXPECT_GT(train_on("packed", folder, "from-memory"), 60) << "what the bound above means";
  const std::string model = read_text(folder.path() / "from-memory/model.safetensors");
  EXPECT_GT(model.size(), 1000U);
  EXPECT_EQ(read_text(folder.path() / "from-file/model.safetensors"), model);
}

}  // namespace
}  // namespace nabla
