// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>

#include "support/errors.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

TEST(InfoCommand, TellsWhatMissingValuesBecomeByTheNamesOfTheColumns) {
  const TempFolder folder;
  folder.write("people.csv", "age,town,fare,kind\n20,Rome,1,a\n,Bonn,2,b\n40,Rome,4,a\n30,,5,b\n");
  const ProgramResult trained =
      run_program({"train", "people.csv", "--data.missing=median", "--data.missing-indicator=yes",
                   "-e", "1", "-o", "run", "-q"},
                  folder.path());
  ASSERT_EQ(trained.code, 0) << trained.err;
  const std::string text = run_program({"info", "run"}, folder.path()).out;
  expect_in("missing values: median of 2: age 30 (indicated), fare 3\n", text);
  const auto json =
      nlohmann::json::parse(run_program({"info", "run", "--json"}, folder.path()).out);
  EXPECT_EQ(json["model"]["missing"], nlohmann::json::parse(R"({"kind": "median", "features": [
                {"name": "age", "value": 30.0, "indicator": true},
                {"name": "fare", "value": 3.0, "indicator": false}]})"));
}

}  // namespace
}  // namespace nabla
