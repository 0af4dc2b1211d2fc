// SPDX-License-Identifier: MIT
#include "run/node_data.h"

#include <atomic>
#include <cstdint>
#include <gtest/gtest.h>
#include <utility>
#include <vector>

#include "nabla/base/error.h"

#include "run/data_identity.h"
#include "run/together.h"
#include "support/thread_ranks.h"

namespace nabla {
namespace {

using testing_support::run_ranks;

Dataset classified(Dataset::Features features) {
  Dataset data;
  data.features = std::move(features);
  data.classes = {"even", "odd"};
  for (std::uint32_t i = 0; i < data.rows(); ++i) data.labels.push_back(i % 2);
  return data;
}

template <class T>
FeatureMatrix<T> dense_rows(std::size_t rows) {
  Matrix<T> matrix(rows, 3, 16);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < 3; ++j) matrix(i, j) = static_cast<T>(10 * i + j);
  return matrix;
}

template <class T>
SparseMatrix<T> sparse_rows(std::vector<T> values) {
  return {std::vector<std::size_t>{0, 2, 2, 3}, {1, 4, 0}, std::move(values), 5};
}

/// The first of them with rows taken out of order.
std::vector<DataSplit> splits() {
  const Dataset bytes = classified(dense_rows<std::uint8_t>(6));
  const auto alike = [](Dataset train) {
    return DataSplit{train, slice(train, 1, 2), slice(train, 0, 0)};
  };
  return {{select(bytes, {5, 0, 3}), select(bytes, {1, 4}), slice(bytes, 2, 1)},
          alike(classified(dense_rows<float>(4))),
          alike(classified(dense_rows<double>(4))),
          alike(classified(sparse_rows<std::uint8_t>({1, 2, 3}))),
          alike(classified(sparse_rows<float>({}))),
          alike(classified(sparse_rows<double>({0.1, 0.2, 0.3})))};
}

TEST(NodeData, GivesAllRanksTheRowsThatOneReads) {
  for (const DataSplit& given : splits()) {
    const DataIdentity expected = identify(given);
    for (const std::size_t count : {1U, 3U}) {
      std::atomic<int> reads = 0;
      run_ranks(count, [&](Ranks& ranks) {
        const DataSplit data = read_once_a_node(ranks, [&] {
          ++reads;
          return given;
        });
        EXPECT_EQ(difference(identify(data), expected), "");
        EXPECT_EQ(data.train.features.index(), given.train.features.index());
        EXPECT_EQ(data.train.origin.place(1), given.train.origin.place(1));
      });
      EXPECT_EQ(reads, 1);
    }
  }
}

TEST(NodeData, IsReadByAllRanksIfItCannotBeShared) {
  const Matrix<float> memory(3, 2);
  const auto some_values =
      SparseMatrix<float>::join(std::vector{sparse_rows<float>({}), sparse_rows<float>({4, 5, 6})});
  for (const Dataset::Features& features :
       {Dataset::Features(FeatureMatrix<float>(memory.view(), nullptr, true)),
        Dataset::Features(some_values)}) {
    const DataSplit given{classified(features), {}, {}};
    std::atomic<int> reads = 0;
    run_ranks(3, [&](Ranks& ranks) {
      const DataSplit data = read_once_a_node(ranks, [&] {
        ++reads;
        return given;
      });
      EXPECT_EQ(difference(identify(data), identify(given)), "");
    });
    EXPECT_EQ(reads, 3);
  }
}

TEST(NodeData, FailsOnAllRanks) {
  run_ranks(2, [&](Ranks& ranks) {
    try {
      read_once_a_node(ranks, []() -> DataSplit { throw DataError("no rows"); });
      ADD_FAILURE();
    } catch (const RankError& error) {
      EXPECT_EQ(error.first(), 0U);
      EXPECT_EQ(error.own() != nullptr, ranks.rank() == 0);
    }
  });
}

}  // namespace
}  // namespace nabla
