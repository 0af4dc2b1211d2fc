// SPDX-License-Identifier: MIT
#include "data/csv_texts.h"

#include <cstddef>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

#include "nabla/base/error.h"

#include "support/errors.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using TextCells = std::vector<std::string>;
using TextRows = std::vector<std::size_t>;
using Paths = std::vector<std::filesystem::path>;

/// Returns the options of a table of these columns, the last of which is the target.
CsvOptions options_of(TextCells names) {
  CsvOptions options;
  TableColumns& columns = options.known_columns;
  columns.count = names.size();
  columns.names = std::move(names);
  columns.targets = {columns.count - 1};
  return options;
}

TEST(CsvTexts, AreThoseOfTheRowsAskedFor) {
  const TempFolder folder;
  const Paths files = {folder.write("a.csv", "size; town;kind\n1,50;\"A;B\";x\n2,5; Bonn ;y\n"),
                       folder.write("b.csv", "size;town;kind\n007;;x\n")};
  const auto texts =
      read_csv_texts(files, options_of({"size", "town", "kind"}), TextRows{2, 0, 2, 9});
  ASSERT_EQ(texts.size(), 4U);
  EXPECT_EQ(texts[0].features, (TextCells{"007", ""}));
  EXPECT_EQ(texts[1].features, (TextCells{"1,50", "A;B"}));
  EXPECT_EQ(texts[1].decimal, ',');
  EXPECT_EQ(texts[2].features, texts[0].features);
  EXPECT_TRUE(texts[3].features.empty());
}

TEST(CsvTexts, OfFilesWithOtherColumnsInAnotherOrder) {
  const TempFolder folder;
  const Paths files = {folder.write("a.csv", "size,town,size,kind\n1.5,Bonn,2,x\n"),
                       folder.write("b.csv", "kind;more;size;size;town\ny;0;7,5;8;Ulm\n")};
  const auto texts =
      read_csv_texts(files, options_of({"size", "town", "size", "kind"}), TextRows{0, 1});
  EXPECT_EQ(texts[0].features, (TextCells{"1.5", "Bonn", "2"}));
  EXPECT_EQ(texts[1].features, (TextCells{"7,5", "Ulm", "8"})) << "equal names keep their order";
  EXPECT_EQ(texts[0].decimal, '.');
  EXPECT_EQ(texts[1].decimal, ',');
}

TEST(CsvTexts, NeedTheFiles) {
  const TempFolder folder;
  const Paths files = {folder.path() / "none.csv"};
  const CsvOptions options = options_of({"size", "kind"});
  expect_in("none.csv", error_of<DataError>([&] { read_csv_texts(files, options, TextRows{0}); }));
  EXPECT_TRUE(read_csv_texts(files, options, {}).empty());
}

}  // namespace
}  // namespace nabla
