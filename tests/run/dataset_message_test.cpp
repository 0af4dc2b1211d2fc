// SPDX-License-Identifier: MIT
#include "run/dataset_message.h"

#include <gtest/gtest.h>
#include <utility>

namespace nabla {
namespace {

TEST(DatasetMessage, HasAllButTheFeatures) {
  Dataset data;
  data.features = FeatureMatrix<float>(Matrix<float>(3, 2));
  data.task = Task::kMultiLabel;
  data.labels = {2, 0, 1};
  data.classes = {"a", "", "ü"};
  data.targets = Matrix<double>(3, 2);
  data.targets(2, 1) = 0.1;
  data.weights = {1, 0, 1e-300};
  data.image_height = 4;
  data.image_width = 5;
  data.one_hot.columns = {{1, {"x", "y"}}, {3, {"z"}}};
  data.columns = {.count = 4,
                  .names = {"p", "q"},
                  .targets = {3, 0},
                  .weights = 2,
                  .ignored = {1},
                  .missing_values = {"na"}};
  data.format = {CsvSeparator::kTab, CsvDecimal::kComma, CsvHeader::kNo};
  data.warnings = {"w"};
  const Dataset read = dataset_message(to_bytes(data));
  EXPECT_EQ(read.rows(), 0U);
  EXPECT_EQ(read.task, data.task);
  EXPECT_EQ(read.labels, data.labels);
  EXPECT_EQ(read.classes, data.classes);
  EXPECT_EQ(read.targets.rows(), 3U);
  EXPECT_EQ(read.targets(2, 1), 0.1);
  EXPECT_EQ(read.weights, data.weights);
  EXPECT_EQ(read.image_height, 4U);
  EXPECT_EQ(read.image_width, 5U);
  EXPECT_EQ(read.one_hot, data.one_hot);
  EXPECT_EQ(read.columns, data.columns);
  EXPECT_EQ(read.format, data.format);
  EXPECT_EQ(read.warnings, data.warnings);
  data.columns.weights = {};
  EXPECT_EQ(dataset_message(to_bytes(data)).columns, data.columns);
}

TEST(DatasetMessage, KnowsThePlacesOfRows) {
  const RowOrigin files({{.name = "a.csv", .first_row = 0, .runs = {{0, 2}, {1, 7}}},
                         {.name = "b.npz", .first_row = 2}});
  Dataset data;
  data.features = FeatureMatrix<float>(Matrix<float>(3, 1));
  for (const RowOrigin& origin : {RowOrigin(), files, files.slice(1), files.select({3, 0, 2}),
                                  RowOrigin().select({5, 4, 9})}) {
    data.origin = origin;
    const RowOrigin read = dataset_message(to_bytes(data)).origin;
    EXPECT_EQ(read.empty(), origin.empty());
    for (std::size_t row = 0; row < 3; ++row) {
      EXPECT_EQ(read.index(row), origin.index(row));
      EXPECT_EQ(read.place(row), origin.place(row));
    }
  }
  EXPECT_EQ(dataset_message(to_bytes(slice(data, 0, 0))).labels.size(), 0U);
}

}  // namespace
}  // namespace nabla
