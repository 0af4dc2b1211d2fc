// SPDX-License-Identifier: MIT
#include "data/label_file.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "nabla/base/error.h"

#include "support/errors.h"
#include "support/numpy_bytes.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using namespace testing_support;

class LabelFile : public testing::Test {
 protected:
  RowTargets read(const std::string& content) {
    folder_.write("y", content);
    return read_label_file(folder_.path() / "y");
  }
  std::string refuse(const std::string& content) {
    const std::string message = error_of<DataError>([&] { read(content); });
    expect_in("expected", message);
    return message;
  }

  TempFolder folder_;
};

TEST_F(LabelFile, IsATextWithALabelALine) {
  const RowTargets numbers = read("1\n 2.5 \n-3\r\n\n");
  ASSERT_EQ(numbers.rows(), 3U);
  EXPECT_EQ(numbers.values(1, 0), 2.5);
  EXPECT_EQ(numbers.values(2, 0), -3);
  EXPECT_TRUE(numbers.texts.empty());
  EXPECT_TRUE(numbers.place(1).ends_with("y:2"));

  const RowTargets texts = read(gzip("yes\nno\n1"));
  EXPECT_TRUE(texts.are_text);
  EXPECT_EQ(texts.texts, (std::vector<std::string>{"yes", "no", "1"}));

  const RowTargets large = read("9007199254740993\n5\n");
  EXPECT_FALSE(large.are_text);
  EXPECT_EQ(large.texts, (std::vector<std::string>{"9007199254740993", "5"}));

  expect_in("y:2: the label is missing", refuse("1\n\n2\n"));
  expect_in("y: no labels", refuse("\n \n"));
  expect_in("y:2: found 'inf'", refuse("1\ninf\n"));
}

TEST_F(LabelFile, IsAnArrayOfNumPy) {
  const std::string array = npy("<i8", "(2,)", bytes_of<std::int64_t>({4, 7}));
  EXPECT_EQ(read(array).values(1, 0), 7);
  const std::string path = write_zip(folder_.path() / "y.npz", {{"labels.npy", array}}).string();
  EXPECT_EQ(read_label_file(path).values(0, 0), 4);
  write_zip(path, {{"a.npy", array}, {"b.npy", array}});
  expect_in("y.npz: found 2 arrays; expected one",
            error_of<DataError>([&] { read_label_file(path); }));
}

}  // namespace
}  // namespace nabla
