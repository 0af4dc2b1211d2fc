// SPDX-License-Identifier: MIT
//
// The inputs of a table with missing cells and categories against scikit-learn's, which
// golden/tables.py has recorded.
#include <cmath>
#include <fstream>
#include <gtest/gtest.h>
#include <limits>
#include <string>

#include "nabla/data/data_options.h"
#include "nabla/data/preprocess.h"

#include "data/input_transform.h"
#include "support/features.h"
#include "support/golden.h"
#include "support/places.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using testing_support::Json;
using testing_support::matrix_of;

/// Each input is a mean of at most 31 numbers of at most 1e4 away from another one, divided by a
/// deviation above 1e-4 of its numbers' magnitude: a few roundings, enlarged by the ratio of both.
constexpr double kTolerance = 1e5 * std::numeric_limits<double>::epsilon();

Matrix<double> inputs_of(const Preprocess& preprocess, const Dataset& data) {
  const Matrix<double> features = testing_support::copy_of_features(data);
  Matrix<double> inputs(features.rows(), preprocess.outputs(features.cols()));
  const InputTransform<double> transform(preprocess);
  for (std::size_t row = 0; row < features.rows(); ++row) {
    const double* const address = features.row(row).data();
    transform.apply(std::span(&address, 1), inputs.view().row_range(row, 1));
  }
  return inputs;
}

void expect_near(const Matrix<double>& actual, const Matrix<double>& expected,
                 const std::string& what) {
  ASSERT_EQ(actual.rows(), expected.rows()) << what;
  ASSERT_EQ(actual.cols(), expected.cols()) << what;
  for (std::size_t row = 0; row < actual.rows(); ++row)
    for (std::size_t col = 0; col < actual.cols(); ++col)
      EXPECT_NEAR(actual(row, col), expected(row, col),
                  kTolerance * std::max(1.0, std::abs(expected(row, col))))
          << what << " " << row << " " << col;
}

TEST(TablesGolden, MissingValuesCategoriesAndStandardisationAreThoseOfScikitLearn) {
  std::ifstream file(source_folder() / "tests/golden/tables.json");
  const Json golden = Json::parse(file);
  TempFolder folder;
  folder.write("train.csv", golden["train"].get<std::string>());
  folder.write("new.csv", golden["new"].get<std::string>());
  DataOptions options;
  options.source = DataSource::kCsv;
  options.dir = folder.path();
  options.train = {"train.csv"};
  options.test = {"new.csv"};
  options.missing_indicator = true;
  options.normalize = Normalization::kStandardize;
  for (const auto& [name, inputs] : golden["inputs"].items()) {
    options.missing = *parse_missing(name);
    const DataSplit data = load_data(options);
    const Preprocess preprocess = fit_preprocess(options, data.train);
    expect_near(inputs_of(preprocess, data.train), matrix_of(inputs["fitted"]), name + " fitted");
    expect_near(inputs_of(preprocess, data.test), matrix_of(inputs["new"]), name + " new");
  }
}

}  // namespace
}  // namespace nabla
