// SPDX-License-Identifier: MIT
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "support/errors.h"
#include "support/files.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

class ExportCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string rows = "size,town,price\n";
    for (int i = 0; i < 40; ++i)
      rows += std::to_string(i % 7) + (i % 3 == 0 ? ",Rome," : ",Oslo,") +
              std::to_string(i % 7 + i % 3) + ".5\n";
    folder_.write("houses.csv", rows);
    ASSERT_EQ(run({"train", "houses.csv", "-q", "-e", "2", "--network.hidden=3"}).code, 0);
  }

  ProgramResult run(const std::vector<std::string>& arguments) {
    return run_program(arguments, folder_.path());
  }
  std::string content(const std::string& file) { return read_text(folder_.path() / file); }

  TempFolder folder_;
};

TEST_F(ExportCommand, NamesTheStepsThatAFileLeavesOut) {
  for (const std::string file : {"m.npz", "m.safetensors"}) {
    std::vector<std::string> arguments = {"export", "runs/houses", file};
    if (file == "m.safetensors") arguments.push_back("--names=sequential");
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.code, 0);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err,
              "nabla: warning: " + file +
                  ": holds the network alone, without data.one-hot = town; data.normalize = "
                  "standardize; data.standardize-targets = yes, which .onnx would hold\n");
    arguments.push_back("-q");
    EXPECT_EQ(run(arguments).err, "");
  }
}

TEST_F(ExportCommand, WritesAModelFileUnderItsOwnNames) {
  EXPECT_EQ(run({"export", "runs/houses", "copy.safetensors"}).err, "");
  EXPECT_EQ(content("copy.safetensors"), content("runs/houses/model.safetensors"));
}

// With a rate that moves nothing, a training that starts from the file leaves its parameters.
TEST_F(ExportCommand, WritesInitialModels) {
  ASSERT_EQ(run({"export", "runs/houses", "a.npz", "-q"}).code, 0);
  ASSERT_EQ(run({"export", "runs/houses", "a.safetensors", "-q", "--names=sequential"}).code, 0);
  for (const std::string file : {"a.npz", "a.safetensors"}) {
    const ProgramResult trained =
        run({"train", "houses.csv", "-q", "-e", "1", "--network.hidden=3", "-o", "run-" + file,
             "--train.learning-rate=1e-30", "--network.initial=" + file});
    ASSERT_EQ(trained.code, 0) << trained.err;
    EXPECT_EQ(content("run-" + file + "/model.safetensors"),
              content("runs/houses/model.safetensors"));
  }
}

TEST_F(ExportCommand, RefusesWhatItCannotWrite) {
  const auto refused = [&](std::vector<std::string> arguments, int code, const std::string& text) {
    arguments.insert(arguments.begin(), "export");
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.code, code) << result.err;
    expect_in(text, result.err);
  };
  refused({"runs/houses", "m.txt"}, 2, "m.txt: expected a file ending in ");
  refused({"runs/houses", "none/m.npz"}, 2, "none is not a folder");
  refused({"runs/houses", "runs"}, 2, "FILE: runs is a folder, expected a file");
  refused({"runs/houses", "m.npz", "--names=sequential"}, 2, "expected a file ending in .safe");
  refused({"runs/houses", "m.safetensors", "--names=sequentail"}, 2, "did you mean sequential?");
  refused({"runs/houses", "m.npz", "--train.epochs=2"}, 2, "not a key of export");
  refused({"none", "m.npz"}, 3, "none");
  EXPECT_FALSE(fs::exists(folder_.path() / "m.npz"));
}

}  // namespace
}  // namespace nabla
