// SPDX-License-Identifier: MIT
#include "data/growing_rows.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <gtest/gtest.h>

namespace nabla {
namespace {

GrowingRows numbered(std::size_t rows) {
  GrowingRows result(2);
  for (std::size_t row = 0; row < rows; ++row) {
    double* const cells = result.add_row();
    cells[0] = static_cast<double>(row);
    cells[1] = -static_cast<double>(row);
  }
  return result;
}

TEST(GrowingRows, KeepTheirElementsWhileTheyGrow) {
  const FeatureMatrix<double> rows = numbered(1000).finish();
  ASSERT_EQ(rows.rows(), 1000U);
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    ASSERT_EQ(rows(row, 0), static_cast<double>(row));
    ASSERT_EQ(rows(row, 1), -static_cast<double>(row));
  }
}

TEST(GrowingRows, AreWidenedInPlace) {
  for (const std::size_t cols : {2UL, 3UL, 7UL}) {
    GrowingRows rows = numbered(300);
    rows.widen(cols, [&](const double* from, double* to) {
      std::memmove(to + cols - 2, from, 2 * sizeof(double));
      std::fill_n(to, cols - 2, 0.5);
    });
    const FeatureMatrix<double> wide = rows.finish();
    ASSERT_EQ(wide.cols(), cols);
    for (std::size_t row = 0; row < wide.rows(); ++row) {
      ASSERT_EQ(wide(row, cols - 2), static_cast<double>(row));
      ASSERT_EQ(wide(row, cols - 1), -static_cast<double>(row));
      for (std::size_t col = 0; col + 2 < cols; ++col) ASSERT_EQ(wide(row, col), 0.5);
    }
  }
}

}  // namespace
}  // namespace nabla
