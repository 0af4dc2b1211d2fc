// SPDX-License-Identifier: MIT
#include "data/growing_entries.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <string>
#include <variant>
#include <vector>

#include "nabla/data/sparse_matrix.h"

#include "support/allocation_counter.h"

namespace nabla {
namespace {

using namespace testing_support;

TEST(GrowingEntries, BecomeTheSmallestMatrix) {
  GrowingEntries ones;
  ones.end_row();
  ones.add(3, 1);
  ones.add(7, 1);
  ones.end_row();
  EXPECT_EQ(ones.rows(), 2U);
  EXPECT_EQ(ones.entries(), 2U);
  const auto of_ones = std::get<SparseMatrix<float>>(ones.finish(8));
  EXPECT_EQ(of_ones.rows(), 2U);
  EXPECT_EQ(of_ones.cols(), 8U);
  EXPECT_EQ(of_ones.row(0).size(), 0U);
  EXPECT_EQ(of_ones.row(1).columns[1], 7U);
  EXPECT_TRUE(of_ones.row(1).values.empty());

  GrowingEntries floats;
  floats.add(0, 0.5);
  floats.end_row();
  EXPECT_EQ(std::get<SparseMatrix<float>>(floats.finish(1)).row(0).value(0), 0.5F);

  GrowingEntries doubles;
  doubles.add(0, 0.1);
  doubles.end_row();
  EXPECT_EQ(std::get<SparseMatrix<double>>(doubles.finish(1)).row(0).value(0), 0.1);

  EXPECT_EQ(std::get<SparseMatrix<float>>(GrowingEntries().finish(5)).cols(), 5U);
}

// The rows make several blocks, of ones, of floats and of doubles.
TEST(GrowingEntries, BlocksMakeOneMatrix) {
  constexpr std::uint32_t kManyRows = 250'000;
  constexpr std::uint32_t kEntriesPerRow = 10;
  const auto value = [](std::uint32_t row, std::uint32_t j) {
    if (row < 105'000) return 1.0;
    return row < 209'000 ? 0.5 * (1 + j) : 0.1 * (1 + j);
  };
  GrowingEntries entries;
  largest_allocation();
  for (std::uint32_t row = 0; row < kManyRows; ++row) {
    for (std::uint32_t j = 0; j < kEntriesPerRow; ++j) entries.add(row % 97 + 3 * j, value(row, j));
    entries.end_row();
  }
  const auto matrix = std::get<SparseMatrix<double>>(entries.finish(200));
  EXPECT_LE(largest_allocation().value_or(0), 1U << 24) << "no block of all entries";
  ASSERT_EQ(matrix.rows(), kManyRows);
  ASSERT_EQ(matrix.entries(), std::size_t{kManyRows} * kEntriesPerRow);
  EXPECT_TRUE(matrix.row(0).values.empty());
  for (std::uint32_t row = 0; row < kManyRows; row += 999)
    for (std::uint32_t j = 0; j < kEntriesPerRow; ++j) {
      EXPECT_EQ(matrix.row(row).columns[j], row % 97 + 3 * j);
      EXPECT_EQ(matrix.row(row).value(j), value(row, j));
    }
}

}  // namespace
}  // namespace nabla
