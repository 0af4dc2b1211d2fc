// SPDX-License-Identifier: MIT
#include "data/csv_dialect.h"

#include <gtest/gtest.h>
#include <string>

namespace nabla {
namespace {

char separator(const std::string& text) { return find_dialect(text, {}).separator; }
char decimal(const std::string& text) { return find_dialect(text, {}).decimal; }

TEST(CsvDialect, TheSeparatorGivesRowsEquallyManyCells) {
  EXPECT_EQ(separator("1,2\n3,4\n"), ',');
  EXPECT_EQ(separator("a;b\n\n1;2"), ';');
  EXPECT_EQ(separator("a\tb\r\n1\t\r\n"), '\t');
  // Most cells come first, and commas before others of as many.
  EXPECT_EQ(separator("a b,c;d;e\n1,2;3;4\n"), ';');
  EXPECT_EQ(separator("a,b;c\n1,y;x\n"), ',');
  // Neither characters within quotes nor those that some rows have more of.
  EXPECT_EQ(separator("\"a;b\",\"c;\"\"d\"\n\"e;f\",\"g;h\n\"\n"), ',');
  EXPECT_EQ(separator("a,b;c\n1;2\n"), ';');
  EXPECT_EQ(separator("5\" pipe,1\n6\" pipe,2\n"), ',');
}

TEST(CsvDialect, BlanksSeparateIfNothingElseDoes) {
  EXPECT_EQ(separator("1 2\n3  4\n"), kBlanksSeparator);
  EXPECT_EQ(separator("1\t2\n3\t\t4\n"), kBlanksSeparator);
  EXPECT_EQ(separator("  1.5  2 3\n10.5 12 3\n"), kBlanksSeparator);
  EXPECT_EQ(separator("1\n2\n"), ',');
  // A tab before the last column only.
  EXPECT_EQ(separator("1 2 3\t\"a b\"\n4 ? 6\t\"c\"\n"), kBlanksSeparator);
  EXPECT_EQ(separator("a b,c\nd e,f\n"), ',');
  EXPECT_EQ(separator("\"1 2\",3\n"), ',');
}

TEST(CsvDialect, RowsOfDifferentWidthKeepTheSeparatorOfTheFirst) {
  EXPECT_EQ(separator("1,2,3\n4,5\n"), ',');
  EXPECT_EQ(separator("1, 2, 3\n1, 2, 3,\n"), ',');
  EXPECT_EQ(separator("1;2;3\n4;5\n"), ';');
  EXPECT_EQ(separator("1 2 3\n4 5\n"), kBlanksSeparator);
}

TEST(CsvDialect, OnlyTheFirstThousandRowsAreJudged) {
  std::string text;
  for (std::size_t row = 1; row < kSampledRows; ++row) text += "a;b\tc\n";
  EXPECT_EQ(separator(text + "a;b;c\td\n"), '\t');
  EXPECT_EQ(separator(text + "a;b\tc\na;b;c\td\n"), ';');
}

TEST(CsvDialect, ACommaIsTheDecimalMarkIfEachCellWithOneIsANumber) {
  EXPECT_EQ(decimal("1,5;2\n3;4,25\n"), ',');
  EXPECT_EQ(separator("1,5;2,5\n3,5;4,25\n"), ';');
  EXPECT_EQ(decimal("1,5 2\n3 4,25\n"), ',');
  EXPECT_EQ(decimal("length, cm;x\n1,5;2\n"), ',');  // the first row may be a header
  EXPECT_EQ(decimal("a;b\n1,5;2\n3;x,y\n"), '.');
  EXPECT_EQ(decimal("1;2\n3;4\n"), '.');
  EXPECT_EQ(decimal("1,5\n2,5\n"), '.');
  EXPECT_EQ(find_dialect("1,5\n", {.decimal = CsvDecimal::kComma}).decimal, ',');
  EXPECT_EQ(find_dialect("1,5;2\n", {.decimal = CsvDecimal::kPoint}).decimal, '.');
}

TEST(CsvDialect, AChosenOrNamedSeparatorIsTaken) {
  EXPECT_EQ(find_dialect("1,2\n", {.separator = CsvSeparator::kTab}).separator, '\t');
  EXPECT_EQ(find_dialect("1,2\n", {}, '|').separator, '|');
  EXPECT_EQ(find_dialect("1,2\n", {.separator = CsvSeparator::kComma}, '|').separator, ',');
  EXPECT_EQ(separator(""), ',');
}

}  // namespace
}  // namespace nabla
