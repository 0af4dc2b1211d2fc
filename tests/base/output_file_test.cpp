// SPDX-License-Identifier: MIT
#include "base/output_file.h"

#include <filesystem>
#include <future>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "nabla/base/error.h"

#include "support/errors.h"
#include "support/files.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

TEST(OutputFile, ReplacesAFileAsAWhole) {
  const TempFolder folder;
  const fs::path path = folder.write("a", "old");
  {
    OutputFile file(path);
    file.append("new");
    EXPECT_EQ(read_text(path), "old");
  }
  EXPECT_EQ(read_text(path), "old");
  write_output(path, "new");
  EXPECT_EQ(read_text(path), "new");
}

TEST(OutputFile, LeavesTheTemporaryFilesOfOthers) {
  const TempFolder folder;
  const fs::path mine = folder.write("a.tmp", "mine");
  folder.write("a.2.tmp", "mine too");
  write_output(folder.path() / "a", "new");
  EXPECT_EQ(read_text(mine), "mine");
  EXPECT_EQ(read_text(folder.path() / "a.2.tmp"), "mine too");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 3);
}

TEST(OutputFile, WritesToTheTargetOfALink) {
  const TempFolder folder;
  const fs::path target = folder.write("target", "a longer old text");
  fs::create_symlink(target, folder.path() / "link");
  write_output(folder.path() / "link", "new");
  EXPECT_TRUE(fs::is_symlink(folder.path() / "link"));
  EXPECT_EQ(read_text(target), "new");
}

TEST(OutputFile, WritesToAPipe) {
  const TempFolder folder;
  const fs::path pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  auto reader = std::async(std::launch::async, [&] { return read_text(pipe); });
  write_output(pipe, "through it");
  EXPECT_EQ(reader.get(), "through it");
  EXPECT_TRUE(fs::is_fifo(pipe));
}

TEST(OutputFile, CommandsRefuseWhatCannotBeOne) {
  const TempFolder folder;
  const auto refusal = [](const fs::path& path) {
    return error_of<ConfigError>([&] { require_output_file(path, "-o"); });
  };
  expect_in("-o: " + folder.path().string() + " is a folder, expected a file",
            refusal(folder.path()));
  expect_in("none is not a folder, expected one for a", refusal(folder.path() / "none/a"));
  expect_in("-o: an empty name", refusal(""));
}

}  // namespace
}  // namespace nabla
