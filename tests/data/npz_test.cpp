// SPDX-License-Identifier: MIT
#include "data/npz.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/data/data_options.h"

#include "support/errors.h"
#include "support/features.h"
#include "support/files.h"
#include "support/hostile.h"
#include "support/numpy_bytes.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using namespace testing_support;

const std::string kTrain = npy("|u1", "(3, 1, 2)", "abcdef");
const std::string kTrainLabels = npy("<i4", "(3,)", bytes_of<std::int32_t>({5, 7, 5}));
const std::string kTest = npy("|u1", "(1, 1, 2)", "gh");
const std::string kTestLabels = npy("|u1", "(1,)", "\7");

class Npz : public testing::Test {
 protected:
  Npz() {
    options_.source = DataSource::kNpz;
    options_.dir = folder_.path();
  }
  std::filesystem::path write(const ZipMembers& members, zip_int32_t method = ZIP_CM_DEFLATE) {
    return write_zip(folder_.path() / "mnist.npz", members, method);
  }
  std::string refuse(const ZipMembers& members) {
    const std::string path = write(members).string();
    const std::string message = error_of<DataError>([&] { load_data(options_); });
    EXPECT_TRUE(message.starts_with(path)) << message;
    return message;
  }

  const ZipMembers whole_{{"x_train.npy", kTrain},
                          {"y_train.npy", kTrainLabels},
                          {"x_test.npy", kTest},
                          {"y_test.npy", kTestLabels},
                          {"notes.txt", "not an array"}};
  TempFolder folder_;
  DataOptions options_;
};

TEST_F(Npz, ReadsTrainingAndTestRows) {
  for (const zip_int32_t method : {ZIP_CM_STORE, ZIP_CM_DEFLATE}) {
    write(whole_, method);
    const DataSplit data = load_data(options_);
    EXPECT_EQ(copy_of_features(data.train)(2, 1), 'f');
    EXPECT_EQ(data.train.features.index(), 0U);
    EXPECT_EQ(data.train.image_width, 2U);
    EXPECT_EQ(data.train.classes, (std::vector<std::string>{"5", "7"}));
    EXPECT_EQ(data.train.labels, (std::vector<std::uint32_t>{0, 1, 0}));
    EXPECT_EQ(copy_of_features(data.test)(0, 0), 'g');
    EXPECT_EQ(data.test.labels, (std::vector<std::uint32_t>{1}));
    EXPECT_EQ(data.test.classes, data.train.classes);
  }
  const std::string packed = gzip(read_text(folder_.path() / "mnist.npz"));
  std::filesystem::remove(folder_.path() / "mnist.npz");
  folder_.write("mnist.npz.gz", packed);
  EXPECT_EQ(load_data(options_).train.rows(), 3U);
  options_.train = {"mnist.npz.gz"};
  EXPECT_EQ(load_data(options_).test.rows(), 1U);
}

TEST_F(Npz, ArraysOutliveTheFile) {
  Dataset features;
  {
    const NpzFile file(map_file(write(whole_)), "a.npz");
    features = numpy_features(file.read("x_train"));
  }
  std::filesystem::remove(folder_.path() / "mnist.npz");
  EXPECT_EQ(copy_of_features(features)(2, 1), 'f');
}

TEST_F(Npz, TestRowsMayBeMissing) {
  write({{"x_train.npy", kTrain}, {"y_train.npy", kTrainLabels}});
  const DataSplit data = load_data(options_);
  EXPECT_EQ(data.test.rows(), 0U);
  EXPECT_EQ(data.test.outputs(), 2U);
}

TEST_F(Npz, RefusesOtherArrays) {
  expect_in("mnist.npz and mnist.npz.gz are missing",
            error_of<DataError>([&] { load_data(options_); }));
  expect_in("found 'x', 'y'; expected x_train", refuse({{"x.npy", kTrain}, {"y.npy", kTest}}));
  expect_in("found no arrays", refuse({{"x", kTrain}}));
  expect_in(
      "x_test",
      refuse({{"x_train.npy", kTrain}, {"y_train.npy", kTrainLabels}, {"x_test.npy", kTest}}));
  expect_in("x_train: byte 0: not an NPY file",
            refuse({{"x_train.npy", "text"}, {"y_train.npy", kTrainLabels}}));
  expect_in("y_train: 1 rows; expected one for each of the 3",
            refuse({{"x_train.npy", kTrain}, {"y_train.npy", kTestLabels}}));
  expect_in("y_test[0]: unknown class 1", refuse({{"x_train.npy", kTrain},
                                                  {"y_train.npy", kTrainLabels},
                                                  {"x_test.npy", kTest},
                                                  {"y_test.npy", npy("|u1", "(1,)", "\1")}}));
  folder_.write("mnist.npz", "no archive");
  expect_in("not a zip archive", error_of<DataError>([&] { load_data(options_); }));
  options_.test = {"mnist.npz"};
  expect_in("data.test", error_of<ConfigError>([&] { load_data(options_); }));
}

TEST_F(Npz, TakesNoMemoryForWhatTheDirectoryOnlyClaims) {
  // A deflated array of 100 MB whose header tells of two bytes: it must not be unpacked.
  const std::string bomb = npy("|u1", "(1, 1, 2)", std::string(100'000'000, 'x'));
  const auto path = write({{"x_train.npy", bomb}});
  const std::size_t unpacked = bomb.size();
  ASSERT_LT(std::filesystem::file_size(path), 200'000U);
  largest_allocation();
  const std::string message =
      error_of<DataError>([&] { NpzFile(map_file(path), "a.npz").read("x_train"); });
  expect_in("the archive says " + std::to_string(unpacked) + " bytes; expected 128 of the header",
            message);
  EXPECT_LE(largest_allocation().value_or(0), 1'000'000U);

  // The same claim in the header, the size of the directory changed to suit.
  write({{"x_train.npy", npy("|u1", "(9999, 9999)", std::string(64, 'x'))}});
  std::string lying = read_text(path);
  const std::string claim = bytes_of<std::uint32_t>({128 + 9999 * 9999});
  const std::size_t directory = lying.rfind("PK\1\2");
  ASSERT_NE(directory, std::string::npos);
  lying.replace(directory + 24, 4, claim);
  folder_.write("mnist.npz", lying);
  largest_allocation();
  expect_in("compressed ones; expected at most",
            error_of<DataError>([&] { NpzFile(map_file(path), "a.npz").read("x_train"); }));
  EXPECT_LE(largest_allocation().value_or(0), 1'000'000U);
}

TEST_F(Npz, DamagedFilesAreRefusedOrRead) {
  for (const zip_int32_t method : {ZIP_CM_STORE, ZIP_CM_DEFLATE}) {
    const std::string content = read_text(write(whole_, method));
    // From memory: thousands of files would take their time.
    const auto read = [&](const std::string& damaged) {
      const NpzFile file({std::as_bytes(std::span(damaged)), nullptr}, "a.npz");
      for (const char* part : {"train", "test"})
        numpy_dataset(file.read(std::string("x_") + part), file.read(std::string("y_") + part),
                      TaskChoice::kAuto, {});
    };
    refuse_truncations(content, 1'000'000, read);
    survive_changes(content, 1'000'000, 3000, read);
  }
}

TEST_F(Npz, FeaturesForPrediction) {
  const auto first = [&](const ZipMembers& members) {
    return copy_of_features(read_npz_features(map_file(write(members)), "a.npz"))(0, 0);
  };
  EXPECT_EQ(first(whole_), 'g');
  EXPECT_EQ(first({{"y.npy", kTrainLabels}, {"x.npy", kTrain}}), 'a');
  EXPECT_EQ(first({{"arr_0.npy", kTest}}), 'g');
  expect_in("expected an array called x_test or x", error_of<DataError>([&] {
              first({{"a.npy", kTest}, {"b.npy", kTest}});
            }));
}

}  // namespace
}  // namespace nabla
