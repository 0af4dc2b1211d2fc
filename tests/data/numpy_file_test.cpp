// SPDX-License-Identifier: MIT
#include "data/numpy_file.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
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

NumpyArray parse(const std::string& content) {
  return parse_npy({std::as_bytes(std::span(content)), nullptr}, "a.npy");
}

/// Returns the features as doubles, row by row.
std::vector<double> features_of(const std::string& content) {
  const Matrix<double> copy = copy_of_features(numpy_features(parse(content)));
  return {copy.elements().begin(), copy.elements().end()};
}

std::string refuse(const std::string& content) {
  const std::string message = error_of<DataError>([&] { numpy_features(parse(content)); });
  EXPECT_TRUE(message.starts_with("a.npy")) << message;
  expect_in("expected", message);
  return message;
}

using Values = std::vector<double>;

TEST(Npy, ReadsEveryPlainTypeExactly) {
  EXPECT_EQ(features_of(npy("|b1", "(1, 2)", std::string{0, 1})), (Values{0, 1}));
  EXPECT_EQ(features_of(npy("|u1", "(1, 2)", "\x01\xff")), (Values{1, 255}));
  EXPECT_EQ(features_of(npy("|i1", "(1, 2)", "\x01\xff")), (Values{1, -1}));
  EXPECT_EQ(features_of(npy("<u2", "(1, 1)", "\x01\xff")), (Values{0xff01}));
  EXPECT_EQ(features_of(npy(">i2", "(1, 1)", "\xff\x01")), (Values{-255}));
  EXPECT_EQ(features_of(npy("<i4", "(1, 1)", bytes_of<std::int32_t>({-2147483647}))),
            (Values{-2147483647}));
  EXPECT_EQ(features_of(npy(">u4", "(1, 1)", "\xff\xff\xff\xfe")), (Values{4294967294}));
  EXPECT_EQ(features_of(npy("<i8", "(1, 1)", bytes_of<std::int64_t>({-(1LL << 60)}))),
            (Values{-0x1p60}));
  EXPECT_EQ(features_of(npy("<u8", "(1, 1)", bytes_of<std::uint64_t>({1ULL << 63}))),
            (Values{0x1p63}));
  EXPECT_EQ(features_of(npy("<f4", "(1, 1)", bytes_of<float>({0.1F}))), (Values{0.1F}));
  EXPECT_EQ(features_of(npy(">f8", "(1, 1)", std::string("\x3f\xf8\0\0\0\0\0\0", 8))),
            (Values{1.5}));
  // Only uint8 keeps its type, so that it is taken for pixels.
  const auto kept = [](const std::string& type) {
    return numpy_features(parse(npy(type, "(1, 1)", std::string(1, '\1')))).features.index();
  };
  EXPECT_EQ(kept("|u1"), 0U);
  EXPECT_EQ(kept("|b1"), 1U);
}

TEST(Npy, RefusesWhatDoubleDoesNotHold) {
  const auto most = std::numeric_limits<std::int64_t>::max();
  expect_in(
      "a.npy[1, 0]: found 9007199254740993;",
      refuse(npy("<i8", "(2, 1)", bytes_of<std::int64_t>({9007199254740992, 9007199254740993}))));
  expect_in(std::to_string(most), refuse(npy("<i8", "(1, 1)", bytes_of<std::int64_t>({most}))));
  expect_in("found 18446744073709551615", refuse(npy("<u8", "(1, 1)", std::string(8, '\xff'))));
  const float large = std::numeric_limits<float>::infinity();
  expect_in("a.npy[0, 1]: found inf", refuse(npy("<f4", "(1, 2)", bytes_of<float>({1, large}))));
  expect_in("a.npy[1, 0]: found inf",
            refuse(npy("<f4", "(2, 2)", bytes_of<float>({1, large, 2, 3}), true)));
  const double infinity = -std::numeric_limits<double>::infinity();
  expect_in("found -inf", refuse(npy("<f8", "(1, 1)", bytes_of<double>({infinity}))));
}

TEST(Npy, ReadsHalfPrecisionExactly) {
  const std::vector<std::uint16_t> bits = {0x3c00, 0xc000, 0x7bff, 0x0001, 0x8400, 0x3555};
  EXPECT_EQ(features_of(npy("<f2", "(1, 6)", bytes_of(bits))),
            (Values{1, -2, 65504, 0x1p-24, -0x1p-14, 0x1.554p-2}));
  EXPECT_EQ(features_of(npy(">f2", "(1, 1)", "\x3c\x01")), (Values{1 + 0x1p-10}));
  EXPECT_EQ(numpy_features(parse(npy("<f2", "(1, 1)", "ab"))).features.index(), 1U) << "float";
  expect_in("found -inf", refuse(npy("<f2", "(1, 1)", bytes_of<std::uint16_t>({0xfc00}))));
}

TEST(Npy, NanIsAMissingFeatureButNoTarget) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::string floats = npy("<f4", "(1, 2)", bytes_of<float>({1, nan}));
  const std::string half = npy("<f2", "(1, 2)", bytes_of<std::uint16_t>({0x3c00, 0x7e00}));
  for (const std::string& array : {floats, half}) {
    const Values values = features_of(array);
    EXPECT_EQ(values[0], 1);
    EXPECT_TRUE(std::isnan(values[1]));
    expect_in("a.npy[0, 1]: found nan; expected finite numbers",
              error_of<DataError>([&] { numpy_targets(parse(array)); }));
  }
}

TEST(Npy, TextsAreClasses) {
  const std::string x = npy("|u1", "(3, 1)", "abc");
  const auto read = [&](const std::string& y, TaskChoice task = TaskChoice::kAuto) {
    return numpy_dataset(parse(x), parse(y), task, {});
  };
  using Texts = std::vector<std::string>;
  const std::string points = bytes_of<std::uint32_t>({'b', 0, 0, 'a', 0xe9, 0x1f600, 'b', 0, 0});
  const Dataset unicode = read(npy("<U3", "(3,)", points));
  EXPECT_EQ(unicode.classes, (Texts{"a\xc3\xa9\xf0\x9f\x98\x80", "b"}));
  EXPECT_EQ(unicode.labels, (std::vector<std::uint32_t>{1, 0, 1}));
  EXPECT_EQ(read(npy("|S2", "(3, 1)", std::string("b\0a\0cd", 6))).classes,
            (Texts{"a", "b", "cd"}));
  EXPECT_EQ(read(npy(">U1", "(3,)", std::string("\0\0\0x\0\0\0y\0\0\0x", 12))).classes,
            (Texts{"x", "y"}));

  const auto refuse_targets = [&](const std::string& y, TaskChoice task = TaskChoice::kAuto) {
    return error_of<DataError>([&] { read(y, task); });
  };
  const std::string bytes = npy("|S1", "(3,)", "abc");
  expect_in("a.npy[0]: found 'a'", refuse_targets(bytes, TaskChoice::kRegression));
  expect_in("expected one text per row", refuse_targets(npy("|S1", "(3, 2)", "abcdef")));
  expect_in("a.npy[1]: the value is missing", refuse_targets(npy("|S1", "(3,)", {"a\0b", 3})));
  expect_in("a.npy[2]: the class name", refuse_targets(npy("|S1", "(3,)", "ab\xff")));
  expect_in("a.npy[1]: found the code point 1114112",
            refuse_targets(npy("<U1", "(3,)", bytes_of<std::uint32_t>({'a', 0x110000, 'b'}))));
  expect_in("found text; expected features", refuse(bytes));
}

TEST(Npy, IntegersThatDoubleDoesNotHoldAreDifferentClasses) {
  const std::string x = npy("|u1", "(2, 1)", "ab");
  const std::string y =
      npy("<i8", "(2,)", bytes_of<std::int64_t>({9007199254740993, 9007199254740992}));
  const Dataset data = numpy_dataset(parse(x), parse(y), TaskChoice::kClassification, {});
  EXPECT_EQ(data.classes, (std::vector<std::string>{"9007199254740992", "9007199254740993"}));
  EXPECT_EQ(data.labels, (std::vector<std::uint32_t>{1, 0}));
  const std::string held =
      npy("<u8", "(2,)", bytes_of<std::uint64_t>({1ULL << 63, 1234567890123456768}));
  EXPECT_EQ(numpy_dataset(parse(x), parse(held), TaskChoice::kClassification, {}).classes,
            (std::vector<std::string>{"1234567890123456768", "9223372036854775808"}));
  EXPECT_EQ(numpy_dataset(parse(x), parse(held), TaskChoice::kRegression, {}).targets(0, 0),
            0x1p63);
  expect_in("a.npy[0]: found '9007199254740993'", error_of<DataError>([&] {
              numpy_dataset(parse(x), parse(y), TaskChoice::kRegression, {});
            }));
}

TEST(Npy, FlattensInRowMajorOrderWhateverTheOrderOfTheFile) {
  // Element [i, j, k] of the array is 100 i + 10 j + k, in both orders.
  std::string c_order, fortran_order;
  for (char i = 0; i < 2; ++i)
    for (char j = 0; j < 3; ++j)
      for (char k = 0; k < 4; ++k) c_order += static_cast<char>(100 * i + 10 * j + k);
  for (char k = 0; k < 4; ++k)
    for (char j = 0; j < 3; ++j)
      for (char i = 0; i < 2; ++i) fortran_order += static_cast<char>(100 * i + 10 * j + k);
  const Values expected = features_of(npy("|u1", "(2, 3, 4)", c_order));
  EXPECT_EQ(expected.front(), 0);
  EXPECT_EQ(expected[23], 123);
  EXPECT_EQ(features_of(npy("|u1", "(2, 3, 4)", fortran_order, true)), expected);
  EXPECT_EQ(features_of(npy("|u1", "(2, 3, 4, 1)", fortran_order, true)), expected);

  const Dataset images = numpy_features(parse(npy("|u1", "(2, 3, 4)", c_order)));
  EXPECT_EQ(images.rows(), 2U);
  EXPECT_EQ(images.image_height, 3U);
  EXPECT_EQ(images.image_width, 4U);
  EXPECT_EQ(numpy_features(parse(npy("|u1", "(4, 6)", c_order))).image_width, 0U);
}

TEST(Npy, SharesElementsThatNeedNoConversion) {
  const auto owner = std::make_shared<const std::vector<float>>(std::vector<float>{1, 2, 3, 4});
  NumpyArray array{"a",   {NumpyType::Kind::kFloat, 4, false}, {2, 2},
                   false, std::as_bytes(std::span(*owner)),    owner};
  const Dataset shared = numpy_features(array);
  EXPECT_EQ(&std::get<FeatureMatrix<float>>(shared.features)(1, 0), owner->data() + 2);
  const std::string file = npy("|u1", "(1, 2)", "ab");
  const NumpyArray parsed = parse_npy({std::as_bytes(std::span(file)), owner}, "a.npy");
  EXPECT_EQ(parsed.owner, owner);
  array.fortran_order = true;
  const Dataset turned = numpy_features(array);
  EXPECT_EQ(std::get<FeatureMatrix<float>>(turned.features)(1, 0), 2);
}

TEST(Npy, ReadsEveryWayOfWritingTheHeader) {
  for (const std::string header :
       {"{'shape': (1, 2), 'descr': '|u1', 'fortran_order': False}",
        "{\"descr\":\"|u1\",\"fortran_order\":False,\"shape\":(1L,2L,),}"})
    for (const char version : {'\1', '\2', '\3'})
      EXPECT_EQ(features_of(npy_with_header(header, "ab", version)), (Values{97, 98}));
}

TEST(Npy, RefusesOtherHeaders) {
  const auto header = [](const std::string& text) { return refuse(npy_with_header(text, "ab")); };
  const std::string rest = "'fortran_order': False, 'shape': (1, 2)}";
  expect_in("byte 20: found ''|O'", header("{'descr': '|O', " + rest));
  expect_in("Python objects are not read", header("{'descr': '|O', " + rest));
  expect_in("an array of records", header("{'descr': [('a', '<f4')], " + rest));
  expect_in("float16 to float64", header("{'descr': '<f3', " + rest));
  for (const char* type : {"<U0", "<U", "|S", "<U99999999999", "<U1x"})
    expect_in("or text for targets", header("{'descr': '" + std::string(type) + "', " + rest));
  expect_in("each once", header("{'descr': '|u1', 'descr': '|u1', " + rest));
  expect_in("each once", header("{'other': 1, 'descr': '|u1', " + rest));
  expect_in("expected the keys", header("{'descr': '|u1', 'shape': (1, 2)}"));
  expect_in("expected True or False",
            header("{'descr': '|u1', 'fortran_order': 0, 'shape': (1, 2)}"));
  expect_in("a size of the shape",
            header("{'descr': '|u1', 'fortran_order': False, 'shape': (1, -2)}"));
  expect_in("expected ','", header("{'descr': '|u1', 'fortran_order': False, 'shape': (2)}"));
  expect_in("nothing but blanks", header("{'descr': '|u1', " + rest + " x"));
  expect_in("byte 6: found version 9.0", refuse(npy_with_header("{}", "", '\11')));
  std::string huge = npy_with_header("{}", "", 2);
  huge[10] = '\1';
  expect_in("byte 8: found a header of 65588 bytes", refuse(huge));
  expect_in("not an NPY file", refuse("PK\3\4"));
}

TEST(Npy, ComparesTheShapeWithTheSizeBeforeItAllocates) {
  expect_in("found 3 bytes of elements; expected 4 (2 × 2, 1 each)",
            refuse(npy("|u1", "(2, 2)", "abc")));
  expect_in("found 5 bytes", refuse(npy("|u1", "(2, 2)", "abcde")));
  expect_in("found the shape 2 × 0;", refuse(npy("|u1", "(2, 0)", "")));
  expect_in("as many elements", refuse(npy("<f8", "(4294967296, 4294967296)", "a")));
  expect_in("found 1 bytes", refuse(npy("<f8", "(4294967296, 4)", "a")));
  expect_in("two or more dimensions", refuse(npy("|u1", "(2,)", "ab")));
  expect_in("a single number", refuse(npy("|u1", "()", "a")));
}

TEST(Npy, WholeNumbersMayBeClassesAndFractionsAreValues) {
  const std::string x = npy("|u1", "(3, 1)", "abc");
  const auto read = [&](const std::string& y, TaskChoice task = TaskChoice::kAuto,
                        std::vector<std::string> classes = {}) {
    return numpy_dataset(parse(x), parse(y), task, classes);
  };
  const std::string integers = npy("<i8", "(3,)", bytes_of<std::int64_t>({10, -1, 9}));
  EXPECT_EQ(read(integers).task, Task::kRegression) << "each occurs once";
  EXPECT_EQ(read(npy("<f4", "(3,)", bytes_of<float>({1, 1, 1}))).task, Task::kClassification);
  const Dataset classes = read(integers, TaskChoice::kClassification);
  EXPECT_EQ(classes.classes, (std::vector<std::string>{"-1", "9", "10"}));
  EXPECT_EQ(classes.labels, (std::vector<std::uint32_t>{2, 0, 1}));
  EXPECT_EQ(read(integers, TaskChoice::kRegression).targets(1, 0), -1);
  EXPECT_EQ(read(integers, TaskChoice::kAuto, {"9", "10", "-1"}).labels,
            (std::vector<std::uint32_t>{1, 2, 0}));
  expect_in("a.npy[1]: unknown class '-1'", error_of<DataError>([&] {
              read(integers, TaskChoice::kAuto, {"9", "10"});
            }));

  const std::string floats = npy("<f4", "(3, 1)", bytes_of<float>({1, 2, 2.5F}));
  EXPECT_EQ(read(floats).task, Task::kRegression);
  EXPECT_EQ(read(floats).targets(2, 0), 2.5);
  EXPECT_EQ(read(floats, TaskChoice::kClassification).classes,
            (std::vector<std::string>{"1", "2", "2.5"}));
  const std::string two = npy("<f4", "(3, 2)", bytes_of<float>({1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(read(two).outputs(), 2U);
  expect_in("one class per row",
            error_of<DataError>([&] { read(two, TaskChoice::kClassification); }));
  expect_in("a.npy: 2 rows; expected one for each of the 3 of a.npy",
            error_of<DataError>([&] { read(npy("|u1", "(2,)", "ab")); }));
}

TEST(Npy, DamagedFilesAreRefusedOrRead) {
  const std::string content = npy("<f4", "(2, 2)", bytes_of<float>({1, 2, 3, 4}));
  const auto read = [](const std::string& damaged) { numpy_features(parse(damaged)); };
  refuse_truncations(content, 10'000, read);
  survive_changes(content, 10'000, 20'000, read);
}

using namespace testing_support;

const std::string kTrain = npy("|u1", "(3, 1, 2)", "abcdef");
const std::string kTrainLabels = npy("<i4", "(3,)", bytes_of<std::int32_t>({5, 7, 5}));
const std::string kTest = npy("|u1", "(1, 1, 2)", "gh");
const std::string kTestLabels = npy("|u1", "(1,)", "\7");

class Npz : public testing::Test {
 protected:
  Npz() {
    options_.source = DataSource::kNpz;
    options_.csv.task = TaskChoice::kClassification;
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

TEST_F(Npz, ArraysMayHaveOtherNames) {
  const auto names = [&](const std::vector<std::string>& arrays) {
    ZipMembers members;
    const std::string contents[] = {kTrain, kTrainLabels, kTest, kTestLabels};
    for (std::size_t i = 0; i < arrays.size(); ++i)
      members.emplace_back(arrays[i] + ".npy", contents[i]);
    write(members);
    const DataSplit data = load_data(options_);
    return std::pair(data.train.rows(), data.test.rows());
  };
  const std::pair<std::size_t, std::size_t> both(3, 1), train(3, 0);
  EXPECT_EQ(names({"train_images", "train_labels", "test_images", "test_labels"}), both);
  EXPECT_EQ(names({"train_images", "train_labels"}), train);
  EXPECT_EQ(names({"X", "y"}), train);
  EXPECT_EQ(names({"arr_0", "arr_1", "arr_2", "arr_3"}), train);
  options_.arrays = {"arr_0", "arr_1", "arr_2", "arr_3"};
  EXPECT_EQ(names(options_.arrays), both);
  options_.arrays = {"a", "b"};
  EXPECT_EQ(names({"a", "b", "x_test", "y_test"}), train);
  expect_in("found 'X', 'y'; expected a, b, which data.arrays names",
            refuse({{"X.npy", kTrain}, {"y.npy", kTrainLabels}}));
  options_.arrays = {"a", "b", "c"};
  expect_in("data.arrays: 'a, b, c' has 3 names",
            error_of<ConfigError>([&] { load_data(options_); }));
}

TEST_F(Npz, RefusesOtherArrays) {
  expect_in("mnist.npz and mnist.npz.gz are missing",
            error_of<DataError>([&] { load_data(options_); }));
  expect_in("found 'x', 'y'; expected x_train", refuse({{"x.npy", kTrain}, {"y.npy", kTest}}));
  expect_in("found a zip archive", refuse({{"x", kTrain}}));
  expect_in(
      "x_test",
      refuse({{"x_train.npy", kTrain}, {"y_train.npy", kTrainLabels}, {"x_test.npy", kTest}}));
  expect_in("x_train: byte 0: not an NPY file",
            refuse({{"x_train.npy", "text"}, {"y_train.npy", kTrainLabels}}));
  expect_in("y_train: 1 rows; expected one for each of the 3",
            refuse({{"x_train.npy", kTrain}, {"y_train.npy", kTestLabels}}));
  expect_in("y_test[0]: unknown class '1'", refuse({{"x_train.npy", kTrain},
                                                    {"y_train.npy", kTrainLabels},
                                                    {"x_test.npy", kTest},
                                                    {"y_test.npy", npy("|u1", "(1,)", "\1")}}));
  folder_.write("mnist.npz", "no archive");
  expect_in("not a zip archive", error_of<DataError>([&] { load_data(options_); }));
  options_.test = {"mnist.npz"};
  expect_in("data.test", error_of<ConfigError>([&] { load_data(options_); }));
}

TEST_F(Npz, TakesNoMemoryForWhatTheDirectoryOnlyClaims) {
  // The header of a deflated array of 100 MB claims two bytes: the array must not be unpacked.
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

  // The header claims the same, and the size in the directory agrees with it.
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
    // The content is in memory, as thousands of files would take long.
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
  EXPECT_EQ(first({{"only.npy", kTest}}), 'g');
  EXPECT_EQ(first({{"y.npy", kTrainLabels}, {"X.npy", kTrain}}), 'a');
  EXPECT_EQ(first({{"arr_1.npy", kTrainLabels}, {"arr_0.npy", kTest}}), 'g');
  expect_in("expected an array called x_test", error_of<DataError>([&] {
              first({{"a.npy", kTest}, {"b.npy", kTest}});
            }));
}

}  // namespace
}  // namespace nabla
