// SPDX-License-Identifier: MIT
#include "data/idx.h"

#include <array>
#include <bit>
#include <gtest/gtest.h>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "nabla/base/error.h"

#include "support/errors.h"
#include "support/features.h"
#include "support/places.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

/// Returns the value's bits, most significant byte first.
template <class Bits>
std::string big_endian(Bits bits) {
  std::string bytes;
  for (std::size_t i = sizeof(Bits); i-- > 0;) {
    bytes += static_cast<char>((std::uint64_t{bits} >> (8 * i)) & 0xff);
  }
  return bytes;
}

std::string header(int type, const std::vector<std::uint32_t>& dimensions) {
  std::string bytes = {0, 0, static_cast<char>(type), static_cast<char>(dimensions.size())};
  for (const std::uint32_t dimension : dimensions) bytes += big_endian(dimension);
  return bytes;
}

/// Returns two images of 2 × 3 pixels 0, 1, ..., 11.
std::string images() {
  std::string file = header(0x08, {2, 2, 3});
  for (char pixel = 0; pixel < 12; ++pixel) file += pixel;
  return file;
}

std::string labels() { return header(0x08, {2}) + std::string{3, 0}; }

class Idx : public testing::Test {
 protected:
  Dataset read(const std::string& features) {
    return read_idx_features(folder_.write("features", features));
  }
  /// Returns the error for the features.
  std::string refuse(const std::string& features) {
    const std::string message = error_of<DataError>([&] { read(features); });
    EXPECT_TRUE(message.starts_with((folder_.path() / "features: byte ").string())) << message;
    EXPECT_NE(message.find("expected"), std::string::npos) << message;
    return message;
  }
  std::string refuse_labels(const std::string& content) {
    const auto features = folder_.write("features", images());
    const auto path = folder_.write("labels", content);
    const std::string message = error_of<DataError>([&] { read_idx(features, path); });
    EXPECT_TRUE(message.starts_with(path.string() + ": byte ")) << message;
    return message;
  }

  TempFolder folder_;
};

TEST_F(Idx, ReadsImagesAndLabelsWithAndWithoutGzip) {
  const auto packed = folder_.write("images", gzip(images()));
  const Dataset dataset = read_idx(packed, folder_.write("labels", labels()));
  const auto& pixels = std::get<FeatureMatrix<std::uint8_t>>(dataset.features);
  ASSERT_EQ(pixels.rows(), 2U);
  ASSERT_EQ(pixels.cols(), 6U);
  for (std::size_t i = 0; i < 12; ++i) EXPECT_EQ(pixels(i / 6, i % 6), i);
  EXPECT_EQ(dataset.image_height, 2U);
  EXPECT_EQ(dataset.image_width, 3U);
  EXPECT_EQ(dataset.task, Task::kClassification);
  EXPECT_EQ(dataset.labels, (std::vector<std::uint32_t>{1, 0}));
  EXPECT_EQ(dataset.classes, (std::vector<std::string>{"0", "3"}));

  const Dataset alone = read_idx_features(packed);
  EXPECT_EQ(alone.rows(), 2U);
  EXPECT_TRUE(alone.labels.empty());
}

TEST_F(Idx, ReadsLabelsOfEveryIntegerTypeAndOfQmnist) {
  const auto features = folder_.write("features", images());
  const auto classes = [&](const std::string& content) {
    const Dataset dataset = read_idx(features, folder_.write("labels", content));
    EXPECT_EQ(dataset.labels, (std::vector<std::uint32_t>{1, 0}));
    return dataset.classes;
  };
  EXPECT_EQ(classes(header(0x08, {2}) + "\xff\x01"), (std::vector<std::string>{"1", "255"}));
  EXPECT_EQ(classes(header(0x09, {2}) + "\x01\xff"), (std::vector<std::string>{"-1", "1"}));
  const std::string i16 = big_endian(std::uint16_t{300}) + big_endian(std::uint16_t{7});
  EXPECT_EQ(classes(header(0x0b, {2}) + i16), (std::vector<std::string>{"7", "300"}));
  const std::string five = big_endian(std::uint32_t{5});
  const std::string rest = big_endian(std::uint32_t{100000}) + std::string(24, '\1');
  EXPECT_EQ(classes(header(0x0c, {2}) + rest.substr(0, 4) + five),
            (std::vector<std::string>{"5", "100000"}));
  EXPECT_EQ(classes(header(0x0c, {2, 8}) + rest + five + five + rest.substr(4) + five),
            (std::vector<std::string>{"5", "100000"}));
}

TEST_F(Idx, LabelsAreThoseOfKnownClasses) {
  const auto features = folder_.write("features", images());
  const auto path = folder_.write("labels", labels());
  const std::vector<std::string> known = {"3", "1", "0"};
  EXPECT_EQ(read_idx(features, path, known).labels, (std::vector<std::uint32_t>{0, 2}));
  const std::vector<std::string> others = {"0", "1"};
  expect_in(path.string() + ": byte 8: unknown class '3'; expected one of 2 classes",
            error_of<DataError>([&] { read_idx(features, path, others); }));
}

TEST_F(Idx, FlattensTheDimensionsAfterTheFirst) {
  const Dataset colour = read(header(0x08, {1, 2, 2, 3}) + std::string(12, 'x'));
  EXPECT_EQ(colour.inputs(), 12U);
  EXPECT_EQ(colour.image_height, 0U);
  const Dataset table = read(header(0x08, {3, 4}) + std::string(12, 'x'));
  EXPECT_EQ(table.rows(), 3U);
  EXPECT_EQ(table.inputs(), 4U);
  EXPECT_EQ(table.image_width, 0U);
}

TEST_F(Idx, ReadsEveryElementTypeExactly) {
  const auto i8 = read(header(0x09, {1, 2}) + std::string{'\x80', '\x7f'});
  EXPECT_EQ(std::get<FeatureMatrix<float>>(i8.features)(0, 0), -128.0F);
  EXPECT_EQ(std::get<FeatureMatrix<float>>(i8.features)(0, 1), 127.0F);
  const auto i16 = read(header(0x0b, {2, 1}) + big_endian(std::uint16_t{0x8001}) +
                        big_endian(std::uint16_t{0x7ffe}));
  EXPECT_EQ(std::get<FeatureMatrix<float>>(i16.features)(0, 0), -32767.0F);
  EXPECT_EQ(std::get<FeatureMatrix<float>>(i16.features)(1, 0), 32766.0F);
  const auto i32 = read(header(0x0c, {1, 2}) + big_endian(std::uint32_t{0x80000001}) +
                        big_endian(std::uint32_t{16777217}));  // float does not hold 16777217
  EXPECT_EQ(std::get<FeatureMatrix<double>>(i32.features)(0, 0), -2147483647.0);
  EXPECT_EQ(std::get<FeatureMatrix<double>>(i32.features)(0, 1), 16777217.0);
  const auto f32 = read(header(0x0d, {1, 1}) + big_endian(std::bit_cast<std::uint32_t>(-0.1F)));
  EXPECT_EQ(std::get<FeatureMatrix<float>>(f32.features)(0, 0), -0.1F);
  const auto f64 = read(header(0x0e, {1, 1}) + big_endian(std::bit_cast<std::uint64_t>(0.1)));
  EXPECT_EQ(std::get<FeatureMatrix<double>>(f64.features)(0, 0), 0.1);
}

TEST_F(Idx, RefusesNumbersThatAreNotFinite) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const double infinity = -std::numeric_limits<double>::infinity();
  expect_in("byte 16: found nan", refuse(header(0x0d, {1, 2}) + std::string(4, '\0') +
                                         big_endian(std::bit_cast<std::uint32_t>(nan))));
  expect_in("byte 12: found -inf",
            refuse(header(0x0e, {1, 1}) + big_endian(std::bit_cast<std::uint64_t>(infinity))));
}

TEST_F(Idx, SaysWhatAForeignFileSeemsToBe) {
  expect_in("byte 0: not an IDX file: found 50 4b 03 04, a zip archive",
            refuse(std::string("PK\x03\x04 and so on")));
  expect_in("text", refuse("5.1,3.5,1.4,0.2,Iris-setosa\n"));
  expect_in("compressed twice", refuse(gzip(gzip(images()))));
  expect_in("NumPy array", refuse("\x93NUMPY and so on"));
  expect_in("00 00 0a 03", refuse(header(0x0a, {1, 1, 1}) + "x"));
  expect_in("no dimensions", refuse(header(0x08, {})));
}

TEST_F(Idx, ComparesTheHeaderWithTheSizeBeforeItAllocates) {
  expect_in("byte 27: the file ends after 11; expected 12 bytes of elements (2 × 2 × 3, 1 each)",
            refuse(images().substr(0, 27)));
  expect_in("byte 28: 1 bytes after the last element", refuse(images() + "x"));
  expect_in("byte 8: a dimension is 0", refuse(header(0x08, {2, 0, 3})));
  expect_in("byte 4: a dimension is 0", refuse(header(0x08, {0, 2, 3})));
  const std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
  expect_in("overflows", refuse(header(0x0e, {most, most, most, most}) + "x"));
  expect_in("the file ends after 1;", refuse(header(0x08, {most, 1000}) + "x"));
}

TEST_F(Idx, RefusesLabelsThatDoNotFitTheImages) {
  expect_in("found 1 dimension, as of a file of labels", refuse(labels()));
  expect_in("found 3 dimensions, as of a file of images", refuse_labels(images()));
  expect_in("byte 2: found labels of type 0d", refuse_labels(header(0x0d, {1}) + "1234"));
  expect_in("found 2 dimensions", refuse_labels(header(0x0c, {1, 2}) + "12345678"));
  expect_in("found 2 dimensions", refuse_labels(header(0x08, {1, 8}) + "12345678"));
  const std::string message = refuse_labels(header(0x08, {3}) + "abc");
  expect_in("3 labels; expected one for each of the 2 rows of", message);
  expect_in((folder_.path() / "features").string(), message);
}

TEST_F(Idx, RefusesEveryTruncation) {
  const std::string plain = images();
  for (std::size_t size = 0; size < plain.size(); ++size) refuse(plain.substr(0, size));
  const std::string packed = gzip(plain);
  for (std::size_t size = 0; size < packed.size(); ++size) refuse(packed.substr(0, size));
  for (std::size_t size = 0; size < labels().size(); ++size) {
    refuse_labels(labels().substr(0, size));
  }
}

TEST_F(Idx, EveryFlippedBitOfTheHeaderIsRefusedOrKeepsTheSize) {
  const std::string plain = images();
  for (std::size_t bit = 0; bit < 16 * 8; ++bit) {
    std::string flipped = plain;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    try {
      const Dataset dataset = read(flipped);
      EXPECT_EQ(dataset.rows() * dataset.inputs(), 12U) << "bit " << bit;
    } catch (const DataError&) {
    }
  }
}

TEST(IdxMnist, ReadsTheFilesAsPublished) {
  const auto folder = test_data("mnist");
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no MNIST at " << folder;
  const Dataset train =
      read_idx(folder / "train-images-idx3-ubyte.gz", folder / "train-labels-idx1-ubyte.gz");
  const Dataset test =
      read_idx(folder / "t10k-images-idx3-ubyte.gz", folder / "t10k-labels-idx1-ubyte.gz");
  EXPECT_EQ(train.rows(), 60000U);
  EXPECT_EQ(test.rows(), 10000U);
  EXPECT_EQ(train.inputs(), 784U);
  EXPECT_EQ(train.image_width, 28U);
  EXPECT_EQ(test.outputs(), 10U);
  EXPECT_EQ(std::vector<std::uint32_t>(train.labels.begin(), train.labels.begin() + 5),
            (std::vector<std::uint32_t>{5, 0, 4, 1, 9}));
  // This is the known mean of the pixels divided by 255.
  const Matrix<double> pixels = testing_support::copy_of_features(train);
  const double sum = std::accumulate(pixels.elements().begin(), pixels.elements().end(), 0.0);
  EXPECT_NEAR(sum / 255.0 / static_cast<double>(pixels.elements().size()), 0.1307, 1e-4);
}

}  // namespace
}  // namespace nabla
