// SPDX-License-Identifier: MIT
#include "data/cifar10.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/data/data_options.h"

#include "support/errors.h"
#include "support/features.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using Files = std::vector<std::filesystem::path>;
using Labels = std::vector<std::uint32_t>;

/// Returns a record whose planes are filled with `pixel`, pixel + 1 and pixel + 2.
std::string record(char label, char pixel) {
  std::string text(1, label);
  for (char plane = 0; plane < 3; ++plane)
    text += std::string(1024, static_cast<char>(pixel + plane));
  return text;
}

/// Returns the first pixel of each plane of each row.
std::vector<double> planes_of(const Dataset& data) {
  const Matrix<double> pixels = testing_support::copy_of_features(data);
  std::vector<double> planes;
  for (std::size_t row = 0; row < pixels.rows(); ++row)
    for (const std::size_t plane : {0U, 1U, 2U}) {
      planes.push_back(pixels(row, 1024 * plane));
      EXPECT_EQ(pixels(row, 1024 * plane + 1023), planes.back());
    }
  return planes;
}

class Cifar10 : public testing::Test {
 protected:
  std::string refuse(const std::string& content) {
    const Files files = {folder_.write("good", record(1, 10)), folder_.write("bad", content)};
    const std::string message = error_of<DataError>([&] { read_cifar10(files); });
    EXPECT_TRUE(message.starts_with((folder_.path() / "bad: byte ").string())) << message;
    return message;
  }

  TempFolder folder_;
};

TEST_F(Cifar10, ReadsRecordsOfOneFile) {
  const Files file = {folder_.write("batch", record(9, 10) + record(0, 20) + record(3, 30))};
  const Dataset data = read_cifar10(file);
  EXPECT_EQ(data.labels, (Labels{9, 0, 3}));
  EXPECT_EQ(planes_of(data), (std::vector<double>{10, 11, 12, 20, 21, 22, 30, 31, 32}));
  EXPECT_TRUE(std::holds_alternative<FeatureMatrix<std::uint8_t>>(data.features));
  EXPECT_EQ(data.inputs(), 3072U);
  EXPECT_EQ(data.image_height, 32U);
  EXPECT_EQ(data.image_width, 32U);
  ASSERT_EQ(data.outputs(), 10U);
  EXPECT_EQ(data.classes[9], "truck");
}

TEST_F(Cifar10, JoinsPlainAndCompressedFiles) {
  const Files files = {folder_.write("1", record(4, 10)), folder_.write("2", gzip(record(5, 20))),
                       folder_.write("3", record(6, 30) + record(7, 40))};
  const Dataset data = read_cifar10(files);
  EXPECT_EQ(data.labels, (Labels{4, 5, 6, 7}));
  EXPECT_EQ(planes_of(data), (std::vector<double>{10, 11, 12, 20, 21, 22, 30, 31, 32, 40, 41, 42}));
  EXPECT_EQ(data.origin.place(1), files[1].string() + ": row 1");
  EXPECT_EQ(data.origin.place(3), files[2].string() + ": row 2");
}

TEST_F(Cifar10, RefusesBadSizesAndLabels) {
  expect_in("byte 0: the file ends at once", refuse(""));
  expect_in("byte 3072: the file ends within record 0; expected", refuse(record(1, 1).substr(1)));
  expect_in("byte 6147: the file ends within record 2",
            refuse(record(1, 1) + record(2, 2) + std::string(1, '\0')));
  expect_in("byte 3073: found the label 10; expected 0 to 9", refuse(record(1, 1) + record(10, 2)));
}

TEST_F(Cifar10, IsASourceWithStandardNames) {
  DataOptions options;
  options.source = DataSource::kCifar10;
  options.dir = folder_.path();
  for (char batch = '1'; batch <= '5'; ++batch)
    folder_.write(std::string("data_batch_") + batch + (batch == '3' ? ".bin.gz" : ".bin"),
                  record(static_cast<char>(batch - '0'), batch));
  expect_in(": test_batch.bin is missing", error_of<DataError>([&] { load_data(options); }));
  folder_.write("test_batch.bin", record(8, 8));
  const DataSplit data = load_data(options);
  EXPECT_EQ(data.train.labels, (Labels{1, 2, 3, 4, 5}));
  EXPECT_EQ(data.test.labels, (Labels{8}));

  options.train = {"data_batch_2.bin", "data_batch_1.bin"};
  EXPECT_EQ(load_data(options).train.labels, (Labels{2, 1}));
  EXPECT_EQ(load_data(options).test.rows(), 0U);
  options.test = options.train;
  options.train.clear();
  expect_in("data.train", error_of<ConfigError>([&] { load_data(options); }));
}

}  // namespace
}  // namespace nabla
