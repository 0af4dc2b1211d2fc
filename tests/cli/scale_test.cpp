// SPDX-License-Identifier: MIT
#include <csignal>
#include <gtest/gtest.h>
#include <thread>

#include "support/errors.h"
#include "support/files.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;
using Strings = std::vector<std::string>;

Strings small_study(const Strings& more = {}) {
  Strings arguments = {"scale", "--data.digits-train=300", "--network.hidden=12", "-o", "run"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST(ScaleCommand, PrintsATableAndLeavesAFile) {
  const TempFolder folder;
  const ProgramResult result =
      run_program(small_study({"--scale.seconds=0.2", "--scale.threads=1,2",
                               "--scale.batch-sizes=10,64", "--train.precision=float64"}),
                  folder.path());
  ASSERT_EQ(result.code, 0) << result.err;
  for (const char* part :
       {"speed-up", "reduce_step", "serial fraction", "n/a",
        "note: ", "batch size 10 is never split", "batch size 64 is never split", "scale folder: "})
    expect_in(part, result.out);
  expect_in("batch size 64, round 3/3, 2 threads: ", result.err);
  const std::string csv = read_text(folder.path() / "run/scale.csv");
  EXPECT_TRUE(
      csv.starts_with("batch_size,ranks,threads,shards,reduction,samples_per_second,speedup,"
                      "efficiency,gather,feedforward,backprop,reduce_step,exchange,idle,"
                      "other,waited,waited_without_overlap,"
                      "seconds,samples,split_from,rows\n10,1,1,"))
      << csv;
  expect_in("\n64,1,2,", csv);
  expect_in("[scale]\nthreads = 1, 2\n", read_text(folder.path() / "run/config.ini"));

  const ProgramResult quiet = run_program(
      small_study({"-q", "--scale.seconds=0.001", "--scale.threads=64"}), folder.path());
  EXPECT_EQ(quiet.code, 0);
  EXPECT_EQ(quiet.err, "");
  EXPECT_TRUE(fs::exists(folder.path() / "run-2/scale.csv"));
}

TEST(ScaleCommand, InterruptKeepsTheRowsSoFar) {
  const TempFolder folder;
  Program program(small_study({"--scale.seconds=3", "--scale.threads=1,2"}), folder.path());
  for (int i = 0; i < 2000 && program.err().find("1 thread:") == std::string::npos; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  ::kill(program.id(), SIGINT);
  const ProgramResult result = program.wait();
  EXPECT_EQ(result.code, 130);
  expect_in("samples/s", result.out);
  expect_in("\n10,1,1,", read_text(folder.path() / "run/scale.csv"));
}

TEST(ScaleCommand, WrongKeysAreExitTwo) {
  const TempFolder folder;
  const std::pair<const char*, const char*> bad[] = {
      {"threads=0", "1 to 128"},
      {"threads=1,1", "given twice"},
      {"threads=two", "expected"},
      {"threads=1,", "expected"},
      {"batch-sizes=0", "at least 1"},
      {"batch-sizes=10;20", "expected"},
      {"seconds=0", "above 0"},
      {"seconds=90000", "at most 86400"},
      {"shards=-1", "expected"},
      {"batchsizes=10", "did you mean scale.batch-sizes?"},
      {"batch-sizes=all,all", "given twice"}};
  for (const auto& [setting, part] : bad) {
    const ProgramResult result =
        run_program(small_study({std::string("--scale.") + setting}), folder.path());
    EXPECT_EQ(result.code, 2) << setting;
    expect_in(part, result.err);
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

}  // namespace
}  // namespace nabla
