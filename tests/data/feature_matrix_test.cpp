// SPDX-License-Identifier: MIT
#include "nabla/data/feature_matrix.h"

#include <array>
#include <gtest/gtest.h>
#include <memory>
#include <vector>

#include "nabla/data/dataset.h"

namespace nabla {
namespace {

using Rows = std::vector<std::vector<int>>;

template <class T>
Rows rows_of(const FeatureMatrix<T>& matrix) {
  Rows rows;
  for (std::size_t row = 0; row < matrix.rows(); ++row)
    rows.emplace_back(matrix.row(row).begin(), matrix.row(row).end());
  return rows;
}

/// Returns rows {0, 1}, {10, 11}, … with padding of 99 behind each.
Matrix<float> counted(std::size_t rows) {
  Matrix<float> matrix(rows, 2, 3);
  for (std::size_t row = 0; row < rows; ++row) {
    matrix(row, 0) = static_cast<float>(10 * row);
    matrix(row, 1) = static_cast<float>(10 * row + 1);
    matrix.data()[3 * row + 2] = 99;
  }
  return matrix;
}

TEST(FeatureMatrix, KeepsTheStrideOfAnOwnedMatrix) {
  const FeatureMatrix<float> matrix = counted(3);
  EXPECT_EQ(rows_of(matrix), (Rows{{0, 1}, {10, 11}, {20, 21}}));
  EXPECT_EQ(matrix(2, 1), 21);
}

TEST(FeatureMatrix, SlicesAndSelectionsShareTheElements) {
  const FeatureMatrix<float> matrix = counted(5);
  const FeatureMatrix<float> slice = matrix.slice(1, 3);
  EXPECT_EQ(slice.row(0).data(), matrix.row(1).data());
  EXPECT_EQ(rows_of(slice), (Rows{{10, 11}, {20, 21}, {30, 31}}));

  const FeatureMatrix<float> selected = slice.select(std::array{2U, 0U, 2U, 1U});
  EXPECT_EQ(selected.row(0).data(), matrix.row(3).data());
  EXPECT_EQ(rows_of(selected), (Rows{{30, 31}, {10, 11}, {30, 31}, {20, 21}}));
  EXPECT_EQ(rows_of(selected.slice(1, 2)), (Rows{{10, 11}, {30, 31}}));
  EXPECT_EQ(rows_of(selected.select(std::array{3U})), (Rows{{20, 21}}));
}

TEST(FeatureMatrix, NoRowsKeepTheirColumns) {
  const FeatureMatrix<float> matrix = counted(2);
  for (const auto& empty : {matrix.slice(2, 0), matrix.select({}), matrix.select({}).slice(0, 0)}) {
    EXPECT_EQ(empty.rows(), 0U);
    EXPECT_EQ(empty.cols(), 2U);
  }
}

TEST(FeatureMatrix, JoinsPartsOfSeveralOwners) {
  std::array<float, 2> borrowed = {5, 6};
  const std::vector<FeatureMatrix<float>> parts = {
      counted(2), FeatureMatrix<float>({borrowed.data(), 1, 2}, nullptr),
      FeatureMatrix<float>(counted(3)).select(std::array{2U})};
  const auto joined = FeatureMatrix<float>::join(parts);
  EXPECT_EQ(rows_of(joined), (Rows{{0, 1}, {10, 11}, {5, 6}, {20, 21}}));
  borrowed[1] = 7;
  EXPECT_EQ(joined(2, 1), 7) << "no element is copied";
}

TEST(FeatureMatrix, WhateverSharesTheElementsKeepsTheirOwner) {
  auto owner = std::make_shared<std::vector<float>>(std::vector<float>{1, 2, 3, 4});
  const std::weak_ptr<const void> watched = owner;
  Dataset data;
  data.features = FeatureMatrix<float>({owner->data(), 2, 2}, owner);
  owner.reset();
  Dataset last = select(slice(data, 1, 1), {0});
  data = {};
  EXPECT_FALSE(watched.expired());
  EXPECT_EQ(std::get<FeatureMatrix<float>>(last.features)(0, 1), 4);
  last = {};
  EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace nabla
