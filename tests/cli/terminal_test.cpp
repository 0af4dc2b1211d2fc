// SPDX-License-Identifier: MIT
#include "cli/terminal.h"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "support/errors.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;
using Strings = std::vector<std::string>;

/// The lines that a terminal shows one after another at the same place or below each other, without
/// the escape sequences in them.
Strings shown_lines(const std::string& text) {
  Strings lines(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b' && i + 1 < text.size() && text[i + 1] == '[') {
      i = std::min(text.find_first_of("ABCDEFGHJKmlh", i), text.size() - 1);
    } else if (text[i] == '\r' || text[i] == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += text[i];
    }
  }
  std::erase(lines, "");
  return lines;
}

std::size_t characters_of(const std::string& line) {
  return static_cast<std::size_t>(
      std::ranges::count_if(line, [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

/// `is_wanted` tells the lines that must fit.
template <class IsWanted>
void expect_width(const std::string& text, std::size_t width, IsWanted is_wanted) {
  std::size_t wanted = 0;
  for (const std::string& line : shown_lines(text))
    if (is_wanted(line)) {
      ++wanted;
      EXPECT_LE(characters_of(line), width) << line;
    }
  EXPECT_GT(wanted, 0U) << text;
}

/// A class in the last column: 12 of them, some with long names, and columns to match.
void write_table(const TempFolder& folder) {
  std::string table = "length of the first thing,width,town,class\n";
  for (int i = 0; i < 48; ++i)
    table += std::to_string(i % 7) + "." + std::to_string(i) + "," + std::to_string(100 * i) + "," +
             std::to_string(i % 3) + ",class number " + std::to_string(i % 12) +
             (i % 12 == 5 ? " with a name that is longer than any table would want it" : "") + "\n";
  folder.write("table.csv", table);
}

const Strings kSmallTable = {
    "--data.source=csv",   "--data.train=table.csv", "--network.hidden=4", "-e", "2",
    "--parallel.threads=1"};

Strings on_table(const std::string& command, const Strings& more = {}) {
  Strings arguments = {command};
  arguments.insert(arguments.end(), kSmallTable.begin(), kSmallTable.end());
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST(Terminal, TablesFitItsWidth) {
  const TempFolder folder;
  write_table(folder);
  folder.write(
      "a.ini",
      "[data]\nsource = csv\ntrain = table.csv\n[network]\nhidden = 4\n[train]\nepochs = 2\n"
      "[sweep]\ntrain.learning-rate = 0.1; 0.01\ntrain.l2 = 0; 0.001\n");
  const ProgramResult trained = run_program(on_table("train", {"-o", "run"}), folder.path());
  ASSERT_EQ(trained.code, 0) << trained.err;
  const Strings commands[] = {
      {"evaluate", "run", "--importance"},
      {"data", "table.csv"},
      {"info", "run"},
      {"options", "stop"},
      {"check", "run/config.ini"},
      {"crossval", "run/config.ini", "-q", "-o", "folds"},
      {"sweep", "a.ini", "-q", "-o", "trials"},
      {"scale", "run/config.ini", "-q", "--scale.threads=1,2", "--scale.seconds=0.002", "-o", "s"}};
  for (const unsigned short columns : {60, 80, 120})
    for (const Strings& command : commands) {
      SCOPED_TRACE(command[0] + " on " + std::to_string(columns) + " columns");
      // The folder of a study is claimed anew each time.
      fs::remove_all(folder.path() / "folds");
      fs::remove_all(folder.path() / "s");
      expect_width(run_on_terminal(command, folder.path(), columns, true), columns,
                   [](const std::string& line) { return !line.starts_with("nabla: "); });
    }
}

TEST(Terminal, ProgressLinesFitItsWidth) {
  const TempFolder folder;
  write_table(folder);
  folder.write(
      "a.ini",
      "[data]\nsource = csv\ntrain = table.csv\n[network]\nhidden = 4\n[train]\nepochs = 2\n"
      "[sweep]\ntrain.l2 = 0; 0.001\n");
  for (const unsigned short columns : {20, 40, 80}) {
    SCOPED_TRACE(columns);
    const std::string bar = run_on_terminal(
        on_table("train", {"-o", "run", "--data.validation=0.25"}), folder.path(), columns);
    // The last column stays free, as some terminals wrap when it is written.
    const std::size_t width = columns - std::size_t{1};
    expect_width(bar, width, [](const std::string& line) { return line.starts_with("epoch "); });
    expect_in("epoch 1/2", bar);
    EXPECT_TRUE(bar.ends_with("\r\x1b[K")) << bar;
    // A sweep's lines of finished trials stay and may wrap; its table is drawn again and again.
    const std::string table = run_on_terminal({"sweep", "a.ini"}, folder.path(), columns);
    expect_width(table, width, [](const std::string& line) {
      return line.find(" running") != std::string::npos || line.starts_with("best: ");
    });
  }
  EXPECT_EQ(run_on_terminal(on_table("train", {"-q"}), folder.path(), 80), "");
}

}  // namespace
}  // namespace nabla
