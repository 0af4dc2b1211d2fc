// SPDX-License-Identifier: MIT
#include "run/columns.h"

#include <gtest/gtest.h>
#include <iterator>

#include "nabla/base/error.h"

#include "support/temp_folder.h"

namespace nabla {
namespace {

TEST(Columns, ScoresReadBack) {
  const TempFolder folder;
  RowScores scores;
  scores.train = Score{.cost = 0.1, .goodness = 0.30000000000000004};
  scores.test = Score{.cost = 2, .goodness = -1};
  folder.write("a.csv", "epoch," + score_header() + ",note\n1," + score_cells(scores) + "," +
                            csv_cell("a,\"b\"") + "\n2," + score_cells({}) + ",\n3,cut\n");
  const Columns table(folder.path() / "a.csv");
  ASSERT_EQ(table.rows(), 2U);
  const RowScores read = table.scores(0);
  ASSERT_TRUE(read.train && read.test);
  EXPECT_EQ(read.train->goodness, scores.train->goodness);
  EXPECT_EQ(read.test->cost, 2);
  EXPECT_FALSE(read.validation);
  EXPECT_EQ(table.text(0, "note"), "a,\"b\"");
  EXPECT_EQ(judged_rows(table.scores(1)), nullptr);
  EXPECT_EQ(table.text(0, "none"), "");
  EXPECT_FALSE(table.number(0, "note"));
}

TEST(Columns, ARunIsJudgedByValidationThenTestThenTrainingRows) {
  RowScores scores;
  scores.train = Score{};
  EXPECT_STREQ(judged_rows(scores)->name, "training");
  scores.test = Score{};
  EXPECT_STREQ(judged_rows(scores)->name, "test");
  scores.validation = Score{};
  EXPECT_STREQ(judged_rows(scores)->name, "validation");
  EXPECT_EQ(std::size(kJudgedRows), std::size(kScoredRows));
}

TEST(Columns, EachPhaseIsNamed) {
  PhaseSeconds seconds;
  double sum = 0;
  for (const NamedPhase& phase : kPhases) sum += seconds.*phase.seconds = 1;
  EXPECT_EQ(seconds.sum(), sum);
}

TEST(Columns, AFileWithoutAHeaderIsRefused) {
  const TempFolder folder;
  folder.write("empty.csv", "");
  EXPECT_THROW(Columns(folder.path() / "empty.csv"), DataError);
}

}  // namespace
}  // namespace nabla
