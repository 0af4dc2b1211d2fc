// SPDX-License-Identifier: MIT
#include "data/pickle.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/data/data_options.h"

#include "support/errors.h"
#include "support/features.h"
#include "support/files.h"
#include "support/hostile.h"
#include "support/places.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using namespace std::string_literals;
using namespace testing_support;
using Labels = std::vector<std::uint32_t>;

/// Returns one of the files that tests/data/pickles/make has written.
std::string protocol(int number) {
  const auto path = source_folder() / "tests/data/pickles";
  const std::string content = read_text(path / ("protocol" + std::to_string(number) + ".pkl"));
  EXPECT_FALSE(content.empty());
  return content;
}

/// Returns an array of bytes as Python 2's cPickle writes it with protocol 2.
const std::string kPython2Binary =
    "cnumpy.core.multiarray\n_reconstruct\nq\1cnumpy\nndarray\nq\2K\0\x85U\1b\x87Rq\3(K\1K\2K\2\x86"
    "cnumpy\ndtype\nq\4U\2u1K\0K\1\x87Rq\5(K\3U\1|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89"
    "U\4a\0\n\xfftb"s;
/// Returns the same with protocol 0, in text.
const std::string kPython2Text =
    "cnumpy.core.multiarray\n_reconstruct\np0\n(cnumpy\nndarray\np1\n(I0\ntp2\nS'b'\np3\ntp4\nRp5\n"
    "(I1\n(L2L\nI2\ntp6\ncnumpy\ndtype\np7\n(S'u1'\np8\nI0\nI1\ntp9\nRp10\n(I3\nS'|'\np11\nNNNI-1\n"
    "I-1\nI0\ntp12\nbI00\nS'a\\x00\\n\\xff'\np13\ntp14\nb"s;
/// Two labels.
const std::string kPython2Labels =
    "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n("
    "I2\ntcnumpy\ndtype\n"
    "(S'i1'\nI0\nI1\ntR(I3\nS'|'\nNNNI-1\nI-1\nI0\ntbI00\nS\"\\x04'\"\ntb"s;

class Pkl : public testing::Test {
 protected:
  Pkl() {
    options_.source = DataSource::kPkl;
    options_.dir = folder_.path();
  }
  DataSplit load(const std::string& content) {
    folder_.write("mnist.pkl", content);
    return load_data(options_);
  }
  std::string refuse(const std::string& content) {
    const std::string message = error_of<DataError>([&] { load(content); });
    EXPECT_TRUE(message.starts_with((folder_.path() / "mnist.pkl: ").string())) << message;
    expect_in("expected", message);
    return message;
  }

  TempFolder folder_;
  DataOptions options_;
};

void expect_triple(const DataSplit& data) {
  const std::vector<float> train{0, 0.1F, 10.25F, -0.7F, 1, 13, 2, 3, 4};
  ASSERT_EQ(data.train.rows(), 3U);
  ASSERT_EQ(data.train.inputs(), 3U);
  EXPECT_EQ(data.train.features.index(), 1U);
  for (std::size_t i = 0; i < 9; ++i)
    EXPECT_EQ(copy_of_features(data.train)(i / 3, i % 3), static_cast<double>(train[i]));
  EXPECT_EQ(data.train.labels, (Labels{1, 0, 2}));
  EXPECT_EQ(data.train.classes, (std::vector<std::string>{"0", "3", "9"}));
  ASSERT_EQ(data.validation.rows(), 2U);
  for (std::size_t i = 0; i < 6; ++i)
    EXPECT_EQ(copy_of_features(data.validation)(i / 3, i % 3), static_cast<double>(i + 1));
  EXPECT_EQ(data.validation.labels, (Labels{2, 2}));
  EXPECT_EQ(copy_of_features(data.test)(0, 0), 7.5);
  EXPECT_EQ(data.test.labels, (Labels{0}));
}

TEST_F(Pkl, ReadsTheTripleOfEveryProtocol) {
  for (int number = 0; number <= 5; ++number) expect_triple(load(protocol(number)));
  expect_triple(load(gzip(protocol(4))));
  // NumPy 2 has moved this function.
  std::string moved = protocol(0);
  const std::string old = "numpy.core.multiarray";
  ASSERT_NE(moved.find(old), std::string::npos);
  moved.replace(moved.find(old), old.size(), "numpy._core.multiarray");
  expect_triple(load(moved));
}

TEST_F(Pkl, ReadsWhatPython2Wrote) {
  for (const std::string& array : {kPython2Binary, kPython2Text}) {
    // This is [(x, y), (x, y)].
    const DataSplit data =
        load("\x80\2](("s + array + kPython2Labels + "t(" + array + kPython2Labels + "te.");
    EXPECT_EQ(data.train.features.index(), 0U);
    EXPECT_EQ(copy_of_features(data.train)(0, 0), 'a');
    EXPECT_EQ(copy_of_features(data.train)(1, 0), '\n');
    EXPECT_EQ(copy_of_features(data.train)(1, 1), 255);
    EXPECT_EQ(data.train.classes, (std::vector<std::string>{"4", "39"}));
    EXPECT_EQ(data.validation.rows(), 0U);
    EXPECT_EQ(data.test.rows(), 2U);
  }
}

TEST_F(Pkl, ValidationRowsJoinTheTrainingRowsWhenOthersAreAskedFor) {
  options_.validation = 1;
  const DataSplit data = load(protocol(2));
  EXPECT_EQ(data.train.labels, (Labels{1, 0, 2, 2}));
  EXPECT_EQ(copy_of_features(data.train)(3, 2), 3);
  EXPECT_EQ(data.validation.rows(), 1U);
  EXPECT_EQ(copy_of_features(data.validation)(0, 2), 6);
  options_.validation = 2;
  expect_triple(load(protocol(2)));

  options_.validation = 0;
  options_.limit = 1;
  EXPECT_EQ(load(protocol(2)).train.rows(), 1U);
  EXPECT_EQ(load(protocol(2)).validation.rows(), 2U);

  options_.limit = 0;
  options_.csv.task = TaskChoice::kRegression;
  options_.validation = 1;
  EXPECT_EQ(load(protocol(5)).train.targets(3, 0), 9);
}

TEST_F(Pkl, RefusesEveryOtherGlobalByName) {
  expect_in("byte 2: the pickle names 'os.system', which is not read",
            refuse("\x80\2cos\nsystem\n(S'true'\ntR."s));
  expect_in("byte 19: the pickle names 'builtins.eval'",
            refuse("\x80\4\x8c\10builtins\x8c\4eval\x94\x93."s));
  expect_in("numpy.ndarray is called", refuse("cnumpy\nndarray\n)R."));
  expect_in("found the instruction 81", refuse("cnumpy\nndarray\n)\x81."));
  expect_in("found the instruction 69", refuse("(i__builtin__\neval\n."));
  expect_in("found a call of a tuple", refuse("))R."));
}

TEST_F(Pkl, RefusesOtherObjects) {
  expect_in("found other objects", refuse("N."));
  expect_in("found other objects", refuse("(" + kPython2Binary + kPython2Labels + "t."));
  // This list holds itself.
  expect_in("found other objects", refuse("]q\1h\1a."));
  expect_in("dtype '|O8'",
            refuse("(" + std::string(kPython2Text).replace(kPython2Text.find("u1"), 2, "O8")));
  expect_in(
      "found 4 bytes as elements of an array; expected 6",
      refuse(std::string(kPython2Binary).replace(kPython2Binary.find("K\2K\2"), 4, "K\3K\2")));
  expect_in("byte 1: nothing was remembered under 7", refuse("(h\7."));
  expect_in("no mark", refuse("t."));
  expect_in("the stack is empty", refuse("(a."));
  expect_in("3 bytes follow", refuse("N.abc"));
  expect_in("found protocol 6", refuse("\x80\6N."));
}

TEST_F(Pkl, BoundsWorkAndMemory) {
  expect_in("instructions; expected a few arrays", refuse(std::string(300'000, '(') + "."));
  largest_allocation();
  expect_in("the file ends", refuse("B\xff\xff\xff\x7f"s));
  expect_in("the file ends", refuse("\x8e\xff\xff\xff\xff\xff\xff\xff\xff"s));
  EXPECT_LE(largest_allocation().value_or(0), 1'000'000U);
  // A text that is encoded again and again would grow without bound.
  std::string again = "X\xe8\3\0\0"s + std::string(1000, 'x') + "q\1";
  for (int i = 0; i < 1000; ++i) again += "c_codecs\nencode\nh\1U\6latin1\x86R";
  expect_in("expected each text once", refuse(again + "."));
}

TEST_F(Pkl, DamagedFilesAreRefusedOrRead) {
  // The content is in memory, as thousands of files would take long.
  const auto read = [&](const std::string& damaged) {
    const Pickle pickle({std::as_bytes(std::span(damaged)), nullptr}, "a.pkl");
    const auto parts = pickle.items(pickle.root());
    if (parts.empty()) throw DataError("expected parts");
    for (const PickleId part : parts)
      for (const PickleId array : pickle.items(part)) {
        const NumpyArray found = pickle.array(array, "part");
        if (found.shape.size() == 1)
          numpy_targets(found);
        else
          numpy_features(found);
      }
  };
  for (int number = 0; number <= 5; ++number) {
    refuse_truncations(protocol(number), 1'000'000, read);
    survive_changes(protocol(number), 1'000'000, 2000, read);
  }
}

TEST_F(Pkl, FeaturesForPrediction) {
  const auto first = [&](const std::string& content) {
    return copy_of_features(
        read_pkl_features({std::as_bytes(std::span(content)), nullptr}, "x.pkl"))(0, 0);
  };
  EXPECT_EQ(first(protocol(3)), 7.5) << "the test rows";
  EXPECT_EQ(first(kPython2Text + "."), 'a');
  EXPECT_EQ(first("(" + kPython2Text + kPython2Labels + "t."), 'a');
}

}  // namespace
}  // namespace nabla
