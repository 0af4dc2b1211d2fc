// SPDX-License-Identifier: MIT
#include "base/mapped_file.h"

#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "nabla/base/error.h"

#include "base/file.h"
#include "support/errors.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

std::string text_of(const FileBytes& file) {
  return {reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()};
}

TEST(MapFile, GivesPlainAndGzipContentWhateverTheName) {
  const TempFolder folder;
  const std::string text(10'000, 'x');
  EXPECT_EQ(text_of(map_file(folder.write("plain.gz", text))), text);
  EXPECT_EQ(text_of(map_file(folder.write("packed", gzip(text)))), text);
  EXPECT_EQ(text_of(map_file(folder.write("one", "\x1f"))), "\x1f");
  EXPECT_TRUE(map_file(folder.write("empty", "")).bytes.empty());
}

TEST(MapFile, OutlivesTheFileAndItsFirstOwner) {
  const TempFolder folder;
  const auto path = folder.write("file", "first");
  FileBytes copy;
  {
    const FileBytes mapped = map_file(path);
    copy = mapped;
  }
  replace_file(path, "other");
  EXPECT_EQ(text_of(copy), "first");
  std::filesystem::remove(path);
  EXPECT_EQ(text_of(copy), "first");
}

TEST(MapFile, ReadsAPipe) {
  const TempFolder folder;
  const auto path = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const std::string packed = gzip("through a pipe");
  std::thread writer([&] { folder.write("pipe", packed); });
  const FileBytes file = map_file(path);
  writer.join();
  EXPECT_EQ(text_of(file), "through a pipe");
}

TEST(MapFile, SaysWhyAFileCannotBeRead) {
  const TempFolder folder;
  for (const auto& path : {folder.path(), folder.path() / "missing"}) {
    const std::string message = error_of<DataError>([&] { map_file(path); });
    EXPECT_TRUE(message.starts_with(path.string() + ": ")) << message;
    expect_in("expected a readable file", message);
    EXPECT_EQ(message, error_of<DataError>([&] { read_file(path); }));
  }
  const auto cut = folder.write("cut.gz", gzip("some text").substr(0, 12));
  expect_in("truncated", error_of<DataError>([&] { map_file(cut); }));
}

}  // namespace
}  // namespace nabla
