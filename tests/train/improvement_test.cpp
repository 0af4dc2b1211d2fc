// SPDX-License-Identifier: MIT
#include "train/improvement.h"

#include <cmath>
#include <gtest/gtest.h>

#include "support/models.h"

namespace nabla {
namespace {

using namespace testing_support;

EpochReport evaluated(double cost, double accuracy) {
  EpochReport report;
  report.epoch = 1;
  report.train = {.cost = cost, .goodness = accuracy};
  report.validation = report.test = report.train;
  return report;
}

class IsBetter : public testing::Test {
 protected:
  bool better(const EpochReport& a, const EpochReport& b) const {
    return is_better(a, b, data_, monitor_);
  }

  DataSplit data_{.train = random_classes(3, 2, 2),
                  .validation = random_classes(3, 2, 2),
                  .test = random_classes(3, 2, 2)};
  Monitor monitor_ = Monitor::kValidationAccuracy;
};

TEST_F(IsBetter, ByTheMonitoredFigureThenByTheCost) {
  EXPECT_TRUE(better(evaluated(2, 0.9), evaluated(1, 0.8)));
  EXPECT_TRUE(better(evaluated(1, 0.9), evaluated(2, 0.9)));
  EXPECT_FALSE(better(evaluated(1, 0.9), evaluated(1, 0.9))) << "the earlier of equals is best";
  monitor_ = Monitor::kValidationCost;
  EXPECT_TRUE(better(evaluated(1, 0.8), evaluated(2, 0.9)));
  EXPECT_FALSE(better(evaluated(1, 0.9), evaluated(1, 0.8)));
}

TEST_F(IsBetter, ByTestThenTrainingAccuracyWithoutValidationRows) {
  data_.validation = {};
  monitor_ = Monitor::kValidationCost;
  EpochReport one = evaluated(2, 0.9), two = evaluated(1, 0.8);
  EXPECT_TRUE(better(one, two));
  one.test.reset();
  EXPECT_FALSE(better(one, two)) << "not evaluated";
  data_.test = {};
  EXPECT_TRUE(better(one, two));
}

TEST_F(IsBetter, NeverForNan) {
  for (const Monitor monitor : {Monitor::kValidationAccuracy, Monitor::kValidationCost}) {
    monitor_ = monitor;
    EXPECT_TRUE(better(evaluated(1, 0.5), EpochReport{}));
    EXPECT_FALSE(better(evaluated(std::nan(""), std::nan("")), EpochReport{}));
    EXPECT_FALSE(better(evaluated(std::nan(""), std::nan("")), evaluated(1, 0.5)));
  }
}

}  // namespace
}  // namespace nabla
