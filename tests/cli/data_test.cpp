// SPDX-License-Identifier: MIT
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>

#include "support/errors.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;
using Strings = std::vector<std::string>;

/// Two images of 2 × 2 pixels with the labels 0 and 1: black over white, and the reverse.
void write_images(const TempFolder& folder) {
  folder.write("images", std::string("\0\0\x08\3\0\0\0\2\0\0\0\2\0\0\0\2", 16) +
                             std::string("\0\0\xff\xff\xff\xff\0\0", 8));
  folder.write("labels", std::string("\0\0\x08\1\0\0\0\2\0\1", 10));
}

const Strings kImages = {"data", "--data.source=idx", "--data.train=images",
                         "--data.train-labels=labels"};

TEST(DataCommand, DescribesATable) {
  const TempFolder folder;
  folder.write("table.csv", "1,5,x\n2,5,y\n1,5,y\n2,5,y\n");
  const ProgramResult result = run_program({"data", "--data.source=csv", "--data.train=table.csv",
                                            "--data.validation=1", "--data.validation-shuffle=no"},
                                           folder.path());
  ASSERT_EQ(result.code, 0) << result.err;
  for (const char* part :
       {"3 training, 1 validation", "2, float64", "classification, 2 classes", "in memory",
        "training 1 (1 with another class), validation 0", "1 of the validation rows",
        "constant features: 1: feature 1\n", "\nx             1  33.33",
        "\nfeature 0           1        2  1.33333        0.471405\n",
        "\nrow  0  1  class\n0    1  5      x\n"})
    expect_in(part, result.out);
  EXPECT_EQ(result.out.find('\x1b'), std::string::npos);
}

TEST(DataCommand, CallsColumnsByTheirNames) {
  const TempFolder folder;
  folder.write("table.csv", "size,town,price\n1,Rome,2.5\n1,Bonn,3.5\n");
  const ProgramResult result =
      run_program({"data", "--data.source=csv", "--data.train=table.csv", "--data.one-hot=town"},
                  folder.path());
  ASSERT_EQ(result.code, 0) << result.err;
  for (const char* part : {"constant features: 1: size\n", "\nsize                1        1",
                           "\ntown = Bonn ", "\ntown = Rome ", "\nprice             2.5      3.5",
                           "\nrow  size  town = Bonn  town = Rome  target\n"})
    expect_in(part, result.out);
}

TEST(DataCommand, TellsWhatIsMissingByTheNamesOfTheColumns) {
  const TempFolder folder;
  folder.write("people.csv", "age,town,fare,kind\n20,Rome,1,a\n,Bonn,2,b\n40,Rome,NA,a\n,,5,b\n");
  const Strings arguments = {"data", "people.csv", "--data.missing=mean"};
  const ProgramResult text = run_program(arguments, folder.path());
  expect_in("3 in the training rows: age 2 (becomes 30), fare 1 (becomes 2.66667)\n", text.out);
  Strings with_json = arguments;
  with_json.push_back("--json");
  const auto json = nlohmann::json::parse(run_program(with_json, folder.path()).out);
  EXPECT_EQ(json["feature_ranges"].size(), 5U);
  EXPECT_EQ(json["feature_ranges"][0]["name"], "age");
  EXPECT_EQ(json["feature_ranges"][0]["missing"], 2);
  EXPECT_EQ(json["feature_ranges"][1]["name"], "town = Bonn");
  EXPECT_EQ(json["feature_ranges"][3]["name"], "town is missing");
}

TEST(DataCommand, DrawsImagesInShadesWithoutATerminal) {
  const TempFolder folder;
  write_images(folder);
  const ProgramResult result = run_program(kImages, folder.path());
  ASSERT_EQ(result.code, 0) << result.err;
  expect_in("images of 2 × 2 pixels", result.out);
  expect_in("8 bytes of features in mapped files", result.out);
  expect_in("first training rows\n0   1\n▒▒  ▒▒\n", result.out);
}

TEST(DataCommand, NamedImagesFindTheirLabels) {
  const TempFolder folder;
  write_images(folder);
  fs::rename(folder.path() / "images", folder.path() / "my-images-idx3");
  fs::rename(folder.path() / "labels", folder.path() / "my-labels-idx1");
  EXPECT_EQ(
      run_program({"data", "--data.source=idx", "--data.train=my-images-idx3"}, folder.path()).out,
      run_program({"data", "--data.source=idx", "--data.train=my-images-idx3",
                   "--data.train-labels=my-labels-idx1"},
                  folder.path())
          .out);
}

TEST(DataCommand, ALineOfNamesThatPassesForARowIsMentioned) {
  const TempFolder folder;
  folder.write("table.csv", "shape,kind\nflat,a\nround,b\nflat,b\nround,a\n");
  const Strings arguments = {"data", "--data.source=csv", "--data.train=table.csv",
                             "--data.one-hot=0"};
  expect_in("no row but the first is of class 'kind'", run_program(arguments, folder.path()).err);
  folder.write("table.csv", "flat,a\nround,b\nflat,b\nround,a\n");
  EXPECT_EQ(run_program(arguments, folder.path()).err, "");
}

TEST(DataCommand, DrawsImagesInColoursOnATerminal) {
  const TempFolder folder;
  write_images(folder);
  const auto drawn = [&](const char* kind, const char* no_colour) {
    ::setenv("COLORTERM", kind, 1);
    ::setenv("NO_COLOR", no_colour, 1);
    const std::string text = run_on_terminal(kImages, folder.path(), 100, true);
    ::unsetenv("COLORTERM");
    ::unsetenv("NO_COLOR");
    return text;
  };
  expect_in("\x1b[38;2;0;0;0;48;2;255;255;255m▀▀\x1b[0m  \x1b[38;2;255;255;255;48;2;0;0;0m▀▀",
            drawn("truecolor", ""));
  expect_in("\x1b[38;5;16;48;5;231m▀▀\x1b[0m", drawn("", ""));
  expect_in("▒▒  ▒▒", drawn("truecolor", "1"));
}

TEST(DataCommand, BadDataAndConfigurationsAreErrors) {
  const TempFolder folder;
  folder.write("table.csv", "1,2,x\n1,,y\n");
  const ProgramResult missing =
      run_program({"data", "--data.source=csv", "--data.train=table.csv"}, folder.path());
  EXPECT_EQ(missing.code, 3);
  expect_in("table.csv:2", missing.err);
  EXPECT_EQ(missing.out, "");
  EXPECT_EQ(run_program({"data", "--data.sauce=csv"}, folder.path()).code, 2);
  EXPECT_EQ(run_program({"data", "none.ini"}, folder.path()).code, 2);
}

}  // namespace
}  // namespace nabla
