// SPDX-License-Identifier: MIT
#include "data/text_lines.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nabla/base/error.h"

#include "support/errors.h"

namespace nabla {
namespace {

using namespace testing_support;

/// Gives at most so many bytes of a text at once.
ReadText in_pieces(std::string_view text, std::size_t most) {
  return [read = read_from(text), most](std::span<char> out) {
    return read(out.first(std::min(out.size(), most)));
  };
}

std::vector<std::string> lines_of(std::string_view text, std::size_t piece) {
  TextLines lines(in_pieces(text, piece), "a");
  std::vector<std::string> result;
  while (lines.next()) {
    result.emplace_back(lines.line());
    EXPECT_EQ(lines.number(), result.size());
  }
  EXPECT_FALSE(lines.next());
  return result;
}

TEST(TextLines, EndWithLineFeedOrText) {
  using Lines = std::vector<std::string>;
  for (const std::size_t piece : {1U, 2U, 3U, 1000U}) {
    EXPECT_EQ(lines_of("", piece), Lines{});
    EXPECT_EQ(lines_of("\n", piece), Lines{""});
    EXPECT_EQ(lines_of("ab\n\nc\r\n", piece), (Lines{"ab", "", "c\r"}));
    EXPECT_EQ(lines_of("\xef\xbb\xbf"
                       "ab\nc",
                       piece),
              (Lines{"ab", "c"}));
  }
}

TEST(TextLines, MayBeLongerThanAPiece) {
  const std::string text = std::string(700'000, 'x') + "\n" + std::string(300'000, 'y') + "\nz";
  TextLines lines(in_pieces(text, 100'000), "a");
  for (const std::string_view line :
       {std::string_view(text).substr(0, 700'000), std::string_view(text).substr(700'001, 300'000),
        std::string_view("z")}) {
    ASSERT_TRUE(lines.next());
    EXPECT_TRUE(lines.line() == line);
  }
}

TEST(TextLines, RefuseForeignFormats) {
  expect_in("a zip archive",
            error_of<DataError>([] { TextLines(read_from(std::string_view("PK\3\4")), "a"); }));
}

}  // namespace
}  // namespace nabla
