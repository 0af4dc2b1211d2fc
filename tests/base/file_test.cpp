// SPDX-License-Identifier: MIT
#include "base/file.h"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <system_error>
#include <unistd.h>

#include "nabla/base/error.h"

#include "support/errors.h"
#include "support/file_size_limit.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

std::string text_of(const std::vector<std::byte>& content) {
  return {reinterpret_cast<const char*>(content.data()), content.size()};
}

/// Returns a text that fills several buffers of reading and decompression and repeats little.
std::string long_text() {
  std::string text;
  for (unsigned i = 0; text.size() < 3'000'000; ++i) text += std::to_string(i * 2654435761U);
  return text;
}

TEST(ReadFile, GivesPlainAndGzipContentWhateverTheName) {
  const TempFolder folder;
  const std::string text = long_text();
  EXPECT_EQ(text_of(read_file(folder.write("plain.gz", text))), text);
  EXPECT_EQ(text_of(read_file(folder.write("packed.txt", gzip(text)))), text);
  EXPECT_TRUE(read_file(folder.write("empty", "")).empty());
  EXPECT_TRUE(read_file(folder.write("empty.gz", gzip(""))).empty());
  EXPECT_EQ(text_of(read_file(folder.write("one", "\x1f"))), "\x1f");
}

TEST(ReadFile, JoinsGzipMembers) {
  const TempFolder folder;
  const std::string text = long_text();
  const auto path = folder.write("members", gzip(text) + gzip("") + gzip("tail"));
  EXPECT_EQ(text_of(read_file(path)), text + "tail");
}

TEST(ReadFile, RefusesEveryTruncatedGzip) {
  const TempFolder folder;
  const std::string packed = gzip("some text, some text, more text");
  for (std::size_t size = 2; size < packed.size(); ++size) {
    const auto path = folder.write("cut.gz", packed.substr(0, size));
    const std::string message = error_of<DataError>([&] { read_file(path); });
    expect_in(path.string() + ": byte " + std::to_string(size) + ": truncated", message);
    expect_in("expected", message);
  }
}

TEST(ReadFile, RefusesDamagedGzip) {
  const TempFolder folder;
  std::string damaged = gzip("some text");
  damaged[damaged.size() - 6] ^= 1;  // in the checksum
  for (const std::string& content :
       {damaged, gzip("x") + "tail", std::string("\x1f\x8b\x07zzzz")}) {
    const auto path = folder.write("damaged.gz", content);
    expect_in(path.string() + ": byte ", error_of<DataError>([&] { read_file(path); }));
  }
}

TEST(ReadFile, EveryFlippedBitOfAGzipIsRefusedOrHarmless) {
  const TempFolder folder;
  const std::string text = "some text, some text, more text";
  const std::string packed = gzip(text);
  for (std::size_t bit = 16; bit < packed.size() * 8; ++bit) {
    std::string flipped = packed;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    try {
      EXPECT_EQ(text_of(read_file(folder.write("flipped.gz", flipped))), text) << "bit " << bit;
    } catch (const DataError&) {
    }
  }
}

TEST(ReadFile, StopsAtItsLimit) {
  const TempFolder folder;
  const auto plain = folder.write("plain", std::string(1000, 'x'));
  const auto bomb = folder.write("bomb.gz", gzip(std::string(50'000'000, '\0')));
  EXPECT_EQ(read_file(plain, 1000).size(), 1000U);
  expect_in("at most 999 bytes", error_of<DataError>([&] { read_file(plain, 999); }));
  EXPECT_LT(std::filesystem::file_size(bomb), 100'000U);
  expect_in(bomb.string(), error_of<DataError>([&] { read_file(bomb, 100'000); }));
  EXPECT_EQ(read_file(bomb, 50'000'000).size(), 50'000'000U);
}

TEST(ReadFile, ReadsWhatHasNoSize) {
  // Files of this kind claim a size of 0 bytes, as pipes do.
  const std::filesystem::path path = "/proc/self/status";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path;
  expect_in("Name:", text_of(read_file(path)));
}

TEST(ReadFile, SaysWhyAFileCannotBeRead) {
  const TempFolder folder;
  const auto missing = folder.path() / "missing";
  expect_in(missing.string() + ": No such file or directory",
            error_of<DataError>([&] { read_file(missing); }));
  expect_in(folder.path().string() + ": Is a directory",
            error_of<DataError>([&] { read_file(folder.path()); }));
  const auto secret = folder.write("secret", "x");
  std::filesystem::permissions(secret, std::filesystem::perms::none);
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  expect_in(secret.string() + ": Permission denied",
            error_of<DataError>([&] { read_file(secret); }));
}

TEST(ReplaceFile, WritesAndReplacesAndLeavesNothingElse) {
  const TempFolder folder;
  const auto path = folder.path() / "file";
  replace_file(path, "first, a longer text");
  folder.write("file.tmp", std::string(100, 'x'));  // a crash has left it
  replace_file(path, "second");
  EXPECT_EQ(text_of(read_file(path)), "second");
  replace_file(path, "");
  EXPECT_EQ(std::filesystem::file_size(path), 0U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(ReplaceFile, KeepsThePermissionsOfTheOldFile) {
  using std::filesystem::perms;
  const TempFolder folder;
  const auto path = folder.write("file", "old");
  const perms owner_only = perms::owner_read | perms::owner_write;
  std::filesystem::permissions(path, owner_only);
  replace_file(path, "new");
  EXPECT_EQ(text_of(read_file(path)), "new");
  EXPECT_EQ(std::filesystem::status(path).permissions(), owner_only);
}

TEST(ReplaceFile, KeepsTheOldFileWhenWritingFails) {
  const TempFolder folder;
  const auto path = folder.write("file", "old");
  const std::string message = [&] {
    const FileSizeLimit limit(1000);
    return error_of<std::system_error>([&] { replace_file(path, std::string(5000, 'x')); });
  }();
  expect_in(path.string(), message);
  EXPECT_EQ(text_of(read_file(path)), "old");
  EXPECT_FALSE(std::filesystem::exists(path.string() + ".tmp"));
}

TEST(ReplaceFile, KeepsThePreviousFile) {
  const TempFolder folder;
  const auto path = folder.path() / "file";
  const auto previous = folder.path() / "previous";
  const auto replace = [&](const std::string& text) {
    replace_file(path, std::as_bytes(std::span(text)), previous);
  };
  replace("1");
  EXPECT_FALSE(std::filesystem::exists(previous));
  replace("2");
  EXPECT_EQ(text_of(read_file(previous)), "1");
  // A process that ends between the two names leaves the folder like this.
  std::filesystem::remove(previous);
  std::filesystem::create_hard_link(path, previous);
  replace("3");
  EXPECT_EQ(text_of(read_file(path)), "3");
  EXPECT_EQ(text_of(read_file(previous)), "2");
  {
    const FileSizeLimit limit(1000);
    EXPECT_THROW(replace(std::string(5000, 'x')), std::system_error);
  }
  EXPECT_EQ(text_of(read_file(path)), "3");
  EXPECT_EQ(text_of(read_file(previous)), "2");
  const auto entries = std::filesystem::directory_iterator(folder.path());
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 2) << "no temporary file is left";
}

TEST(ReplaceFile, KeepsAFolderThatStandsInItsWay) {
  const TempFolder folder;
  const auto path = folder.path() / "folder";
  std::filesystem::create_directory(path);
  expect_in(path.string() + ": Is a directory",
            error_of<std::system_error>([&] { replace_file(path, "x"); }));
  EXPECT_TRUE(std::filesystem::is_directory(path));
  EXPECT_FALSE(std::filesystem::exists(path.string() + ".tmp"));
}

TEST(ReplaceFile, NamesThePathWhenTheFolderIsMissing) {
  const TempFolder folder;
  const auto path = folder.path() / "missing" / "file";
  expect_in(path.string() + ": No such file",
            error_of<std::system_error>([&] { replace_file(path, "x"); }));
}

TEST(Sha256, AgreesWithThePublishedExamples) {
  // The digests are that of FIPS 180-2, appendix B.1, and that of no bytes.
  const std::string abc = "abc";
  EXPECT_EQ(sha256(std::as_bytes(std::span(abc))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace nabla
