// SPDX-License-Identifier: MIT
#include "data/csv_texts.h"

#include <cstdint>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "nabla/base/error.h"

#include "support/errors.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using TextCells = std::vector<std::string>;
using TextRows = std::vector<std::uint32_t>;

TEST(CsvTexts, AreThoseOfTheRowsAskedFor) {
  const TempFolder folder;
  folder.write("a.csv", "size; town;kind\n1,50;\"A;B\";x\n2,5; Bonn ;y\n");
  folder.write("b.csv", "size;town;kind\n007;;x\n");
  const std::vector<std::filesystem::path> files = {folder.path() / "a.csv",
                                                    folder.path() / "b.csv"};
  const CsvTexts texts = read_csv_texts(files, {}, TextRows{2, 0, 2, 9});
  EXPECT_EQ(texts.header, (TextCells{"size", "town", "kind"}));
  EXPECT_EQ(texts.decimal, ',');
  ASSERT_EQ(texts.rows.size(), 4U);
  EXPECT_EQ(texts.rows[0], (TextCells{"007", "", "x"}));
  EXPECT_EQ(texts.rows[1], (TextCells{"1,50", "A;B", "x"}));
  EXPECT_EQ(texts.rows[2], texts.rows[0]);
  EXPECT_TRUE(texts.rows[3].empty());
}

TEST(CsvTexts, NeedTheFiles) {
  const TempFolder folder;
  const std::vector<std::filesystem::path> files = {folder.path() / "none.csv"};
  expect_in("none.csv", error_of<DataError>([&] { read_csv_texts(files, {}, TextRows{0}); }));
  EXPECT_TRUE(read_csv_texts(files, {}, {}).rows.empty());
}

}  // namespace
}  // namespace nabla
