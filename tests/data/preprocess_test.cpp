// SPDX-License-Identifier: MIT
#include "nabla/data/preprocess.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <numbers>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/data/data_options.h"

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

/// Expects numbers that are off by `errors` at most, once here and once in the source of the
/// figures.
void expect_near(const Values& actual, const Values& expected, const Values& errors) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i)
    EXPECT_ROUNDED(actual[i], Rounded<double>(expected[i], 2 * errors[i])) << i;
}

double error_of_roundings(std::size_t count, double size) {
  return static_cast<double>(gamma<double>(count)) * size;
}

/// The error of a mean of a column of kTable: five terms below 20, divided and added to the first.
const Values kMeanErrors(4, error_of_roundings(7, 20));

/// Returns the errors of deviations: roots of means of squares of five differences from such a
/// mean.
Values deviation_errors(const Values& deviations) {
  Values errors;
  for (const double x : deviations) errors.push_back(kMeanErrors[0] + error_of_roundings(9, x));
  return errors;
}

/// The distance, in the 2-norm, of the matrix from a covariance whose eigenvectors are the computed
/// ones. An element is a mean over the rows of products, which γ of their number bounds, and
/// LAPACK's own tests allow a decomposition 60 n ε (tests/math/eigen_test.cpp). The norm is at most
/// the trace, the sum of the variances.
double covariance_error(std::size_t rows, std::size_t width, double variances) {
  return error_of_roundings(rows + 6 + 60 * width, variances);
}

/// The eigenvalues of the covariance of kTable, and the distance of each from the next one.
const Values kEigenvalues = {78.6, 3.72, 0.301, 0}, kGaps = {74.8, 3.41, 0.301, 0.301};
const double kCovarianceError = covariance_error(5, 4, 82.62);

/// Returns the angle by which an eigenvector turns: √2 times the error of its matrix over that
/// distance (Davis and Kahan).
double turn_of(std::size_t component) {
  return std::numbers::sqrt2 * kCovarianceError / kGaps[component];
}

/// Returns the errors of the components [all × 4], row by row.
Values component_errors() {
  Values errors;
  for (std::size_t k = 0; k < 4; ++k) errors.insert(errors.end(), 4, turn_of(k));
  return errors;
}

/// Returns the errors of the first components of a row. They turn by the same angle, and whitening
/// divides them by a root that moves with its eigenvalue.
Values rotation_errors(const Values& row, std::size_t count, bool whitened) {
  const Values mean = {4.8, 9.2, 7, 2};
  double squares = 0;
  for (std::size_t j = 0; j < 4; ++j) squares += (row[j] - mean[j]) * (row[j] - mean[j]);
  Values errors;
  for (std::size_t k = 0; k < count; ++k) {
    const double divisor = kEigenvalues[k] + 1e-5;
    const double turn = turn_of(k) + error_of_roundings(6, 1);
    errors.push_back(
        std::sqrt(squares) *
        (whitened ? (turn + kCovarianceError / (2 * divisor)) / std::sqrt(divisor) : turn));
  }
  return errors;
}

Values plain_inputs(const Preprocess& preprocess, const Values& row) {
  Values inputs;
  for (const auto& x : naive_inputs(preprocess, row))
    inputs.push_back(static_cast<double>(x.value()));
  return inputs;
}

TEST(FitPreprocess, Minmax) {
  const Preprocess fitted = fit_preprocess(Normalization::kMinmax, table(kTable));
  EXPECT_EQ(fitted.shift, (Values{2, -4, 7, -1}));
  EXPECT_EQ(fitted.divisor, (Values{7, 24, 1, 9.5}));
}

// The figures of this test and the next two are those of scikit-learn 1.2 (StandardScaler) and of
// NumPy 1.24: linalg.eigh of cov(X.T, bias=True), eigenvectors by descending eigenvalue, signs
// turned.
TEST(FitPreprocess, StandardizeTakesThePopulationDeviation) {
  const Preprocess fitted = fit_preprocess(Normalization::kStandardize, table(kTable));
  expect_near(fitted.shift, {4.8, 9.2, 7, 2}, kMeanErrors);
  const Values deviations = {2.481934729198171, 8.059776671843954, 1, 3.391164991562634};
  expect_near(fitted.divisor, deviations, deviation_errors(deviations));
  const Preprocess centred = fit_preprocess(Normalization::kCenter, table(kTable));
  EXPECT_EQ(centred.shift, fitted.shift);
  EXPECT_TRUE(centred.divisor.empty());
}

TEST(FitPreprocess, PcaRotatesToTheEigenvectorsOfTheCovariance) {
  const Preprocess fitted = fit_preprocess(Normalization::kPca, table(kTable));
  expect_near(fitted.shift, {4.8, 9.2, 7, 2}, kMeanErrors);
  expect_near(fitted.components,
              {-0.2503834498242196, 0.9043559886902188, 0, -0.3456130405153418, 0.527151902328339,
               0.426775129524313, 0, 0.7348291370727754, 0.8120461809070569, 0.0017984825944921679,
               0, -0.5835904090495503, 0, 0, 1, 0},
              component_errors());
  expect_near(plain_inputs(fitted, kTable[4]),
              {-15.235594303322332, 1.3569956710311324, -0.4064836692597342, 0},
              rotation_errors(kTable[4], 4, false));
  const Preprocess two = fit_preprocess(Normalization::kPca, table(kTable), 2);
  EXPECT_EQ(two.components, Values(fitted.components.begin(), fitted.components.begin() + 8));
  EXPECT_EQ(two.outputs(4), 2U);
  EXPECT_EQ(two.features(2), 4U);
}

TEST(FitPreprocess, WhitenDividesByTheRootOfTheEigenvalue) {
  const Preprocess fitted = fit_preprocess(Normalization::kWhiten, table(kTable), 3);
  expect_near(plain_inputs(fitted, kTable[0]),
              {0.27763566514559046, -1.7311215987249027, -0.9501838540775708},
              rotation_errors(kTable[0], 3, true));
  expect_near(plain_inputs(fitted, kTable[4]),
              {-1.7185132570208475, 0.7035218165244266, -0.7405943067251752},
              rotation_errors(kTable[4], 3, true));
  // The component has no variance and is divided by √1e-5.
  const Preprocess all = fit_preprocess(Normalization::kWhiten, table(kTable));
  const Values row = {4.8, 9.2, 8, 2};
  EXPECT_ROUNDED(plain_inputs(all, row)[3],
                 Rounded<double>(316.22776601683796, rotation_errors(row, 4, true)[3]));
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
  EXPECT_EQ(fit_preprocess(Normalization::kWhiten, as_bytes),
            fit_preprocess(Normalization::kWhiten, as_floats));
}

TEST(FitPreprocess, PcaMakesTheRowsUncorrelated) {
  // There are more rows than one block, fewer rows than features, or one row alone.
  for (const std::size_t rows : {1300UL, 7UL, 1UL}) {
    const std::size_t width = 11;
    const Dataset data = random_classes(rows, width, 2);
    const Preprocess fitted = fit_preprocess(Normalization::kPca, data);
    ASSERT_EQ(fitted.outputs(width), width);
    ValueRows rotated;
    for (std::size_t i = 0; i < rows; ++i) {
      const auto row = std::get<FeatureMatrix<double>>(data.features).row(i);
      rotated.push_back(plain_inputs(fitted, Values(row.begin(), row.end())));
    }
    double variances = 0;
    for (const Values& row : rotated)
      for (const double x : row) variances += x * x / static_cast<double>(rows);
    const double error = covariance_error(rows, width, variances);
    double before = kInfinity;
    for (std::size_t a = 0; a < width; ++a) {
      Values covariance(width);
      for (const Values& row : rotated)
        for (std::size_t b = 0; b < width; ++b)
          covariance[b] += row[a] * row[b] / static_cast<double>(rows);
      for (std::size_t b = 0; b < width; ++b) {
        if (a != b) {
          EXPECT_NEAR(covariance[b], 0, error) << rows;
        }
      }
      EXPECT_LE(covariance[a], before + error) << "descending, " << rows << " rows";
      before = covariance[a];
      const Values vector(fitted.components.begin() + static_cast<std::ptrdiff_t>(a * width),
                          fitted.components.begin() + static_cast<std::ptrdiff_t>((a + 1) * width));
      EXPECT_GT(*std::ranges::max_element(vector, {}, [](double x) { return std::abs(x); }), 0);
    }
  }
}

// 0.1 is not a binary fraction, so the naive mean of ten of them is not 0.1.
TEST(FitPreprocess, ConstantColumnsAndSingleRowsBecomeZero) {
  for (const std::size_t rows : {1UL, 10UL})
    for (const Normalization choice :
         {Normalization::kMinmax, Normalization::kCenter, Normalization::kStandardize,
          Normalization::kPca, Normalization::kWhiten}) {
      const Preprocess fitted = fit_preprocess(choice, table(ValueRows(rows, {0.1, 1e9 + 0.1})));
      EXPECT_EQ(plain_inputs(fitted, {0.1, 1e9 + 0.1}), (Values{0, 0})) << name_of(fitted.kind);
    }
}

TEST(FitPreprocess, RefusesWhatCannotBe) {
  expect_in("data.components: 5 components, expected at most the 4 features",
            error_of<ConfigError>([] { fit_preprocess(Normalization::kPca, table(kTable), 5); }));
  EXPECT_EQ(preprocessed_width(Normalization::kStandardize, 4, 5), 4U) << "not used";
  for (const Normalization choice :
       {Normalization::kMinmax, Normalization::kCenter, Normalization::kStandardize,
        Normalization::kPca, Normalization::kWhiten})
    expect_in("data.normalize: ", error_of<DataError>([&] {
                fit_preprocess(choice, table({{1, -1.7e308}, {2, 1.7e308}}));
              }));
  Dataset wide;
  wide.features = Matrix<std::uint8_t>(1, 20001);
  expect_in("20001 features",
            error_of<ConfigError>([&] { fit_preprocess(Normalization::kPca, wide, 1); }));
  // A spread whose square vanishes counts as 0.
  EXPECT_EQ(fit_preprocess(Normalization::kStandardize, table({{0}, {1e-300}})).divisor, Values{1});
}

// So the choice is that of resolved, which knows nothing of fillings.
TEST(FitPreprocess, MissingValuesAreNoPixelsWhateverFillsThemIn) {
  ValueRows rows(3, Values(64, 200));
  rows[1][5] = std::nan("");
  Dataset pixels = table(rows);
  pixels.columns.count = 65;
  DataOptions options;
  options.missing = Missing::kMedian;
  EXPECT_EQ(resolved(options.normalize, pixels), Normalization::kStandardize);
  EXPECT_EQ(fit_preprocess(options, pixels).kind, Normalization::kStandardize);
}

TEST(FitTargets, RefuseATargetThatIsConstant) {
  Dataset data;
  data.task = Task::kRegression;
  data.features = Matrix<double>(2, 1);
  data.targets = Matrix<double>(2, 2);
  data.targets(0, 0) = 1;
  for (std::size_t r = 0; r < 2; ++r) data.targets(r, 1) = 7;
  expect_in("data.target: 'target 2' is the same number in all 2 training rows",
            error_of<DataError>([&] { fit_targets(data); }));
}

TEST(FitTargets, MeanAndDeviationOfEachTarget) {
  Dataset data = targets(kTable);
  // A target may not be constant.
  for (std::size_t r = 0; r < data.rows(); ++r) data.targets(r, 2) = data.targets(r, 0);
  const TargetScaling scaling = fit_targets(data);
  expect_near(scaling.shift, {4.8, 9.2, 4.8, 2}, kMeanErrors);
  const Values deviations = {2.481934729198171, 8.059776671843954, 2.481934729198171,
                             3.391164991562634};
  expect_near(scaling.divisor, deviations, deviation_errors(deviations));
  // The mean and the deviation are off as above, and a difference and a quotient round.
  const double moved = 2.4 * kMeanErrors[1] / deviations[1] + error_of_roundings(11, 1.34);
  expect_near({scaling.standardized(20, 1)}, {1.3399875008607558}, {moved});
  EXPECT_ROUNDED(scaling.restored(scaling.standardized(20, 1), 1),
                 Rounded<double>(20, error_of_roundings(4, 20)));
  EXPECT_EQ(TargetScaling{}.restored(3, 5), 3);
  expect_in("data.standardize-targets: contradicts data.task = classification",
            error_of<ConfigError>([] { fit_targets(random_classes(3, 2, 2)); }));
}

}  // namespace
}  // namespace nabla
