// SPDX-License-Identifier: MIT
#include "run/run_folder.h"

#include <gtest/gtest.h>
#include <set>
#include <thread>
#include <vector>

#include "nabla/base/error.h"

#include "run/metrics_file.h"
#include "support/errors.h"
#include "support/file_size_limit.h"
#include "support/files.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

TEST(RunFolder, NumbersRunsAfterTheFirst) {
  const TempFolder folder;
  const fs::path wanted = folder.path() / "runs/a";
  EXPECT_EQ(RunFolder::claim(wanted, false).path(), wanted);
  EXPECT_EQ(RunFolder::claim(wanted, false).path(), wanted.string() + "-2");
  std::ofstream(wanted.string() + "-3") << "a file in the way";
  EXPECT_EQ(RunFolder::claim(wanted, false).path(), wanted.string() + "-4");
  fs::create_directory(wanted.string() + "-5");
  EXPECT_EQ(RunFolder::claim(wanted, false).path(), wanted.string() + "-5");
}

TEST(RunFolder, ASlashAtItsEndIsNoPartOfTheName) {
  const TempFolder folder;
  const std::string wanted = (folder.path() / "a").string();
  EXPECT_EQ(RunFolder::claim(wanted + "/", false).path(), wanted);
  EXPECT_EQ(RunFolder::claim(wanted + "/", false).path(), wanted + "-2");
  EXPECT_EQ(RunFolder::claim(wanted + "//", false).path(), wanted + "-3");
  for (const char* name : {".", ".."})
    expect_in("holds something, expected a new or an empty folder",
              error_of<ConfigError>([&] { RunFolder::claim(fs::path(wanted) / name, false); }));
}

TEST(RunFolder, OverwriteRemovesTheOldRun) {
  const TempFolder folder;
  folder.write("model.safetensors", "old");
  folder.write("trials.csv", "of a sweep");
  folder.write("notes.txt", "mine");
  EXPECT_EQ(RunFolder::claim(folder.path(), true).path(), folder.path());
  EXPECT_FALSE(fs::exists(folder.path() / "model.safetensors"));
  EXPECT_FALSE(fs::exists(folder.path() / "trials.csv"));
  EXPECT_TRUE(fs::exists(folder.path() / "notes.txt"));
}

TEST(RunFolder, RefusesAFile) {
  const TempFolder folder;
  const fs::path file = folder.write("a", "");
  expect_in("output.dir: " + file.string(),
            error_of<ConfigError>([&] { RunFolder::claim(file, false); }));
  expect_in("output.dir: " + file.string() + "/b",
            error_of<ConfigError>([&] { RunFolder::claim(file / "b", false); }));
}

TEST(RunFolder, TwoAtOnceGetDifferentOnes) {
  const TempFolder folder;
  constexpr std::size_t kClaims = 8;
  std::vector<fs::path> claimed(4 * kClaims);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < kClaims; ++i)
        claimed[t * kClaims + i] = RunFolder::claim(folder.path() / "run", false).path();
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::set<fs::path>(claimed.begin(), claimed.end()).size(), claimed.size());
}

TEST(MetricsFile, WritesRoundTripNumbersAndEmptyCells) {
  const TempFolder folder;
  const fs::path path = folder.path() / "metrics.csv";
  MetricsFile metrics(path);
  EpochReport report;
  report.epoch = 1;
  report.seconds = 0.1;
  report.samples_per_second = 100000;
  report.learning_rate = 1.0 / 3;
  report.train = {0.25, 0.5};
  report.test = Score{1e-7, 1};
  metrics.append(report);
  // Read while the file is still open: a line is there as soon as its epoch has ended.
  EXPECT_EQ(read_text(path),
            "epoch,seconds,samples_per_second,learning_rate,train_cost,train_accuracy,"
            "validation_cost,validation_accuracy,test_cost,test_accuracy\n"
            "1,0.1,100000,0.3333333333333333,0.25,0.5,,,1e-07,1\n");
}

TEST(RunFolder, BelongsToOneAtATime) {
  const TempFolder folder;
  const fs::path path = folder.path() / "run";
  {
    const RunFolder run = RunFolder::claim(path, false);
    expect_in("no config.ini", error_of<ConfigError>([&] { RunFolder::open(path); }));
    std::ofstream(run.config()) << "[train]\n";
    expect_in("another process", error_of<ConfigError>([&] { RunFolder::open(path); }));
    expect_in("output.dir: ", error_of<ConfigError>([&] { RunFolder::claim(path, true); }));
    EXPECT_TRUE(fs::exists(run.config()));
  }
  EXPECT_EQ(RunFolder::open(path).path(), path);
  expect_in("--resume: " + folder.path().string(),
            error_of<ConfigError>([&] { RunFolder::open(folder.path()); }));
}

EpochReport epoch_report(std::size_t epoch) {
  EpochReport report;
  report.epoch = epoch;
  return report;
}

TEST(MetricsFile, GoesOnBehindSoManyEpochs) {
  const TempFolder folder;
  const fs::path path = folder.path() / "metrics.csv";
  const auto write = [&](std::size_t kept, std::size_t last) {
    MetricsFile metrics(path, kept);
    for (std::size_t epoch = kept + 1; epoch <= last; ++epoch) metrics.append(epoch_report(epoch));
    return metrics.kept();
  };
  EXPECT_EQ(write(0, 12), 0U);
  const std::string whole = read_text(path);
  EXPECT_EQ(write(10, 12), 10U);
  EXPECT_EQ(read_text(path), whole);
  // A line cut short is none.
  std::ofstream(path) << whole.substr(0, whole.size() - 3);
  EXPECT_EQ(write(12, 12), 11U);
  EXPECT_EQ(read_text(path) + "12", whole.substr(0, read_text(path).size() + 2));
  std::ofstream(path) << "another file\n1,2\n";
  EXPECT_EQ(write(1, 1), 0U);
  EXPECT_EQ(read_text(path) + "1", whole.substr(0, read_text(path).size() + 1));
}

TEST(MetricsFile, WritesLaterWhatCouldNotBeWritten) {
  const TempFolder folder;
  const fs::path path = folder.path() / "metrics.csv";
  MetricsFile whole(folder.path() / "whole.csv");
  for (std::size_t epoch = 1; epoch <= 3; ++epoch) whole.append(epoch_report(epoch));
  MetricsFile metrics(path);
  metrics.append(epoch_report(1));
  {
    const FileSizeLimit limit(fs::file_size(path) + 5);
    expect_in(path.string(), error_of<std::system_error>([&] { metrics.append(epoch_report(2)); }));
  }
  metrics.append(epoch_report(3));
  EXPECT_EQ(read_text(path), read_text(folder.path() / "whole.csv"));
}

TEST(MetricsFile, NamesTheFileThatIsFull) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  expect_in("/dev/full", error_of<std::system_error>([] { MetricsFile("/dev/full"); }));
}

TEST(RunFolder, IsKnownByTheFilesOfItsCommand) {
  const TempFolder folder;
  EXPECT_EQ(kind_of_folder(folder.path()), std::nullopt);
  folder.write("config.ini", "[data]\n");
  EXPECT_EQ(kind_of_folder(folder.path()), std::nullopt);
  folder.write("summary.json", "{}");
  EXPECT_EQ(kind_of_folder(folder.path()), FolderKind::kTrain);
  for (const auto& [file, kind] :
       std::vector<std::pair<std::string, FolderKind>>{{"scale.csv", FolderKind::kScale},
                                                       {"crossval.csv", FolderKind::kCrossval},
                                                       {"trials.csv", FolderKind::kSweep}}) {
    folder.write(file, "");
    EXPECT_EQ(kind_of_folder(folder.path()), kind) << name_of(kind);
  }
  remove_run_files(folder.path());
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

}  // namespace
}  // namespace nabla
