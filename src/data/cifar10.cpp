// SPDX-License-Identifier: MIT
#include "data/cifar10.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/data/row_origin.h"

#include "base/mapped_file.h"
#include "data/foreign_format.h"
#include "data/source.h"

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

/// Appends the labels of one file and returns its pixels, which stay in the file.
FeatureMatrix<std::uint8_t> read_records(const std::filesystem::path& path,
                                         std::vector<std::uint32_t>& labels) {
  FileBytes file = map_file(path);
  refuse_foreign(file.bytes, path.string());
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
  std::vector<RowOrigin::File> origin;
  for (const std::filesystem::path& file : files) {
    origin.push_back({.name = file.string(), .first_row = dataset.labels.size()});
    parts.push_back(read_records(file, dataset.labels));
  }
  dataset.origin = RowOrigin(std::move(origin));
  dataset.features =
      parts.size() == 1 ? std::move(parts.front()) : FeatureMatrix<std::uint8_t>::join(parts);
  return dataset;
}

namespace {

using Files = std::vector<std::filesystem::path>;

std::filesystem::path find_batch(const std::filesystem::path& dir, const std::string& name) {
  const std::filesystem::path found = find_plain_or_gz(dir, name);
  if (found.empty())
    throw DataError((dir.empty() ? "." : dir.string()) + ": " + name +
                    " is missing; expected data_batch_1.bin to data_batch_5.bin and "
                    "test_batch.bin of the binary version of CIFAR-10, each with or without .gz");
  return found;
}

}  // namespace

SourceRows read_cifar10_source(const DataOptions& options) {
  Files train, test;
  for (const std::filesystem::path& file : options.train) train.push_back(options.dir / file);
  for (const std::filesystem::path& file : options.test) test.push_back(options.dir / file);
  if (train.empty()) {
    for (const char batch : {'1', '2', '3', '4', '5'})
      train.push_back(find_batch(options.dir, std::string("data_batch_") + batch + ".bin"));
    test.push_back(find_batch(options.dir, "test_batch.bin"));
  }

  SourceRows rows;
  rows.train = read_cifar10(train);
  rows.train_name = train.front().string();
  if (test.empty()) return rows;
  rows.test = read_cifar10(test);
  rows.test_name = test.front().string();
  return rows;
}

}  // namespace nabla
