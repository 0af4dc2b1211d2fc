// SPDX-License-Identifier: MIT
// Kernels that sum over rows, columns or whole arrays, against naive twins in long double.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <gtest/gtest.h>
#include <limits>
#include <utility>
#include <vector>

#include "nabla/math/elementwise.h"

#include "support/elementwise_fixture.h"
#include "support/rounding.h"

namespace nabla::elementwise {
namespace {

class Rows : public InstructionSets {};
INSTANTIATE_TEST_SUITE_P(Sets, Rows, all_instruction_sets(), instruction_set_name);

long double log_sum_exp(const std::vector<long double>& z) {
  const long double largest = *std::max_element(z.begin(), z.end());
  long double sum = 0;
  for (const long double x : z) sum += std::exp(x - largest);
  return largest + std::log(sum);
}

/// Returns the relative error of a row's sum of exponentials, and the absolute error of its
/// logarithm, in ε: the units of an exponential, half a unit for each addition in two lanes or
/// more, and half a unit for each power of e by which the terms lie below the largest, which on
/// average is at most log(cols).
double sum_error(std::size_t cols) {
  const auto n = static_cast<double>(cols);
  return 4 + n / 4 + std::log(n);
}

template <class T>
void expect_softmax_like_twin(std::size_t rows, std::size_t cols, std::size_t gap, T scale) {
  constexpr T kEpsilon = std::numeric_limits<T>::epsilon();
  Matrix<T> z(rows, cols, cols + gap);
  std::vector<T> bias(cols), log_sum(rows);
  for (std::size_t j = 0; j < cols; ++j) bias[j] = sample<T>(j + 500);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t j = 0; j < cols; ++j) z(r, j) = scale * sample<T>(r * cols + j);
  }
  const Matrix<T> input = z;
  add_bias_softmax<T>(bias, z.view(), log_sum);
  for (std::size_t r = 0; r < rows; ++r) {
    std::vector<long double> x(cols);
    for (std::size_t j = 0; j < cols; ++j) x[j] = input(r, j) + bias[j];
    const long double expected = log_sum_exp(x);
    const long double largest = *std::max_element(x.begin(), x.end());
    EXPECT_NEAR(log_sum[r], expected, kEpsilon * (std::abs(largest) + sum_error(cols))) << cols;
    for (std::size_t j = 0; j < cols; ++j) {
      // The rounding of x − max alone moves the exponential by half a unit for each power of e.
      const long double probability = std::exp(x[j] - expected);
      EXPECT_LE(ulps(z(r, j), probability, probability),
                sum_error(cols) + static_cast<double>(largest - x[j]))
          << r << ", " << j << " of " << cols;
    }
    // The row alone gives the same bits.
    std::vector<T> alone(input.row(r).begin(), input.row(r).end());
    T alone_log_sum = 0;
    add_bias_softmax<T>(bias, one_row(alone), {&alone_log_sum, 1});
    ASSERT_EQ(alone_log_sum, log_sum[r]);
    for (std::size_t j = 0; j < cols; ++j) ASSERT_EQ(alone[j], z(r, j)) << j << " of " << cols;
    for (std::size_t j = cols; j < cols + gap; ++j) ASSERT_EQ(z.data()[r * z.stride() + j], 0);
  }
}

TEST_P(Rows, SoftmaxIsLikeTheTwinAndARowLikeItselfAlone) {
  for (std::size_t cols = 1; cols <= kMaxCols; ++cols) {
    for (const std::size_t gap : {std::size_t{0}, std::size_t{3}}) {
      expect_softmax_like_twin<float>(19, cols, gap, 1);
      expect_softmax_like_twin<double>(19, cols, gap, 1);
    }
  }
  expect_softmax_like_twin<float>(3, 1500, 2, 1);  // wider than any buffer
  expect_softmax_like_twin<double>(3, 1500, 2, 1);
  expect_softmax_like_twin<float>(5, 10, 0, 1000);
  expect_softmax_like_twin<double>(5, 10, 0, 1000);
}

TEST_P(Rows, SoftmaxNanStaysInItsRow) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  for (std::size_t at = 0; at < 33; ++at) {
    Matrix<float> z(3, 33);
    z(1, at) = kNan;
    std::vector<float> log_sum(3);
    add_bias_softmax<float>({}, z.view(), log_sum);
    for (std::size_t j = 0; j < 33; ++j) {
      EXPECT_FLOAT_EQ(z(0, j), 1.0f / 33);
      EXPECT_TRUE(std::isnan(z(1, j)));
      EXPECT_FLOAT_EQ(z(2, j), 1.0f / 33);
    }
    EXPECT_FLOAT_EQ(log_sum[0], std::log(33.0f));
    EXPECT_TRUE(std::isnan(log_sum[1]));
  }
}

template <class T>
void expect_costs_like_twin(std::size_t cols, std::size_t gap, T scale) {
  constexpr std::size_t kRows = 3;
  constexpr long double kEpsilon = std::numeric_limits<T>::epsilon();
  Matrix<T> z(kRows, cols, cols + gap), y(kRows, cols);
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t j = 0; j < cols; ++j) {
      z(r, j) = scale * sample<T>(r * cols + j);
      y(r, j) = (r + j) % 3 == 0 ? T(1) : T(0);
    }
    y(r, cols / 2) = T(0.75);
  }
  std::vector<double> sigmoid_cost(kRows), softmax_cost(kRows);
  sigmoid_cross_entropy<T>(std::as_const(z).view(), std::as_const(y).view(), sigmoid_cost);
  softmax_cross_entropy<T>(std::as_const(z).view(), std::as_const(y).view(), softmax_cost);
  for (std::size_t r = 0; r < kRows; ++r) {
    const std::vector<long double> x(z.row(r).begin(), z.row(r).end());
    const long double log_sum = log_sum_exp(x);
    long double expected_sigmoid = 0, expected_softmax = 0, magnitude = 0, targets = 0;
    for (std::size_t j = 0; j < cols; ++j) {
      const long double target = y(r, j);
      const long double softplus = std::max(x[j], 0.0L) + std::log1p(std::exp(-std::abs(x[j])));
      expected_sigmoid += softplus - target * x[j];
      expected_softmax += target * (log_sum - x[j]);
      targets += target;
      if (target == 0.75L) magnitude = std::abs(x[j]);
    }
    // Both are sums of terms that are not negative, so only a fractional target cancels. They add
    // up in 16 parts, and each addition rounds by half a unit.
    const long double relative = 4 + static_cast<long double>(cols) / 32;
    EXPECT_NEAR(sigmoid_cost[r], expected_sigmoid,
                kEpsilon * (relative * expected_sigmoid + magnitude));
    EXPECT_NEAR(softmax_cost[r], expected_softmax,
                kEpsilon * (relative * expected_softmax + targets * sum_error(cols)));
    double alone = 0;
    sigmoid_cross_entropy<T>(std::as_const(z).view().row_range(r, 1),
                             std::as_const(y).view().row_range(r, 1), {&alone, 1});
    ASSERT_EQ(alone, sigmoid_cost[r]);
  }
}

TEST_P(Rows, CrossEntropiesAreLikeTheTwin) {
  for (std::size_t cols = 1; cols <= kMaxCols; ++cols) {
    for (const std::size_t gap : {std::size_t{0}, std::size_t{3}}) {
      expect_costs_like_twin<float>(cols, gap, 1);
      expect_costs_like_twin<double>(cols, gap, 1);
      expect_costs_like_twin<float>(cols, gap, 1200);  // |z| to 1e4
      expect_costs_like_twin<double>(cols, gap, 1200);
    }
  }
}

template <class T>
void expect_column_sums_like_twin(std::size_t rows, std::size_t cols, std::size_t gap) {
  Matrix<T> delta(rows, cols, cols + gap);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t j = 0; j < cols; ++j) delta(r, j) = sample<T>(r * cols + j);
  }
  std::vector<T> plain(cols + 1, std::numeric_limits<T>::quiet_NaN()), mixed(cols);
  plain.back() = 777;
  for (std::size_t j = 0; j < cols; ++j) mixed[j] = sample<T>(j + 99);
  const std::vector<T> old = mixed;
  column_sums<T>(1, std::as_const(delta).view(), 0, {plain.data(), cols});
  column_sums<T>(T(0.125), std::as_const(delta).view(), T(0.3), mixed);
  for (std::size_t j = 0; j < cols; ++j) {
    T sum = 0;
    for (std::size_t r = 0; r < rows; ++r) sum += delta(r, j);
    ASSERT_EQ(plain[j], sum) << rows << " × " << cols << " column " << j;
    const T magnitude = std::abs(sum) / 8 + std::abs(old[j]);
    EXPECT_NEAR(mixed[j], sum / 8 + T(0.3) * old[j], std::numeric_limits<T>::epsilon() * magnitude);
  }
  EXPECT_EQ(plain.back(), 777);
}

TEST_P(Rows, ColumnSumsAddRowsInAscendingOrder) {
  for (std::size_t cols = 1; cols <= kMaxCols; ++cols) {
    expect_column_sums_like_twin<float>(13, cols, cols % 4);
    expect_column_sums_like_twin<double>(13, cols, cols % 4);
  }
  expect_column_sums_like_twin<float>(7, 300, 0);
  expect_column_sums_like_twin<double>(0, 5, 0);
}

template <class T>
void expect_arrays_like_twin(std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  std::vector<T> x(size + 1), y(size + 1), converted(size + 1, T(777));
  for (std::size_t i = 0; i <= size; ++i) x[i] = sample<T>(i), y[i] = sample<T>(i + 300);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(255 - 37 * i);
  const std::span<const T> all_x(x.data(), size);

  convert_bytes<T>(bytes, T(1) / 255, {converted.data(), size});
  std::vector<T> sum = y, mixed = y, product(size + 1, std::numeric_limits<T>::quiet_NaN());
  add<T>(all_x, {sum.data(), size});
  axpby<T>(T(0.3), all_x, T(0.7), {mixed.data(), size});
  axpby<T>(T(0.3), all_x, 0, {product.data(), size});
  long double squares = 0;
  for (std::size_t i = 0; i < size; ++i) {
    EXPECT_EQ(converted[i], static_cast<T>(bytes[i]) * (T(1) / 255));
    EXPECT_EQ(sum[i], y[i] + x[i]);
    const long double of_x = static_cast<long double>(T(0.3)) * x[i];
    const long double of_y = static_cast<long double>(T(0.7)) * y[i];
    EXPECT_NEAR(mixed[i], of_x + of_y,
                std::numeric_limits<T>::epsilon() * (std::abs(of_x) + std::abs(of_y)));
    EXPECT_EQ(product[i], T(0.3) * x[i]);
    squares += static_cast<long double>(x[i]) * x[i];
  }
  EXPECT_EQ(converted[size], 777);
  EXPECT_EQ(sum[size], y[size]);
  EXPECT_EQ(mixed[size], y[size]);
  EXPECT_TRUE(std::isnan(product[size]));
  // Squares and their sum are in double, so the error is γ of the terms, none of which is negative.
  EXPECT_NEAR(sum_of_squares<T>(all_x), squares, testing_support::gamma<double>(size) * squares);
}

TEST_P(Rows, ArraysAreLikeTheTwin) {
  for (std::size_t size = 0; size <= kMaxCols; ++size) {
    expect_arrays_like_twin<float>(size);
    expect_arrays_like_twin<double>(size);
  }
}

template <class T>
void expect_finite_finds(T value) {
  for (const std::size_t size : {1, 7, 16, 67}) {
    for (std::size_t at = 0; at < size; ++at) {
      std::vector<T> x(size + 1, std::numeric_limits<T>::max());
      x[size] = value;
      EXPECT_TRUE(all_finite<T>({x.data(), size}));
      x[at] = value;
      EXPECT_FALSE(all_finite<T>({x.data(), size})) << at << " of " << size;
    }
  }
}

TEST_P(Rows, AllFiniteFindsNanAndInfinityAnywhere) {
  expect_finite_finds(std::numeric_limits<float>::quiet_NaN());
  expect_finite_finds(-std::numeric_limits<float>::infinity());
  expect_finite_finds(std::numeric_limits<double>::quiet_NaN());
  expect_finite_finds(std::numeric_limits<double>::infinity());
}

TEST_P(Rows, SumOfSquaresIsTheSameForAllInstructionSets) {
  std::vector<double> x(333);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = sample<double>(i);
  const double here = sum_of_squares<double>(x);
  ASSERT_TRUE(select_instruction_set("x86-64"));
  EXPECT_EQ(sum_of_squares<double>(x), here);
}

}  // namespace
}  // namespace nabla::elementwise
