// SPDX-License-Identifier: MIT
#include "nabla/train/model_data.h"

#include <gtest/gtest.h>
#include <string>

#include "nabla/base/error.h"
#include "nabla/train/evaluation.h"

#include "support/errors.h"
#include "support/features.h"
#include "support/models.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using namespace testing_support;

AnyModel two_inputs() {
  return make_model<float>({2, 2}, {Activation::kSoftmax}, Cost::kCrossEntropy,
                           Task::kClassification);
}

// The table is read in blocks of about a megabyte.
TEST(ModelData, FeaturesKnowTheLinesTheyStandOn) {
  const TempFolder folder;
  std::string table = "1,2\n\n";
  constexpr std::size_t kRows = 100'000;
  for (std::size_t row = 1; row < kRows; ++row) table += row == 70'000 ? "\n3e38,3e38\n" : "3,4\n";
  const auto file = folder.write("t.csv", table);
  AnyModel model = two_inputs();
  for (float& parameter : std::get<Model<float>>(model).network.parameters()) parameter = 2;
  const Dataset rows = load_features(model, file, DataSource::kCsv);
  ASSERT_EQ(rows.rows(), kRows);
  EXPECT_EQ(rows.origin.place(0), file.string() + ":1");
  EXPECT_EQ(rows.origin.place(1), file.string() + ":3");
  EXPECT_EQ(rows.origin.place(kRows - 1), file.string() + ":100002");
  expect_in(file.string() + ":70003: its prediction is NaN or infinite",
            error_of<DataError>([&] { predict(model, rows); }));
}

TEST(ModelData, FeaturesOfOtherFilesKnowTheirRows) {
  const TempFolder folder;
  const auto file = folder.write("t.svm", "0 1:1\n# a comment\n1 2:1\n");
  const Dataset rows = load_features(two_inputs(), file, DataSource::kLibsvm);
  EXPECT_EQ(rows.origin.place(1), file.string() + ":3");
}

}  // namespace
}  // namespace nabla
