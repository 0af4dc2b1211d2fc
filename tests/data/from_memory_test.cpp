// SPDX-License-Identifier: MIT
#include "nabla/data/from_memory.h"

#include <array>
#include <cstdint>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

#include "nabla/base/error.h"

#include "support/errors.h"

namespace nabla {
namespace {

using Labels = std::vector<std::uint32_t>;

/// {0, 1, 2}, {3, 4, 5}
template <class T>
std::vector<T> six() {
  return {0, 1, 2, 3, 4, 5};
}

template <class T>
FeatureMatrix<T> borrow(const std::vector<T>& values) {
  return borrow_features(std::span<const T>(values), 2, 3);
}

template <class T>
class FromMemory : public testing::Test {};
using FeatureTypes = testing::Types<std::uint8_t, float, double>;
TYPED_TEST_SUITE(FromMemory, FeatureTypes);

TYPED_TEST(FromMemory, BorrowsOrCopies) {
  std::vector<TypeParam> values = six<TypeParam>();
  const FeatureMatrix<TypeParam> borrowed = borrow(values);
  const auto copied = copy_features(std::span<const TypeParam>(values), 3, 2);
  const Dataset data = make_classification(borrowed, Labels{1, 0}, 2);
  EXPECT_EQ(std::get<FeatureMatrix<TypeParam>>(data.features).row(0).data(), values.data());
  EXPECT_EQ(borrowed(1, 0), 3);
  EXPECT_EQ(copied(1, 0), 2);
  values[2] = 9;
  EXPECT_EQ(borrowed(0, 2), 9);
  EXPECT_EQ(copied(1, 0), 2);
}

TEST(DataFromMemory, ClassificationHasLabelsAndNames) {
  const Dataset data = make_classification(borrow(six<float>()).slice(0, 1), Labels{2}, 3);
  EXPECT_EQ(data.task, Task::kClassification);
  EXPECT_EQ(data.classes, (std::vector<std::string>{"0", "1", "2"}));
  const Dataset named = make_classification(Matrix<double>(2, 1), Labels{1, 0},
                                            std::vector<std::string>{"no", "yes"});
  EXPECT_EQ(named.outputs(), 2U);
  EXPECT_EQ(named.labels, (Labels{1, 0}));
}

TEST(DataFromMemory, MultiLabelHasZerosAndOnes) {
  const Dataset data =
      make_multi_label(borrow(six<float>()), std::vector<double>{1, 0, 0, 1, 1, 1}, 3);
  EXPECT_EQ(data.task, Task::kMultiLabel);
  EXPECT_EQ(data.outputs(), 3U);
  EXPECT_EQ(data.targets(1, 0), 1);
  expect_in("row 1: label 0 is neither 0 nor 1", error_of<DataError>([] {
              make_multi_label(borrow(six<float>()), std::vector<double>{1, 0.5}, 1);
            }));
}

TEST(DataFromMemory, LabelsMayHaveAnyIntegerType) {
  const std::vector<std::uint8_t> bytes = {1, 0};
  const std::vector<std::int64_t> negative = {0, -1}, large = {0, std::int64_t{1} << 32};
  const Matrix<float> features(2, 1);
  EXPECT_EQ(make_classification(features, bytes, 2U).labels, (Labels{1, 0}));
  for (const auto& labels : {negative, large})
    expect_in("row 1: its label",
              error_of<DataError>([&] { make_classification(features, labels, 2U); }));
}

TEST(DataFromMemory, TakesArraysAndSpansToo) {
  std::array<float, 4> values = {1, 2, 3, 4};
  const std::array<std::uint8_t, 2> labels = {1, 0};
  for (const auto& features : {borrow_features(values, 2, 2), copy_features(values, 2, 2),
                               borrow_features(std::span(values), 2, 2)}) {
    EXPECT_EQ(features(1, 0), 3);
    EXPECT_EQ(make_classification(features, labels, 2).labels, (Labels{1, 0}));
    EXPECT_EQ(make_classification(features, std::span(labels), {"no", "yes"}).labels,
              (Labels{1, 0}));
  }
}

TYPED_TEST(FromMemory, BorrowsEntries) {
  // {0, 5, 0, 7}, {}, {6, 0, 0, 0}
  const std::vector<std::int64_t> starts = {0, 2, 2, 3};
  const std::vector<std::int32_t> columns = {1, 3, 0};
  const std::array<TypeParam, 3> values = {5, 7, 6};
  const SparseMatrix<TypeParam> rows = borrow_sparse(starts, columns, values, 4);
  EXPECT_EQ(rows.rows(), 3U);
  EXPECT_EQ(rows.cols(), 4U);
  EXPECT_EQ(rows.row(0).values.data(), values.data());
  EXPECT_EQ(static_cast<const void*>(rows.row(0).columns.data()), columns.data());
  EXPECT_EQ(rows.row(0).value(1), 7);
  EXPECT_EQ(rows.row(1).size(), 0U);
  EXPECT_EQ(rows.row(2).columns[0], 0U);
  EXPECT_EQ(make_classification(rows, Labels{1, 0, 1}, 2).inputs(), 4U);

  const std::vector<std::uint32_t> unsigned_columns = {1, 3, 0};
  const SparseMatrix<float> ones = borrow_sparse(starts, unsigned_columns, 4);
  EXPECT_EQ(ones.row(2).value(0), 1);
  EXPECT_TRUE(ones.row(2).values.empty());
}

TEST(DataFromMemory, RefusesEntriesThatDoNotFit) {
  using Starts = std::vector<std::int32_t>;
  using Columns = std::vector<std::int32_t>;
  const std::vector<float> values = {5, 7, 6};
  const auto refuse = [&](const Starts& starts, const Columns& columns) {
    return error_of<DataError>([&] { borrow_sparse(starts, columns, values, 4); });
  };
  const std::string ends = "a row or more whose starts go from 0 to the number of columns";
  expect_in(ends, refuse({}, {1, 3, 0}));
  expect_in(ends, refuse({0}, {}));
  expect_in(ends, refuse({1, 3}, {1, 3, 0}));
  expect_in(ends, refuse({0, 2}, {1, 3, 0}));
  expect_in("row 0: found entries from 0 to 4", refuse({0, 4, 3}, {1, 3, 0}));
  expect_in("row 1: found entries from 2 to 1", refuse({0, 2, 1, 3}, {1, 3, 0}));
  expect_in("row 0: found entries from 0 to 1844", refuse({0, -1, 3}, {1, 3, 0}));
  expect_in("row 0: found the column 1 after 1; expected ascending columns below 4",
            refuse({0, 2, 3}, {1, 1, 0}));
  expect_in("row 1: found the column 4", refuse({0, 2, 3}, {1, 3, 4}));
  expect_in("row 1: found the column 4294967295", refuse({0, 2, 3}, {1, 3, -1}));
  expect_in("3 values; expected one for each of the 2", refuse({0, 2}, {1, 3}));
  const std::vector<double> infinite = {1, -std::numeric_limits<double>::infinity(), 1};
  expect_in(
      "row 0, feature 3: found -inf", error_of<DataError>([&] {
        const Columns columns = {1, 3, 0};
        make_classification(borrow_sparse(Starts{0, 2, 3}, columns, infinite, 4), Labels{0, 1}, 2);
      }));
}

template <class Values>
concept Borrowable = requires(Values&& values) {
  borrow_features(std::forward<Values>(values), 2, 2);
};
static_assert(Borrowable<std::vector<float>&>);
static_assert(!Borrowable<std::vector<float>>, "its elements would be gone before they are used");

TEST(DataFromMemory, RegressionCopiesItsTargets) {
  std::vector<double> targets = {0.5, 1.5, 2.5, 3.5};
  const Dataset data = make_regression(Matrix<float>(2, 3), targets, 2);
  targets[3] = 9;
  EXPECT_EQ(data.task, Task::kRegression);
  EXPECT_EQ(data.outputs(), 2U);
  EXPECT_EQ(data.targets(1, 1), 3.5);
}

TEST(DataFromMemory, RefusesWhatDoesNotFit) {
  const std::vector<float> values = six<float>();
  const std::span<const float> span = values;
  const auto refuse = [](auto call) { return error_of<DataError>(call); };
  expect_in("6 values; expected 2 rows × 2 columns", refuse([&] { borrow_features(span, 2, 2); }));
  expect_in("6 values", refuse([&] { copy_features(span, 0, 0); }));
  expect_in("6 values", refuse([&] {
              borrow_features(span, std::numeric_limits<std::size_t>::max() / 2 + 4, 2);
            }));
  expect_in("1 labels; expected one for each of the 2 rows",
            refuse([&] { make_classification(borrow(values), Labels{1}, 2); }));
  expect_in("row 1: its label is no class; expected 0 to 1", refuse([&] {
              make_classification(borrow(values), Labels{1, 2}, 2);
            }));
  expect_in("no classes", refuse([&] { make_classification(borrow(values), Labels{0, 0}, 0); }));
  expect_in("0 rows", refuse([&] { make_classification(Matrix<float>(0, 3), Labels{}, 2); }));
  expect_in("3 values; expected 2 rows × 1", refuse([&] {
              make_regression(borrow(values), std::vector<double>{1, 2, 3}, 1);
            }));
}

TEST(DataFromMemory, RefusesNumbersThatAreNotFinite) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> values = six<double>();
  expect_in("row 1, target 0: found nan", error_of<DataError>([&] {
              make_regression(borrow(values), std::vector<double>{1, nan}, 1);
            }));
  values[4] = nan;
  EXPECT_EQ(make_classification(borrow(values), Labels{0, 1}, 2).rows(), 2U) << "a missing value";
  values[5] = -std::numeric_limits<double>::infinity();
  expect_in("row 1, feature 2: found -inf; expected", error_of<DataError>([&] {
              make_classification(borrow(values), Labels{0, 1}, 2);
            }));
}

}  // namespace
}  // namespace nabla
