// SPDX-License-Identifier: MIT
//
// Mistakes made in every key of the option table: each must be refused with file, line, key, the
// expectation, and the nearest name if one is misspelt.
#include <algorithm>
#include <cctype>
#include <gtest/gtest.h>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "nabla/base/error.h"

#include "config/configuration.h"
#include "config/option_table.h"
#include "support/errors.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using Strings = std::vector<std::string>;

/// The error of a file whose line `line` is this one.
std::string error_in_line(std::size_t line, const std::string& section, const std::string& text) {
  const std::string file =
      std::string(line - 2, '\n') + "[" + section + "]\n" + text + "\n# the end\n";
  return error_of<ConfigError>([&] { parse_configuration(file, "test", {}); });
}

std::size_t distance(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) return a.size() + b.size();
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    for (std::size_t j = 0; j <= b.size(); ++j) {
      d[i][j] = i == 0 ? j : j == 0 ? i : d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      if (i > 0 && j > 0) d[i][j] = std::min({d[i][j], d[i - 1][j] + 1, d[i][j - 1] + 1});
    }
  return d[a.size()][b.size()];
}

/// Slips of the fingers in a name: a letter left out, doubled, another one, two exchanged.
std::set<std::string> misspelt(const std::string& name) {
  std::set<std::string> results;
  for (std::size_t i = 0; i < name.size(); ++i) {
    std::string text = name;
    results.insert(text.erase(i, 1));
    text = name;
    results.insert(text.insert(i, 1, name[i]));
    text = name;
    text[i] = 'q';
    results.insert(text);
    text = name;
    if (i + 1 < name.size()) std::swap(text[i], text[i + 1]);
    results.insert(text);
  }
  results.erase(name);
  results.erase("");
  return results;
}

/// Values that the option must refuse, made from the text of its range.
Strings bad_values(const ExperimentOption& option) {
  const std::string& type = option.type;
  for (const char* free : {"path", "column", "words"})
    if (type.find(free) != std::string::npos) return {};
  Strings values = {"seventeen", "1;2", "(1"};
  std::smatch bounds;
  const std::string range = option.range;
  if (std::regex_search(range, bounds, std::regex("(^|each )([0-9.]+) to ([0-9.]+)"))) {
    const double high = std::stod(bounds[3]);
    values.push_back(std::to_string(static_cast<long>(high) + 1));
    values.push_back(std::stod(bounds[2]) > 0 ? "0" : "-1");
  }
  if (range.find("at least 1") != std::string::npos) values.emplace_back("0");
  if (range.find("at least 0") != std::string::npos) values.emplace_back("-1");
  if (range.find("above 0") != std::string::npos) values.emplace_back("0");
  if (range.find("below 1") != std::string::npos) values.emplace_back("-0.5");
  if (type.find("whole number") != std::string::npos) values.emplace_back("1.5");
  if (type.find("number") != std::string::npos)
    for (const char* value : {"nan", "inf", "1e999", "0x10", "1 2", "1,,2"})
      values.push_back(value);
  return values;
}

/// The names that a value may have.
Strings names_in(const ExperimentOption& option) {
  if (option.type == "yes or no") return {"yes", "no"};
  if (option.type.find("name") == std::string::npos) return {};
  Strings names;
  const std::regex name("(^| · )([a-z][a-z0-9-]*)(?= · |$)");
  for (std::sregex_iterator found(option.range.begin(), option.range.end(), name), end;
       found != end; ++found)
    names.push_back((*found)[2]);
  return names;
}

TEST(OptionMistakes, EveryMisspeltKeyIsRefusedWithTheNearest) {
  std::size_t mistakes = 0;
  for (const ExperimentOption& option : option_table())
    for (const std::string& name : misspelt(option.name())) {
      const std::string key = option.section() + "." + name;
      if (find_option(key) != nullptr) continue;
      const std::size_t line = 2 + mistakes++ % 7;
      const std::string message = error_in_line(line, option.section(), name + " = 1");
      expect_in("test.ini:" + std::to_string(line) + ": " + key + ": unknown key, expected one",
                message);
      const std::string asked = "did you mean ";
      const std::size_t start = message.find(asked) + asked.size();
      const std::string hint = message.substr(start, message.find('?', start) - start);
      ASSERT_NE(find_option(hint), nullptr) << message;
      EXPECT_LE(distance(hint, key), distance(option.key, key)) << message;
    }
  EXPECT_GT(mistakes, 1000U);
}

TEST(OptionMistakes, EveryMisspeltSectionIsRefused) {
  for (const ExperimentOption& option : option_table())
    for (const std::string& section : misspelt(option.section()))
      expect_in("unknown key", error_in_line(2, section, option.name() + " = 1"));
}

TEST(OptionMistakes, EveryValueOfAnotherTypeOrRangeIsRefused) {
  std::size_t mistakes = 0;
  Strings free;
  for (const ExperimentOption& option : option_table()) {
    const Strings values = bad_values(option);
    if (values.empty()) free.push_back(option.key);
    for (const std::string& value : values) {
      const std::size_t line = 2 + mistakes++ % 7;
      const std::string message =
          error_in_line(line, option.section(), option.name() + " = " + value);
      EXPECT_TRUE(
          message.starts_with("test.ini:" + std::to_string(line) + ": " + option.key + ": "))
          << option.key << " = " << value << ": " << message;
      expect_in(", expected ", message);
    }
  }
  EXPECT_GT(mistakes, 300U);
  // Any text is a path or a word, or may be the name of a column.
  EXPECT_EQ(free.size(), 12U) << testing::PrintToString(free);
}

TEST(OptionMistakes, EveryMisspeltNameHasItsHint) {
  std::size_t mistakes = 0;
  for (const ExperimentOption& option : option_table()) {
    const Strings names = names_in(option);
    if (option.type.find("name") != std::string::npos) {
      EXPECT_GE(names.size(), 2U) << option.key;
    }
    for (const std::string& name : names) {
      const std::string message =
          error_in_line(3, option.section(), option.name() + " = " + name + "z");
      expect_in("test.ini:3: " + option.key + ": ", message);
      expect_in("did you mean " + name + "?", message);
      ++mistakes;
    }
  }
  EXPECT_GT(mistakes, 60U);
}

TEST(OptionMistakes, TheProgramEndsWithTwo) {
  const TempFolder folder;
  folder.write("shared.ini", "[train]\n\nepoch = 3\n");
  for (const auto& [text, parts] : std::vector<std::pair<std::string, Strings>>{
           {"[train]\nepohcs = 3\n", {"a.ini:2: train.epohcs: ", "did you mean train.epochs?"}},
           {"\n\n[network]\nhidden = ten\n", {"a.ini:4: network.hidden: 'ten' is not", "expected"}},
           {"[network]\nactivation = rulu\n", {"a.ini:2: network.activation", "mean relu?"}},
           {"include = shared.ini\n", {"shared.ini:3: train.epoch: ", "mean train.epochs?"}},
           {"include = shred.ini\n", {"a.ini:1: include: ", "shred.ini: cannot be read"}},
           {"[optimizer]\nbeta1 = 1\n", {"a.ini:2: optimizer.beta1: '1' is out of range"}},
           {"[sweep]\nnetwork.hiden = 3\n",
            {"a.ini:2: sweep.network.hiden", "sweep.network.hidden?"}}}) {
    folder.write("a.ini", text);
    for (const char* command : {"train", "sweep", "check"}) {
      const ProgramResult result = run_program({command, "a.ini"}, folder.path());
      EXPECT_EQ(result.code, 2) << text;
      EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
      for (const std::string& part : parts) expect_in(part, result.err);
    }
  }
  const ProgramResult result = run_program({"train", "--train.epoch=3"}, folder.path());
  EXPECT_EQ(result.code, 2);
  expect_in("--train.epoch: unknown key", result.err);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "runs"));
}

}  // namespace
}  // namespace nabla
