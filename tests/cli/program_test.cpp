// SPDX-License-Identifier: MIT
#include "support/program.h"

#include <gtest/gtest.h>

#include "support/errors.h"
#include "support/files.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;
using Strings = std::vector<std::string>;

/// One line "nabla: error: …" that holds the part, nothing on standard output.
void expect_error(const Strings& arguments, int code, const std::string& part) {
  const TempFolder folder;
  const ProgramResult result = run_program(arguments, folder.path());
  EXPECT_EQ(result.code, code) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(result.err.starts_with("nabla: error: ")) << result.err;
  EXPECT_EQ(result.err.find('\n'), result.err.size() - 1) << result.err;
  expect_in(part, result.err);
}

TEST(Program, HelpAndVersion) {
  const TempFolder folder;
  const ProgramResult help = run_program({"--help"}, folder.path());
  EXPECT_EQ(help.code, 0);
  EXPECT_EQ(help.err, "");
  for (const std::string command :
       {"train", "evaluate", "predict", "check", "scale", "options", "info"}) {
    expect_in("\n  " + command + " ", help.out);
    const ProgramResult more = run_program({command, "--help"}, folder.path());
    EXPECT_EQ(more.code, 0);
    expect_in("usage: nabla " + command, more.out);
  }
  EXPECT_TRUE(run_program({"--version"}, folder.path()).out.starts_with("nabla "));
  expect_in("instruction set: ", run_program({"info"}, folder.path()).out);
}

TEST(Program, WrongUsageIsExitTwo) {
  expect_error({}, 2, "no command");
  expect_error({"trian"}, 2, "unknown command 'trian'");
  expect_error({"trian"}, 2, "did you mean train?");
  expect_error({"train", "a.ini", "b.ini"}, 2, "unexpected argument 'b.ini'");
  expect_error({"train", "none.ini"}, 2, "none.ini: cannot be read");
  expect_error({"train", "-x"}, 2, "unknown option '-x'");
  expect_error({"train", "--epochs=3"}, 2, "did you mean --train.epochs=VALUE?");
  expect_error({"train", "--train.epoch=3"}, 2, "did you mean train.epochs?");
  expect_error({"train", "--train.epochs"}, 2, "expected --train.epochs=VALUE");
  expect_error({"train", "-e"}, 2, "-e: missing value");
  expect_error({"train", "-e", "x"}, 2, "-e: train.epochs: 'x' is not a whole number");
  expect_error({"train", "-e", "3", "--train.epochs=3"}, 2, "given twice");
  expect_error({"evaluate"}, 2, "expected MODEL");
  expect_error({"predict", "model"}, 2, "expected INPUT");
  expect_error({"options", "--train.epochs=3"}, 2, "unknown option");
}

TEST(Program, MissingModelIsExitThree) {
  expect_error({"evaluate", "none.safetensors"}, 3, "none.safetensors");
  expect_error({"predict", "none.safetensors", "-"}, 3, "none.safetensors");
}

TEST(Program, ReportsAFullDisk) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  const TempFolder folder;
  const Strings train = {
      "train", "--data.digits-train=50", "--data.digits-test=10", "-e", "1", "-q", "-o", "run"};
  ASSERT_EQ(run_program(train, folder.path()).code, 0);
  folder.write(
      "rows.csv", std::string("0") + [] {
        std::string zeros;
        for (int i = 1; i < 784; ++i) zeros += ",0";
        return zeros;
      }() + "\n");
  const ProgramResult result = run_program(
      {"predict", "run/model.safetensors", "rows.csv", "-o", "/dev/full"}, folder.path());
  EXPECT_EQ(result.code, 1);
  expect_in("nabla: error: /dev/full: ", result.err);

  const ProgramResult full = run_program({"options"}, folder.path(), "", "/dev/full");
  EXPECT_EQ(full.code, 1);
  EXPECT_EQ(full.err, "nabla: error: standard output: No space left on device\n");
}

TEST(Program, CheckPassesAndWarningsAreSilenced) {
  const TempFolder folder;
  const Strings check = {"check", "--network.hidden=7,5", "--network.activation=relu,tanh",
                         "--train.l2=0.01", "--data.header=yes"};
  const ProgramResult result = run_program(check, folder.path());
  EXPECT_EQ(result.code, 0);
  expect_in("nabla: warning: --data.header: has no effect", result.err);
  expect_in("ok", result.out);
  Strings quiet = check;
  quiet.emplace_back("-q");
  EXPECT_EQ(run_program(quiet, folder.path()).err, "");
}

}  // namespace
}  // namespace nabla
