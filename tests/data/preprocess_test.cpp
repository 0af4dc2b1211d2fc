// SPDX-License-Identifier: MIT
#include "nabla/data/preprocess.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

#include "nabla/base/error.h"

#include "support/errors.h"
#include "support/models.h"
#include "support/naive_preprocess.h"

namespace nabla {
namespace {

using namespace testing_support;
using Values = std::vector<double>;
using ValueRows = std::vector<Values>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Matrix<double> matrix_of(const ValueRows& rows) {
  Matrix<double> matrix(rows.size(), rows.front().size());
  for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(rows[i], matrix.row(i).begin());
  return matrix;
}

Dataset table(const ValueRows& rows) {
  Dataset data;
  data.features = matrix_of(rows);
  return data;
}

Dataset targets(const ValueRows& rows) {
  Dataset data = table(ValueRows(rows.size(), {0}));
  data.task = Task::kRegression;
  data.targets = matrix_of(rows);
  return data;
}

// The third feature is constant.
const ValueRows kTable = {
    {2, 10, 7, -1}, {4, 14, 7, 0.5}, {6, 6, 7, 2}, {3, 20, 7, 0}, {9, -4, 7, 8.5}};

void expect_near(const Values& actual, const Values& expected, double tolerance = 1e-12) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i)
    EXPECT_NEAR(actual[i], expected[i], tolerance * (1 + std::abs(expected[i]))) << i;
}

TEST(FitPreprocess, Minmax) {
  const Preprocess fitted = fit_preprocess(NormalizeChoice::kMinmax, table(kTable));
  EXPECT_EQ(fitted.shift, (Values{2, -4, 7, -1}));
  EXPECT_EQ(fitted.divisor, (Values{7, 24, 1, 9.5}));
}

// The figures of this test and the next two are those of scikit-learn 1.2 (StandardScaler) and of
// NumPy 1.24: linalg.eigh of cov(X.T, bias=True), eigenvectors by descending eigenvalue, signs
// turned.
TEST(FitPreprocess, StandardizeTakesThePopulationDeviation) {
  const Preprocess fitted = fit_preprocess(NormalizeChoice::kStandardize, table(kTable));
  expect_near(fitted.shift, {4.8, 9.2, 7, 2}, 1e-15);
  expect_near(fitted.divisor, {2.481934729198171, 8.059776671843954, 1, 3.391164991562634}, 1e-15);
  const Preprocess centred = fit_preprocess(NormalizeChoice::kCenter, table(kTable));
  EXPECT_EQ(centred.shift, fitted.shift);
  EXPECT_TRUE(centred.divisor.empty());
}

TEST(FitPreprocess, PcaRotatesToTheEigenvectorsOfTheCovariance) {
  const Preprocess fitted = fit_preprocess(NormalizeChoice::kPca, table(kTable));
  expect_near(fitted.shift, {4.8, 9.2, 7, 2}, 1e-15);
  expect_near(fitted.components,
              {-0.2503834498242196, 0.9043559886902188, 0, -0.3456130405153418, 0.527151902328339,
               0.426775129524313, 0, 0.7348291370727754, 0.8120461809070569, 0.0017984825944921679,
               0, -0.5835904090495503, 0, 0, 1, 0});
  expect_near(naive_inputs(fitted, kTable[4]),
              {-15.235594303322332, 1.3569956710311324, -0.4064836692597342, 0});
  const Preprocess two = fit_preprocess(NormalizeChoice::kPca, table(kTable), 2);
  EXPECT_EQ(two.components, Values(fitted.components.begin(), fitted.components.begin() + 8));
  EXPECT_EQ(two.outputs(4), 2U);
  EXPECT_EQ(two.features(2), 4U);
}

TEST(FitPreprocess, WhitenDividesByTheRootOfTheEigenvalue) {
  const Preprocess fitted = fit_preprocess(NormalizeChoice::kWhiten, table(kTable), 3);
  expect_near(naive_inputs(fitted, kTable[0]),
              {0.27763566514559046, -1.7311215987249027, -0.9501838540775708});
  expect_near(naive_inputs(fitted, kTable[4]),
              {-1.7185132570208475, 0.7035218165244266, -0.7405943067251752});
  // Of no variance at all: divided by √1e-5.
  const Preprocess all = fit_preprocess(NormalizeChoice::kWhiten, table(kTable));
  EXPECT_NEAR(naive_inputs(all, {4.8, 9.2, 8, 2})[3], 316.22776601683796, 1e-6);
}

TEST(FitPreprocess, PcaOfBytesIsThatOfTheSameNumbers) {
  Matrix<std::uint8_t> bytes(1100, 6);
  Matrix<float> floats(1100, 6);
  Random random(1, 1);
  for (std::size_t i = 0; i < bytes.elements().size(); ++i)
    floats.elements()[i] = bytes.elements()[i] = static_cast<std::uint8_t>(random.below(256));
  Dataset as_bytes, as_floats;
  as_bytes.features = std::move(bytes);
  as_floats.features = std::move(floats);
  EXPECT_EQ(fit_preprocess(NormalizeChoice::kWhiten, as_bytes),
            fit_preprocess(NormalizeChoice::kWhiten, as_floats));
}

TEST(FitPreprocess, PcaMakesTheRowsUncorrelated) {
  // More rows than one block, fewer rows than features, and one row alone.
  for (const std::size_t rows : {1300UL, 7UL, 1UL}) {
    const std::size_t width = 11;
    const Dataset data = random_classes(rows, width, 2);
    const Preprocess fitted = fit_preprocess(NormalizeChoice::kPca, data);
    ASSERT_EQ(fitted.outputs(width), width);
    ValueRows rotated;
    for (std::size_t i = 0; i < rows; ++i) {
      const auto row = std::get<FeatureMatrix<double>>(data.features).row(i);
      rotated.push_back(naive_inputs(fitted, Values(row.begin(), row.end())));
    }
    double before = kInfinity;
    for (std::size_t a = 0; a < width; ++a) {
      Values covariance(width);
      for (const Values& row : rotated)
        for (std::size_t b = 0; b < width; ++b)
          covariance[b] += row[a] * row[b] / static_cast<double>(rows);
      for (std::size_t b = 0; b < width; ++b) {
        if (a != b) {
          EXPECT_NEAR(covariance[b], 0, 1e-14) << rows;
        }
      }
      EXPECT_LE(covariance[a], before + 1e-14) << "descending, " << rows << " rows";
      before = covariance[a];
      const Values vector(fitted.components.begin() + static_cast<std::ptrdiff_t>(a * width),
                          fitted.components.begin() + static_cast<std::ptrdiff_t>((a + 1) * width));
      EXPECT_GT(*std::ranges::max_element(vector, {}, [](double x) { return std::abs(x); }), 0);
    }
  }
}

// 0.1 is no binary fraction: the naive mean of ten of them is not 0.1.
TEST(FitPreprocess, ConstantColumnsAndSingleRowsBecomeZero) {
  for (const std::size_t rows : {1UL, 10UL})
    for (const NormalizeChoice choice :
         {NormalizeChoice::kMinmax, NormalizeChoice::kCenter, NormalizeChoice::kStandardize,
          NormalizeChoice::kPca, NormalizeChoice::kWhiten}) {
      const Preprocess fitted = fit_preprocess(choice, table(ValueRows(rows, {0.1, 1e9 + 0.1})));
      EXPECT_EQ(naive_inputs(fitted, {0.1, 1e9 + 0.1}), (Values{0, 0})) << name_of(fitted.kind);
    }
}

TEST(FitPreprocess, RefusesWhatCannotBe) {
  expect_in("data.components: 5 components, expected at most the 4 features",
            error_of<ConfigError>([] { fit_preprocess(NormalizeChoice::kPca, table(kTable), 5); }));
  EXPECT_EQ(preprocessed_width(NormalizeChoice::kStandardize, 4, 5), 4U) << "not used";
  for (const NormalizeChoice choice :
       {NormalizeChoice::kMinmax, NormalizeChoice::kCenter, NormalizeChoice::kStandardize,
        NormalizeChoice::kPca, NormalizeChoice::kWhiten})
    expect_in("data.normalize: ", error_of<DataError>([&] {
                fit_preprocess(choice, table({{1, -1.7e308}, {2, 1.7e308}}));
              }));
  Dataset wide;
  wide.features = Matrix<std::uint8_t>(1, 20001);
  expect_in("20001 features",
            error_of<ConfigError>([&] { fit_preprocess(NormalizeChoice::kPca, wide, 1); }));
  // A spread whose square vanishes is none.
  EXPECT_EQ(fit_preprocess(NormalizeChoice::kStandardize, table({{0}, {1e-300}})).divisor,
            Values{1});
}

TEST(FitTargets, MeanAndDeviationOfEachTarget) {
  const TargetScaling scaling = fit_targets(targets(kTable));
  expect_near(scaling.shift, {4.8, 9.2, 7, 2}, 1e-15);
  expect_near(scaling.divisor, {2.481934729198171, 8.059776671843954, 1, 3.391164991562634}, 1e-15);
  EXPECT_NEAR(scaling.standardized(20, 1), 1.3399875008607558, 1e-15);
  EXPECT_NEAR(scaling.restored(scaling.standardized(20, 1), 1), 20, 1e-14);
  EXPECT_EQ(scaling.standardized(7, 2), 0);
  EXPECT_EQ(TargetScaling{}.restored(3, 5), 3);
  expect_in("data.standardize-targets: the targets are classes",
            error_of<ConfigError>([] { fit_targets(random_classes(3, 2, 2)); }));
}

}  // namespace
}  // namespace nabla
