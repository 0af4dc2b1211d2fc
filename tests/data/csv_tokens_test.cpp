// SPDX-License-Identifier: MIT
#include "data/csv_tokens.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "nabla/base/error.h"

#include "support/errors.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

struct Row {
  std::size_t line;
  std::vector<std::string> cells;
  bool operator==(const Row&) const = default;
};

/// Returns a function that reads a text in pieces of at most `size` bytes.
ReadText in_pieces(std::string text, std::size_t size) {
  return [text, size, at = std::size_t{0}](std::span<char> out) mutable {
    const std::size_t count = std::min({size, out.size(), text.size() - at});
    std::copy_n(text.data() + at, count, out.begin());
    at += count;
    return count;
  };
}

std::vector<Row> rows_of(CsvTokens tokens) {
  std::vector<Row> rows;
  while (tokens.next_row())
    rows.push_back({tokens.line(), {tokens.cells().begin(), tokens.cells().end()}});
  return rows;
}

constexpr const char* kTexts[] = {
    "\xef\xbb\xbf\n\r\n a ,\"b\r\nc\"\r\n\r\n\"d\"\"e\",\"\"\"\" \rx,\n\n,y\r\n",
    "a;b\tc,d\n1;2\t3,4",
    "1\t2\n3\t4\n",
    "\r\r\"\"\r\"\",\"\n\n\"\r",
    "\xef\xbb\xbfsep=|\r\na,b|c\r\n1,5|2\r\n",
    "sep=;",
    "1,2",
    ""};

TEST(CsvTokens, PiecesOfAnySizeGiveTheSameRows) {
  EXPECT_EQ(rows_of({read_from(kTexts[0]), "t"}),
            (std::vector<Row>{
                {3, {"a", "b\r\nc"}}, {6, {"d\"e", "\""}}, {7, {"x", ""}}, {9, {"", "y"}}}));
  for (const char* text : kTexts) {
    const std::vector<Row> whole = rows_of({read_from(text), "t"});
    for (std::size_t size = 1; size < 20; ++size)
      EXPECT_EQ(rows_of({in_pieces(text, size), "t"}), whole) << text << size;
  }
}

TEST(CsvTokens, TheFirstLineMayNameTheSeparator) {
  const auto rows = [](const char* text) { return rows_of({read_from(text), "t"}); };
  EXPECT_EQ(rows("sep=;\na,b;c\n1,5;2\n"),
            (std::vector<Row>{{2, {"a,b", "c"}}, {3, {"1,5", "2"}}}));
  EXPECT_EQ(rows("\xef\xbb\xbfsep=,\r\n1;2,3"), (std::vector<Row>{{2, {"1;2", "3"}}}));
  EXPECT_EQ(rows("sep=\t\n1,2,3\t4"), (std::vector<Row>{{2, {"1,2,3", "4"}}}));
  // These are names of columns.
  EXPECT_EQ(rows("sep=;x\n1;2"), (std::vector<Row>{{1, {"sep=", "x"}}, {2, {"1", "2"}}}));
  EXPECT_EQ(rows("sep=a\n1"), (std::vector<Row>{{1, {"sep=a"}}, {2, {"1"}}}));
  EXPECT_EQ(rows("x\nsep=;"), (std::vector<Row>{{1, {"x"}}, {2, {"sep=;"}}}));
}

TEST(CsvTokens, GivesWhatHasArrivedWithoutReadingOn) {
  std::vector<std::string> pieces = {"1,2\n3,", "4\n5,6\n7", ",8"};
  std::size_t reads = 0;
  CsvTokens tokens(
      [&](std::span<char> out) -> std::size_t {
        if (reads == pieces.size()) return 0;
        const std::string& piece = pieces[reads++];
        std::copy(piece.begin(), piece.end(), out.begin());
        return piece.size();
      },
      "t", {}, CsvTokens::Judged::kArrived);
  std::vector<std::size_t> rows_of_piece;
  while (!tokens.ended()) {
    std::size_t rows = 0;
    while (tokens.next_row_at_hand()) ++rows;
    rows_of_piece.push_back(rows);
    tokens.read_on();
  }
  EXPECT_TRUE(tokens.next_row_at_hand());
  EXPECT_EQ(tokens.cells()[1], "8");
  EXPECT_EQ(rows_of_piece, (std::vector<std::size_t>{1, 2, 0}));
}

TEST(CsvTokens, HoldsRowsThatAreLongerThanItsBuffer) {
  const std::string cell(900'000, 'x');
  const std::vector<Row> rows =
      rows_of({read_from("a," + cell + "\n\"" + cell + "\",b\nc,d\n"), "t"});
  EXPECT_EQ(rows, (std::vector<Row>{{1, {"a", cell}}, {2, {cell, "b"}}, {3, {"c", "d"}}}));
}

TEST(CsvTokens, RefusesARowWithoutEnd) {
  const std::string message = error_of<DataError>([] {
    std::size_t reads = 0;
    rows_of({[&](std::span<char> out) {
               std::fill(out.begin(), out.end(), 'x');
               if (reads++ == 0) std::copy_n("1,2\n3,\"", 7, out.begin());
               return out.size();
             },
             "endless"});
  });
  expect_in("endless:2: a row of more than 64 MiB begins here; expected", message);
}

TEST(CsvTokens, ReadsGzipMembersOfAnySize) {
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += std::to_string(i * 2654435761U) + ",x\n";
  const TempFolder folder;
  const auto path =
      folder.write("t", gzip(text.substr(0, 1'000'001)) + gzip("") + gzip(text.substr(1'000'001)));
  EXPECT_EQ(rows_of(open_csv(path)), rows_of({read_from(text), "t"}));
}

}  // namespace
}  // namespace nabla
