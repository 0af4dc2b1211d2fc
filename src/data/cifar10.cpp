// SPDX-License-Identifier: MIT
#include "nabla/data/cifar10.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "nabla/base/error.h"

#include "base/mapped_file.h"

namespace nabla {

namespace {

constexpr std::size_t kSide = 32;
constexpr std::size_t kPixels = 3 * kSide * kSide;
constexpr std::size_t kRecord = 1 + kPixels;

const std::vector<std::string> kClasses = {"airplane", "automobile", "bird",  "cat",  "deer",
                                           "dog",      "frog",       "horse", "ship", "truck"};

[[noreturn]] void fail(const std::filesystem::path& path, std::size_t offset,
                       const std::string& message) {
  throw DataError(path.string() + ": byte " + std::to_string(offset) + ": " + message);
}

/// Appends the labels of one file and returns its pixels, which stay where they are.
FeatureMatrix<std::uint8_t> read_records(const std::filesystem::path& path,
                                         std::vector<std::uint32_t>& labels) {
  FileBytes file = map_file(path);
  const std::size_t size = file.bytes.size();
  if (size == 0 || size % kRecord != 0)
    fail(path, size,
         "the file ends " +
             (size == 0 ? "at once" : "within record " + std::to_string(size / kRecord)) +
             "; expected one or more whole records of " + std::to_string(kRecord) +
             " bytes, as in the binary version of CIFAR-10");
  for (std::size_t offset = 0; offset < size; offset += kRecord) {
    const auto label = std::to_integer<std::uint32_t>(file.bytes[offset]);
    if (label >= kClasses.size())
      fail(path, offset,
           "found the label " + std::to_string(label) + "; expected 0 to " +
               std::to_string(kClasses.size() - 1));
    labels.push_back(label);
  }
  const auto* pixels = reinterpret_cast<const std::uint8_t*>(file.bytes.data()) + 1;
  return {{pixels, size / kRecord, kPixels, kRecord}, std::move(file.owner), file.is_mapped};
}

}  // namespace

Dataset read_cifar10(std::span<const std::filesystem::path> files) {
  Dataset dataset;
  dataset.classes = kClasses;
  dataset.image_height = kSide;
  dataset.image_width = kSide;
  std::vector<FeatureMatrix<std::uint8_t>> parts;
  for (const std::filesystem::path& file : files)
    parts.push_back(read_records(file, dataset.labels));
  dataset.features =
      parts.size() == 1 ? std::move(parts.front()) : FeatureMatrix<std::uint8_t>::join(parts);
  return dataset;
}

}  // namespace nabla
