// SPDX-License-Identifier: MIT
#include "data/describe.h"

#include <gtest/gtest.h>
#include <initializer_list>
#include <limits>
#include <utility>

#include "nabla/data/data_options.h"

#include "data/entry_counts.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using NumberRows = std::initializer_list<std::initializer_list<double>>;
using Counts = std::vector<std::size_t>;

template <class T = double>
Matrix<T> matrix(NumberRows rows) {
  Matrix<T> result(rows.size(), rows.begin()->size());
  T* next = result.data();
  for (const auto& row : rows)
    for (const double x : row) *next++ = static_cast<T>(x);
  return result;
}

template <class T = double>
Dataset classes(NumberRows rows, std::vector<std::uint32_t> labels) {
  Dataset data;
  data.features = matrix<T>(rows);
  data.labels = std::move(labels);
  data.classes = {"a", "b", "c"};
  return data;
}

DataSplit split_of(Dataset train, Dataset validation, Dataset test) {
  return {std::move(train), std::move(validation), std::move(test)};
}

DataSplit split_of(const Dataset& train) { return {train, slice(train, 0, 0), slice(train, 0, 0)}; }

TEST(Describe, CountsRowsAndClassesOfEachPart) {
  const DataDescription found = describe(split_of(
      classes({{1}, {2}, {3}}, {2, 0, 2}), classes({{4}}, {1}), classes({{5}, {6}}, {0, 0})));
  EXPECT_EQ(found.train.class_rows, (Counts{1, 0, 2}));
  EXPECT_EQ(found.validation.class_rows, (Counts{0, 1, 0}));
  EXPECT_EQ(found.test.class_rows, (Counts{2, 0, 0}));
  EXPECT_EQ(found.train.rows, 3U);
  EXPECT_EQ(found.type, "float64");
  EXPECT_EQ(found.train.duplicates.rows + found.test.seen.rows + found.validation.seen.rows, 0U);
}

TEST(Describe, CountsEntriesOfDenseAndSparseRows) {
  const Dataset train = classes({{0, 2, 0}, {0, 0, 0}, {1, 3, 0}}, {0, 1, 2});
  const Dataset test = classes({{0, 2, 0}}, {1});
  for (const bool is_sparse : {false, true}) {
    const auto stored = [&](const Dataset& data) { return is_sparse ? to_sparse(data) : data; };
    const DataDescription found = describe(split_of(stored(train), stored(test), stored(test)));
    EXPECT_EQ(found.is_sparse, is_sparse);
    EXPECT_EQ(found.train.entries, 3U);
    EXPECT_EQ(found.train.empty_rows, 1U);
    EXPECT_EQ(found.train.empty_features, 1U);
    EXPECT_EQ(found.train.bytes, is_sparse ? 3U * 12 : 9U * 8);
    EXPECT_EQ(found.test.entries, 1U);
    EXPECT_EQ(found.test.seen.rows, 1U);
    EXPECT_EQ(found.test.seen.conflicts, 1U);
    EXPECT_EQ(found.features[1].highest, 3);
    EXPECT_EQ(found.features[1].lowest, 0);
  }
  // Rows are equal by their numbers, whether they are stored or not.
  EXPECT_EQ(describe(split_of(to_sparse(train), test, test)).test.seen.rows, 1U);
}

TEST(Describe, MeansAndDeviationsOfLargeNumbersAreFinite) {
  constexpr double kMost = std::numeric_limits<double>::max();
  const DataDescription found =
      describe(split_of(classes({{kMost, -kMost, kMost, 1e308}, {3, -1, -kMost, 1e308}}, {0, 1})));
  EXPECT_EQ(found.features[0].mean, kMost / 2);
  EXPECT_EQ(found.features[0].deviation, kMost / 2);
  EXPECT_EQ(found.features[1].mean, -kMost / 2);
  EXPECT_EQ(found.features[1].deviation, kMost / 2);
  EXPECT_EQ(found.features[2].mean, 0);
  EXPECT_EQ(found.features[2].deviation, kMost);
  EXPECT_EQ(found.features[3].mean, 1e308);
  EXPECT_EQ(found.features[3].deviation, 0);
}

TEST(Describe, CountsDuplicatesAndWhetherTheirLabelsConflict) {
  // Two of three equal rows are duplicates; −0 is 0.
  const DataDescription found =
      describe(split_of(classes({{1, 0}, {2, 0}, {1, -0.0}, {1, 0}, {2, 1}}, {0, 1, 1, 0, 1})));
  EXPECT_EQ(found.train.duplicates.rows, 2U);
  EXPECT_EQ(found.train.duplicates.conflicts, 1U);
}

TEST(Describe, CountsRowsThatTrainingHasSeen) {
  const DataDescription found =
      describe(split_of(classes({{1, 2}, {3, 4}}, {0, 1}), classes({{3, 4}}, {1}),
                        // The numbers are the same if another type stores them.
                        classes<std::uint8_t>({{1, 2}, {2, 1}, {3, 4}, {1, 2}}, {0, 0, 2, 0})));
  EXPECT_EQ(found.validation.seen.rows, 1U);
  EXPECT_EQ(found.validation.seen.conflicts, 0U);
  EXPECT_EQ(found.test.seen.rows, 3U);
  EXPECT_EQ(found.test.seen.conflicts, 1U);
  EXPECT_EQ(found.test.duplicates.rows, 1U);
}

TEST(Describe, SummarizesFeaturesOfTheTrainingRows) {
  const DataDescription found =
      describe(split_of(classes({{1, 7, -1}, {4, 7, 1}}, {0, 1}), classes({{99, 99, 99}}, {0}),
                        classes({{9, 9, 9}}, {0})));
  ASSERT_EQ(found.features.size(), 3U);
  EXPECT_EQ(found.features[0].lowest, 1);
  EXPECT_EQ(found.features[0].highest, 4);
  EXPECT_EQ(found.features[0].mean, 2.5);
  EXPECT_EQ(found.features[0].deviation, 1.5);
  EXPECT_EQ(found.constant_features(), (Counts{1}));
}

TEST(Describe, SummarizesTargetsAndWeights) {
  Dataset data;
  data.task = Task::kRegression;
  data.features = matrix({{1}, {1}, {1}});
  data.targets = matrix({{2, 0}, {2, 0}, {2, 6}});
  data.weights = {1, 2, 3};
  const DataDescription found = describe(split_of(data));
  ASSERT_EQ(found.targets.size(), 2U);
  EXPECT_TRUE(found.targets[0].is_constant());
  EXPECT_EQ(found.targets[1].mean, 2);
  EXPECT_EQ(found.train.duplicates.rows, 2U);
  EXPECT_EQ(found.train.duplicates.conflicts, 1U);
  EXPECT_TRUE(found.train.class_rows.empty());
  ASSERT_EQ(found.weights.size(), 1U);
  EXPECT_EQ(found.weights[0].highest, 3);
}

TEST(Describe, ValuesAtTheEndOfTheRangeAreNoError) {
  const double most = std::numeric_limits<double>::max();
  const DataDescription found = describe(split_of(classes({{-most}, {most}}, {0, 1})));
  EXPECT_EQ(found.features[0].lowest, -most);
  EXPECT_EQ(found.features[0].highest, most);
  EXPECT_EQ(found.features[0].deviation, most);
}

TEST(Describe, SaysWhichPartsAreMapped) {
  const TempFolder folder;
  const std::string header = std::string("\0\0\x08\3\0\0\0\2\0\0\0\1\0\0\0\1", 16);
  const std::string labels = std::string("\0\0\x08\1\0\0\0\2\0\1", 10);
  DataOptions options;
  options.source = DataSource::kIdx;
  options.train = {folder.write("plain", header + "ab")};
  options.train_labels = folder.write("labels", labels);
  options.test = {folder.write("packed", gzip(header + "ab"))};
  options.test_labels = options.train_labels;
  options.validation = 1;
  options.validation_shuffle = SplitOrder::kShuffled;
  const DataDescription found = describe(load_data(options));
  EXPECT_TRUE(found.train.is_mapped);
  EXPECT_TRUE(found.validation.is_mapped);
  EXPECT_FALSE(found.test.is_mapped);
  EXPECT_EQ(found.test.rows, 2U);
  EXPECT_EQ(found.type, "uint8");
  EXPECT_EQ(found.image_width, 1U);
}

}  // namespace
}  // namespace nabla
