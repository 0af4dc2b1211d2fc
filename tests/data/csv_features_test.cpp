// SPDX-License-Identifier: MIT
#include "data/csv_features.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "nabla/base/error.h"

#include "support/errors.h"

namespace nabla {
namespace {

using Values = std::vector<double>;

/// size, color, weight, kind; color is red or blue, kind the target.
TableColumns known(bool with_names = true) {
  TableColumns columns;
  columns.count = 4;
  if (with_names) columns.names = {"size", "color", "weight", "kind"};
  columns.targets = {3};
  columns.weights = 2;
  return columns;
}
const OneHot kColors{{{1, {"blue", "red"}}}};
constexpr std::size_t kInputs = 3;

CsvFeatures features_of(ReadText read, const TableColumns& columns = known(),
                        const OneHot& one_hot = kColors, std::size_t inputs = kInputs) {
  return {CsvTokens(std::move(read), "t.csv"), CsvHeader::kAuto, columns, one_hot, inputs};
}

Values all_of(CsvFeatures features) {
  Values values;
  while (const auto block = features.next())
    for (std::size_t row = 0; row < block->rows(); ++row)
      values.insert(values.end(), block->row(row).begin(), block->row(row).end());
  return values;
}

std::string refusal(std::string_view text, const TableColumns& columns = known()) {
  const std::string message =
      error_of<DataError>([&] { all_of(features_of(read_from(text), columns)); });
  EXPECT_TRUE(message.starts_with("t.csv:")) << message;
  expect_in("expected", message);
  return message;
}

TEST(CsvFeatures, FindsColumnsByNameInAnyOrder) {
  const Values expected = {7, 0, 1, 8, 1, 0};
  for (const char* text :
       {"color,size\nred,7\nblue,8\n", "size,color,weight,kind\n7,red,1,?\n8,blue,x,\n",
        "kind,color,size\n,red,7\n,blue,8\n", "size;color\n7;red\n8;blue\n"})
    EXPECT_EQ(all_of(features_of(read_from(text))), expected) << text;
  expect_in("t.csv:1: the feature column 'color' is missing", refusal("size,colour\n7,red\n"));
  expect_in("column 2 (id)", refusal("size,id,color\n7,1,red\n"));
}

TEST(CsvFeatures, FindsColumnsByPositionWithoutBothHeaders) {
  const Values expected = {7, 0, 1, 8, 1, 0};
  for (const bool named : {false, true})
    for (const char* text : {"7,red\n8,blue\n", "7,red,1,?\n8,blue,,\n"})
      EXPECT_EQ(all_of(features_of(read_from(text), known(named))), expected) << text;
  EXPECT_EQ(all_of(features_of(read_from("x,y\n7,red\n8,blue\n"), known(false))), expected);
  expect_in("t.csv:1: found 3 columns; expected the model's 2 features, or the 4 columns",
            refusal("7,red,1\n"));
  TableColumns first_is_target;
  first_is_target.count = 3;
  first_is_target.targets = {0};
  EXPECT_EQ(all_of(features_of(read_from("x,1,2\n"), first_is_target, {}, 2)), (Values{1, 2}));
}

TEST(CsvFeatures, TakesTheLastColumnForATargetWhereNoTableIsKnown) {
  EXPECT_EQ(all_of(features_of(read_from("1,2,x\n"), {}, {}, 2)), (Values{1, 2}));
  EXPECT_EQ(all_of(features_of(read_from("1,2\n"), {}, {}, 2)), (Values{1, 2}));
}

TEST(CsvFeatures, NamesThePlaceOfBadCells) {
  expect_in("t.csv:3: column 2 (color): unknown category 'green'",
            refusal("size,color\n7,red\n8,green\n"));
  expect_in("t.csv:2: column 1: the value is missing ('NA')", refusal("7,red\nNA,red\n"));
  expect_in("t.csv:2: found 3 columns", refusal("7,red\n7,red,1\n"));
  EXPECT_THROW(all_of(features_of(read_from(""))), DataError);
}

TEST(CsvFeatures, GivesRowsAsTheyArrive) {
  const std::vector<std::string> pieces = {"size,co", "lor\n7,red\n", "8,blue\n9,red\n1", "0,blue"};
  std::size_t reads = 0;
  CsvFeatures features = features_of([&](std::span<char> out) -> std::size_t {
    if (reads == pieces.size()) return 0;
    std::ranges::copy(pieces[reads], out.begin());
    return pieces[reads++].size();
  });
  std::vector<std::size_t> rows, reads_before;
  while (const auto block = features.next()) {
    rows.push_back(block->rows());
    reads_before.push_back(reads);
  }
  EXPECT_EQ(rows, (std::vector<std::size_t>{1, 2, 1}));
  EXPECT_EQ(reads_before, (std::vector<std::size_t>{2, 3, 4}));
}

}  // namespace
}  // namespace nabla
