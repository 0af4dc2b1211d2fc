// SPDX-License-Identifier: MIT
#include <filesystem>
#include <string>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/data/cifar10.h"

#include "data/source.h"
#include "data/standard_file.h"

namespace nabla {

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
