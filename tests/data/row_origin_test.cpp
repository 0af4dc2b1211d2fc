// SPDX-License-Identifier: MIT
#include "nabla/data/row_origin.h"

#include <gtest/gtest.h>

#include "nabla/data/dataset.h"

#include "data/csv.h"

namespace nabla {
namespace {

TEST(RowOrigin, CountsLinesOrRowsWithinEachRun) {
  const RowOrigin origin(
      {{.name = "a.csv", .runs = {{0, 2}, {3, 9}}}, {.name = "b.npz", .first_row = 5}});
  EXPECT_EQ(origin.place(0), "a.csv:2");
  EXPECT_EQ(origin.place(2), "a.csv:4");
  EXPECT_EQ(origin.place(3), "a.csv:9");
  EXPECT_EQ(origin.place(4), "a.csv:10");
  EXPECT_EQ(origin.place(5), "b.npz: row 1");
  EXPECT_EQ(origin.place(105), "b.npz: row 101");
}

TEST(RowOrigin, FollowsSlicesAndSelections) {
  const RowOrigin origin({{.name = "a.npz"}});
  EXPECT_EQ(origin.slice(10).place(1), "a.npz: row 12");
  EXPECT_EQ(origin.slice(10).select({5, 2}).place(1), "a.npz: row 13");
  EXPECT_EQ(origin.select({7, 5, 2}).slice(1).select({1, 0}).place(0), "a.npz: row 3");
}

TEST(RowOrigin, OfRowsFromMemoryIsEmptyButKnowsWhichWereSelected) {
  EXPECT_TRUE(RowOrigin().empty());
  EXPECT_EQ(RowOrigin().index(4), 4U);
  EXPECT_EQ(RowOrigin().place(4), "row 5");
  const RowOrigin selected = RowOrigin().slice(10).select({7, 3}).slice(1);
  EXPECT_TRUE(selected.empty());
  EXPECT_EQ(selected.index(0), 13U);
  EXPECT_EQ(selected.place(0), "row 1") << "the caller gave these rows";
  EXPECT_EQ(selected.place(0, "the test rows"), "the test rows: row 1");
}

// Empty lines come between the rows.
TEST(RowOrigin, OfATableIsTheLine) {
  CsvOptions options;
  options.targets = {"kind"};
  const Dataset data = parse_csv("size,kind\n1,a\n\n2,b\n\n\n3,a\n", "t.csv", options);
  EXPECT_EQ(data.origin.place(0), "t.csv:2");
  EXPECT_EQ(data.origin.place(1), "t.csv:4");
  EXPECT_EQ(data.origin.place(2), "t.csv:7");
  EXPECT_EQ(select(data, {2, 0}).origin.place(0), "t.csv:7");
  EXPECT_EQ(slice(data, 1, 2).origin.place(0), "t.csv:4");
}

}  // namespace
}  // namespace nabla
