// SPDX-License-Identifier: MIT
#include "run/training_run.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "support/errors.h"
#include "support/models.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using namespace testing_support;

TEST(DataWarnings, NameAClassWithoutTrainingRows) {
  DataSplit data{random_classes(30, 4, 3), random_classes(6, 4, 3), {}};
  EXPECT_TRUE(data_warnings(data).empty());
  for (std::uint32_t& label : data.train.labels) label = 1;
  const std::vector<std::string> warnings = data_warnings(data);
  ASSERT_EQ(warnings.size(), 1U);
  expect_in("no training row is of class '" + data.train.classes[0] + "', nor of 1 more",
            warnings[0]);
  expect_in("data.validation-shuffle = yes", warnings[0]);
  data.validation = {};
  EXPECT_EQ(data_warnings(data)[0].find("validation"), std::string::npos);
}

/// Whether a training of so many generated digits in mini-batches of 20 says that it leaves one
/// out.
bool leaves_one_out(std::size_t rows, bool batch_norm, LastBatch last) {
  ExperimentOptions options;
  options.data.digits_train = rows;
  options.data.digits_test = 0;
  options.network.hidden = {5};
  options.network.batch_norm = batch_norm;
  options.train.epochs = 1;
  options.train.batch_size = 20;
  options.train.last_batch = last;
  const TempFolder folder;
  options.output.dir = folder.path() / "run";
  bool said = false;
  RunCallbacks callbacks;
  callbacks.on_warning = [&](const std::string& warning) {
    said |= warning.starts_with("each epoch leaves one row out");
  };
  run_training(options, callbacks);
  return said;
}

TEST(TrainingRun, SaysThatARowIsLeftOut) {
  EXPECT_TRUE(leaves_one_out(41, true, LastBatch::kKeep));
  EXPECT_FALSE(leaves_one_out(42, true, LastBatch::kKeep));
  EXPECT_FALSE(leaves_one_out(41, false, LastBatch::kKeep));
  EXPECT_FALSE(leaves_one_out(41, true, LastBatch::kDrop));
}

}  // namespace
}  // namespace nabla
