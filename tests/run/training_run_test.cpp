// SPDX-License-Identifier: MIT
#include "run/training_run.h"

#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "nabla/base/error.h"

#include "support/errors.h"
#include "support/models.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using namespace testing_support;

TEST(DataWarnings, NameAClassWithoutTrainingRows) {
  DataSplit data{random_classes(30, 4, 3), random_classes(6, 4, 3), {}};
  EXPECT_TRUE(data_warnings(data).empty());
  for (std::uint32_t& label : data.train.labels) label = 1;
  const std::vector<std::string> warnings = data_warnings(data);
  ASSERT_EQ(warnings.size(), 1U);
  expect_in("no training row is of class '" + data.train.classes[0] + "', nor of 1 more",
            warnings[0]);
  expect_in("data.validation-shuffle = yes", warnings[0]);
  data.validation = {};
  EXPECT_EQ(data_warnings(data)[0].find("validation"), std::string::npos);
}

/// Whether a training of so many generated digits in mini-batches of 20 says that it leaves one
/// out.
bool leaves_one_out(std::size_t rows, bool batch_norm, LastBatch last) {
  ExperimentOptions options;
  options.data.digits_train = rows;
  options.data.digits_test = 0;
  options.network.hidden = {5};
  options.network.batch_norm = batch_norm;
  options.train.epochs = 1;
  options.train.batch_size = 20;
  options.train.last_batch = last;
  const TempFolder folder;
  options.output.dir = folder.path() / "run";
  bool said = false;
  RunCallbacks callbacks;
  callbacks.on_warning = [&](const std::string& warning) {
    said |= warning.starts_with("each epoch leaves one row out");
  };
  run_training(options, callbacks);
  return said;
}

TEST(TrainingRun, SaysThatARowIsLeftOut) {
  EXPECT_TRUE(leaves_one_out(41, true, LastBatch::kKeep));
  EXPECT_FALSE(leaves_one_out(42, true, LastBatch::kKeep));
  EXPECT_FALSE(leaves_one_out(41, false, LastBatch::kKeep));
  EXPECT_FALSE(leaves_one_out(41, true, LastBatch::kDrop));
}

using Lines = std::vector<std::string>;

/// A table of 30 rows with three features and three classes.
Lines table_of_flowers() {
  Lines lines = {"a,b,c,kind"};
  const char* const kinds[] = {"iris", "lily", "rose"};
  for (std::size_t i = 0; i < 30; ++i)
    lines.push_back(std::to_string(i) + "," + std::to_string(i * i % 7) + "," +
                    std::to_string(i % 11) + ".5," + kinds[i % 3]);
  return lines;
}

std::string text_of(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

/// Returns a function that changes the cells of each line.
std::function<void(Lines&)> each_row(const std::function<void(Lines& cells)>& change) {
  return [=](Lines& lines) {
    for (std::string& line : lines) {
      std::istringstream stream(line);
      Lines cells;
      for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
      change(cells);
      line.clear();
      for (const std::string& cell : cells) line += (line.empty() ? "" : ",") + cell;
    }
  };
}

/// Returns a function that has other text in place of each cell that is `from`.
std::function<void(Lines&)> replaced(const std::string& from, const std::string& to) {
  return each_row([=](Lines& cells) {
    for (std::string& cell : cells)
      if (cell == from) cell = to;
  });
}

TEST(TrainingRun, DoesNotGoOnWithOtherData) {
  const TempFolder folder;
  const auto write = [&](const Lines& train, const Lines& test) {
    folder.write("train.csv", text_of(train));
    folder.write("test.csv", text_of(test));
  };
  const Lines table = table_of_flowers();
  const Lines tested(table.begin(), table.begin() + 7);
  ExperimentOptions options;
  options.data.source = DataSource::kCsv;
  options.data.dir = folder.path();
  options.data.train = {folder.path() / "train.csv"};
  options.data.test = {folder.path() / "test.csv"};
  options.network.hidden = {3};
  options.train.epochs = 1;
  options.output.dir = folder.path() / "run";
  write(table, tested);
  run_training(options, {});
  options = read_configuration(options.output.dir / "config.ini", {}).options;
  options.train.epochs = 2;
  const auto go_on = [&] {
    resume_training({RunFolder::open(options.output.dir), options, {}, {}}, {});
  };

  const std::string renamed = "the class 'iris' is missing and 'zinnia' is new";
  const std::pair<std::function<void(Lines&)>, std::string> changes[] = {
      {[](Lines& lines) { lines.push_back("1,2,3,rose"); }, "31 training rows, expected 30"},
      {[](Lines& lines) { lines.push_back(lines[9]); }, "31 training rows, expected 30"},
      {[](Lines& lines) { lines.pop_back(); }, "29 training rows, expected 30"},
      {[](Lines& lines) { lines.erase(lines.begin() + 1); }, "29 training rows, expected 30"},
      {[](Lines& lines) { lines.resize(16); }, "15 training rows, expected 30"},
      {[](Lines& lines) { std::swap(lines[2], lines[17]); },
       "the training rows are in another order"},
      {[](Lines& lines) { std::reverse(lines.begin() + 1, lines.end()); },
       "the training rows are in another order"},
      {each_row([](Lines& cells) {
         if (cells[0] != "a") cells[0] += "0";
       }),
       "the features of the training rows have other values"},
      {[](Lines& lines) { lines[30] = "-" + lines[30]; },
       "the features of the training rows have other values"},
      {[](Lines& lines) { lines[5].insert(1, ".000000000000001"); },
       "the features of the training rows have other values"},
      {[](Lines& lines) { lines[4].replace(lines[4].find("iris"), 4, "rose"); },
       "the targets of the training rows have other values"},
      {each_row([](Lines& cells) { cells.erase(cells.begin() + 1); }), "the column 'b' is missing"},
      {each_row(
           [](Lines& cells) { cells.insert(cells.begin(), cells[0] == "a" ? "number" : "7"); }),
       "the column 'number' is new"},
      {replaced("b", "B"), "column 2 is 'B', expected 'b'"},
      {replaced("kind", "species"), "column 4 is 'species', expected 'kind'"},
      {each_row([](Lines& cells) { std::swap(cells[0], cells[1]); }),
       "column 1 is 'b', expected 'a'"},
      // config.ini says that there is a header, so the first row is taken for one.
      {[](Lines& lines) { lines.erase(lines.begin()); },
       "the column 'a' (and 3 more) is missing and '0' (and 3 more) is new"},
      {replaced("iris", "zinnia"), renamed},
      {replaced("lily", "lotus"), "class 2 is 'lotus', expected 'lily'"},
      {replaced("lily", "rose"), "the class 'lily' is missing"},
      {[](Lines& lines) { lines.push_back("1,2,3,daisy"); }, "the class 'daisy' is new"},
  };
  for (const auto& [change, expected] : changes) {
    Lines changed = table;
    change(changed);
    // The test rows have the columns and classes of the training rows.
    write(changed, Lines(changed.begin(), changed.begin() + 7));
    const std::string message = error_of<DataError>(go_on);
    expect_in("checkpoint.safetensors: the data have changed since: ", message);
    expect_in(expected, message);
  }
  write(table, Lines(table.begin(), table.begin() + 6));
  expect_in("5 test rows, expected 6", error_of<DataError>(go_on));
  write(table, tested);
  go_on();
}

}  // namespace
}  // namespace nabla
