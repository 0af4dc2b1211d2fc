// SPDX-License-Identifier: MIT
#include "data/csv.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "nabla/base/error.h"

#include "base/random.h"
#include "support/errors.h"
#include "support/features.h"
#include "support/places.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using Names = std::vector<std::string>;
using Labels = std::vector<std::uint32_t>;
using Values = std::vector<double>;

Dataset parse_text(std::string_view text, const CsvOptions& options = {}) {
  return parse_csv(text, "t.csv", options);
}

Values features(const Dataset& dataset) {
  EXPECT_TRUE(std::holds_alternative<FeatureMatrix<double>>(dataset.features));
  const Matrix<double> matrix = testing_support::copy_of_features(dataset);
  return {matrix.elements().begin(), matrix.elements().end()};
}

Values targets(const Dataset& dataset) {
  return {dataset.targets.elements().begin(), dataset.targets.elements().end()};
}

CsvOptions with_targets(const Names& names, CsvHeader header = CsvHeader::kAuto) {
  CsvOptions options;
  options.targets = names;
  options.format.header = header;
  return options;
}

void expect_error(const std::string& part, std::string_view text, const CsvOptions& options = {}) {
  const std::string message = error_of<DataError>([&] { parse_text(text, options); });
  EXPECT_TRUE(message.starts_with("t.csv")) << message;
  EXPECT_NE(message.find("expected"), std::string::npos) << message;
  EXPECT_NE(message.find(part), std::string::npos) << message;
}

void expect_config_error(const std::string& part, std::string_view text,
                         const CsvOptions& options) {
  const std::string message = error_of<ConfigError>([&] { parse_text(text, options); });
  EXPECT_TRUE(message.starts_with("data.t")) << message;
  EXPECT_NE(message.find(part), std::string::npos) << message;
}

TEST(Csv, LongIntegersKeepTheirTextAsClassesAndCategories) {
  CsvOptions options;
  options.task = TaskChoice::kClassification;
  const Dataset data = parse_text(
      "1,1234567890123456782\n2,1234567890123456781\n3,+01234567890123456782\n4,-9007199254740993\n"
      "5,-9007199254740992\n6,9007199254740991.0\n7,9007199254740991\n",
      options);
  EXPECT_EQ(data.classes, (Names{"-9007199254740993", "-9007199254740992", "9007199254740991.0",
                                 "1234567890123456781", "1234567890123456782"}));
  EXPECT_EQ(data.labels, (Labels{4, 3, 4, 0, 1, 2, 2}));

  options = {};
  options.one_hot = {"0"};
  const Dataset categories = parse_text("9007199254740993,a\n9007199254740992,b\n", options);
  EXPECT_EQ(categories.one_hot.columns[0].categories,
            (Names{"9007199254740992", "9007199254740993"}));

  options = {};
  options.classes = {"1234567890123456781"};
  expect_in("unknown class '1234567890123456782'",
            error_of<DataError>([&] { parse_text("1,1234567890123456782\n", options); }));
}

TEST(Csv, ReadsRowsOfNumbersAndClassNames) {
  const Dataset dataset = parse_text("1,-2.5,b\n+3e-1,4,a\n.5,1e3,b\n");
  EXPECT_EQ(dataset.rows(), 3U);
  EXPECT_EQ(features(dataset), (Values{1, -2.5, 0.3, 4, 0.5, 1000}));
  EXPECT_EQ(dataset.task, Task::kClassification);
  EXPECT_EQ(dataset.classes, (Names{"a", "b"}));
  EXPECT_EQ(dataset.labels, (Labels{1, 0, 1}));
}

TEST(Csv, FindsTheSeparator) {
  for (const char* text : {"1,2,0\n3,4,1\n", "1;2;0\n3;4;1\n", "1\t2\t0\n3\t4\t1\n",
                           " 1 2  0\n3\t\t4 1 \n", "a b c\n1  2 \"0\"\n\n3 4 1",
                           "\n\"a,b\";c;d\n1;2;0\n3;4;1\n", "a;b\tc\td\n1\t2\t0\n3\t4\t1\n"}) {
    EXPECT_EQ(features(parse_text(text)), (Values{1, 2, 3, 4})) << text;
  }
}

TEST(Csv, AcceptsEveryLineEndBlankLinesByteOrderMarkAndBlanks) {
  for (const char* text :
       {"1,2,0\r\n3,4,1\r\n", "1,2,0\r3,4,1",
        "\xef\xbb\xbf"
        "1,2,0\n3,4,1",
        "\n  \n1,2,0\n\r\n\t\n3,4,1\n\n", " 1 , 2,\t0 \n3,4,\"1\" \n", "\"1\",\"2\",0\n3,4,1"}) {
    const Dataset dataset = parse_text(text);
    EXPECT_EQ(features(dataset), (Values{1, 2, 3, 4})) << text;
    EXPECT_EQ(targets(dataset), (Values{0, 1})) << text;
  }
}

TEST(Csv, ReadsQuotesAsRfc4180) {
  const Dataset dataset =
      parse_text("x,\"k\r\n\"\"i\"\"\"\n1,\"a, b\"\n2,\"say \"\"x\"\"\"\n3,\" c\"\n4,\"\"\"\"\n");
  EXPECT_EQ(dataset.columns.names, (Names{"x", "k\r\n\"i\""}));
  EXPECT_EQ(dataset.classes, (Names{" c", "\"", "a, b", "say \"x\""}));
  EXPECT_EQ(dataset.labels, (Labels{2, 3, 0, 1}));
  expect_error("t.csv:2: a quote that opens here is never closed", "1,a\n2,\"b\n3,c\n");
  expect_error("t.csv:1: found 'b' after a closing quote", "1,\"a\"b\n");
  // Lines within quotes are counted, too.
  expect_error("t.csv:5: column 1 (a??b?): 'x'", "\"a\r\nb\n\",k\n1,a\nx,c\n");
}

TEST(Csv, RefusesNamesThatNoLineOrModelFileCanHold) {
  for (const char* name : {"d\ne", "d\re", "\t", "\x1b[2J", "\x7f", "\xc2\x85", "a\xe2\x80\xa8"})
    expect_error("t.csv:2: column 2: the class name", "1,ok\n2,\"" + std::string(name) + "\"\n");
  expect_error("t.csv:2: column 2: the class name 'M?nchen' is not UTF-8", "1,ok\n2,M\xfcnchen\n");
  EXPECT_EQ(parse_text("1,ok\n2,M\xc3\xbcnchen \xe2\x80\xa6\n").classes[0],
            "M\xc3\xbcnchen \xe2\x80\xa6");
}

TEST(Csv, RefusesMissingValuesByRowAndColumn) {
  const std::string head = "x,y,kind\n1,2,a\n";
  for (const std::string cell : {"", "?", "NA", "n/a", "\"\"", " ", "nan", "NaN", "null", "NONE"})
    expect_error("t.csv:3: column 2 (y): the value is missing", head + "3," + cell + ",b\n");
  expect_error("t.csv:3: column 2 (y): found '-NAN'", head + "3,-NAN,b\n");
  for (const std::string cell : {"", "\"\"", " "})
    expect_error("t.csv:3: column 3 (kind): the value is missing", head + "3,4," + cell + "\n");
  for (const std::string cell : {"", "?", "NaN"}) {
    expect_error("t.csv:3: column 2: the value is missing", "1,0\n2,1\n3," + cell + "\n4,0\n");
    expect_error("t.csv:2: column 2: the value is missing", "1,0.5\n2," + cell + "\n");
  }
}

TEST(Csv, MissingWordsAreClassesOfATextTarget) {
  const Dataset data = parse_text("1,NA\n2,EU\n3,NA\n4,?\n");
  EXPECT_EQ(data.classes, (Names{"?", "EU", "NA"}));
  ASSERT_EQ(data.warnings.size(), 1U);
  expect_in("t.csv:1: column 2: 'NA' is a class, as the target is text", data.warnings[0]);
}

TEST(Csv, KeepsMissingValuesAsNaN) {
  CsvOptions options;
  options.keep_missing = true;
  const Values values = features(parse_text("1,-999,0\n,-999.0,1\nna,4,1\n", options));
  EXPECT_EQ(values[0], 1);
  EXPECT_EQ(values[1], -999);
  EXPECT_TRUE(std::isnan(values[2]) && std::isnan(values[4]));
  options.missing_values = {"-999"};
  const Values others = features(parse_text("1,-999,0\n,-999.0,1\n3,4,0\n", options));
  EXPECT_TRUE(std::isnan(others[1]) && std::isnan(others[3]));
  EXPECT_TRUE(std::isnan(others[2]));
  expect_error("'na' is not a number", "1,2,0\nna,4,1\n", options);
  expect_error("t.csv:1: column 1: all values are missing", ",1,0\n,2,1\n", options);
}

TEST(Csv, NumberThatStandsForAMissingTargetIsRefusedInAnyRow) {
  CsvOptions options;
  options.missing_values = {"-999"};
  expect_error("t.csv:1: column 2: the value is missing", "1,-999\n2,1.5\n", options);
  expect_error("t.csv:2: column 2: the value is missing", "1,1.5\n2,-999\n", options);
  // Every text of the number stands for it, as it does in features.
  expect_error("t.csv:1: column 2: the value is missing", "1,-999.0\n2,1.5\n", options);
  expect_error("t.csv:2: column 2: the value is missing", "1,1.5\n2,-9.99e2\n", options);
  options.one_hot = {"0"};
  EXPECT_EQ(parse_text("-999,0\n-999.0,1\n7,0\n", options).one_hot.columns[0].categories,
            (Names{"7", ""}));
}

TEST(Csv, TextColumnsAreCategories) {
  const Dataset data = parse_text("x,color,y\n1,red,0\n2,blue,1\n3,red,0\n");
  ASSERT_EQ(data.one_hot.columns.size(), 1U);
  EXPECT_EQ(data.one_hot.columns[0].feature, 1U);
  EXPECT_EQ(data.one_hot.columns[0].categories, (Names{"blue", "red"}));
  EXPECT_EQ(features(data), (Values{1, 0, 1, 2, 1, 0, 3, 0, 1}));
  // A missing value is a category of its own, the last.
  const Dataset missing = parse_text(",0\nb,1\nNA,0\na,0\nb,1\n");
  EXPECT_EQ(missing.one_hot.columns[0].categories, (Names{"a", "b", ""}));
  EXPECT_EQ(features(missing), (Values{0, 0, 1, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0}));
  // True and false are equal in any case of letters.
  EXPECT_EQ(parse_text("True,0\nFALSE,1\ntrue,0\n").one_hot.columns[0].categories,
            (Names{"FALSE", "True"}));
  CsvOptions none;
  none.one_hot.emplace();
  expect_error("t.csv:2: column 2 (color): 'red' is not a number (3 of 3 cells)",
               "x,color,y\n1,red,0\n2,blue,1\n3,red,0\n", none);
}

/// Rows of a number, a category of `count` and a number: i − 7, c(i·7 mod count), 0.
std::string wide_table(std::size_t rows, std::size_t count) {
  std::string text = "a,c,b,y\n";
  for (std::size_t i = 0; i < rows; ++i)
    text += std::to_string(static_cast<int>(i) - 7) + ",c" + std::to_string(i * 7 % count) + ",0," +
            std::to_string(i % 2) + "\n";
  return text;
}

TEST(Csv, ManyCategoriesAreEntries) {
  constexpr std::size_t kMany = 50;
  const Dataset data = parse_text(wide_table(100, kMany));
  const auto& entries = std::get<SparseMatrix<double>>(data.features);
  ASSERT_EQ(data.inputs(), kMany + 2);
  const Names& names = data.one_hot.columns[0].categories;
  const Matrix<double> all = testing_support::copy_of_features(data);
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(entries.row(i).size(), 3U) << "numbers are entries also if they are 0";
    EXPECT_EQ(all(i, 0), static_cast<double>(i) - 7);
    EXPECT_EQ(all(i, kMany + 1), 0);
    for (std::size_t k = 0; k < kMany; ++k)
      EXPECT_EQ(all(i, 1 + k), names[k] == "c" + std::to_string(i * 7 % kMany) ? 1 : 0);
  }
  EXPECT_TRUE(
      std::holds_alternative<FeatureMatrix<double>>(parse_text(wide_table(100, 10)).features));
}

TEST(Csv, AnUnknownCategoryOfManyIsAllZeros) {
  CsvOptions options;
  options.known_one_hot.emplace();
  Names& names = options.known_one_hot->columns.emplace_back(OneHotColumn{1, {}}).categories;
  for (int k = 10; k < 60; ++k) names.push_back("c" + std::to_string(k));
  options.unknown_category = UnknownCategory::kIgnore;
  options.known_columns.count = 4;
  options.known_columns.targets = {3};
  const Dataset data = parse_text("3,c59,4,0\n3,other,4,1\n3,c10,4,0\n", options);
  ASSERT_TRUE(std::holds_alternative<SparseMatrix<double>>(data.features));
  const Matrix<double> all = testing_support::copy_of_features(data);
  EXPECT_EQ(all(0, 50), 1);
  EXPECT_EQ(all(2, 1), 1);
  for (std::size_t j = 1; j <= 50; ++j) EXPECT_EQ(all(1, j), 0);
  EXPECT_EQ(all(1, 51), 4);
}

TEST(Csv, NamesAllColumnsThatCannotBeUsed) {
  const std::string text =
      "id,hp,\"a,b\",name,y\n1,?,1,ford,0\n2,3,2,fiat,1\n3,,x,opel,0\n4,1,3,bmw,1\n";
  EXPECT_EQ(error_of<DataError>([&] { parse_text(text); }),
            "t.csv:2: column 2 (hp): the value is missing ('?', 2 of 4 cells); column 3 (a,b) from "
            "line 4: 'x' is not a number (1 of 4 cells); column 4 (name) from line 2: text "
            "of 4 categories, no two cells alike; expected data.missing = median and data.ignore = "
            "2, name");
  CsvOptions options;
  options.ignored = {"id", "2", "name"};
  expect_error("; expected numbers, or data.missing = median, or data.ignore = id, 2, name, hp",
               text, options);
  expect_error("t.csv:2: column 1: '2' is a number (1 of 2 cells), but 'a' is text", "a,1\n2,3\n");
  std::string many;
  for (int row = 0; row < 202; ++row) many += "c" + std::to_string(row % 101) + ",0\n";
  expect_error("t.csv:1: column 1: text of 101 categories, more than 100", many);
  expect_error("column 1: the category name 'a?b' has a line break", "\"a\nb\",0\n\"a\nb\",1\n");
}

TEST(Csv, WarnsOfAColumnThatNumbersTheRows) {
  const auto is_warned_of = [](std::string_view text) {
    return std::ranges::any_of(parse_text(text).warnings, [](const std::string& warning) {
      return warning.find("data.ignore = 0") != std::string::npos;
    });
  };
  EXPECT_TRUE(is_warned_of(",a,y\n0,5,0\n1,6,1\n2,7,0\n"));
  EXPECT_FALSE(is_warned_of(",a,y\n0,5,0\n2,6,1\n"));
  EXPECT_FALSE(is_warned_of("0,5,0\n1,6,1\n"));
}

TEST(Csv, RecognisesAHeader) {
  EXPECT_EQ(parse_text("a,b,c\n1,2,0\n").rows(), 1U);
  EXPECT_EQ(parse_text("a,,c\n1,x,0\n", with_targets({"1"})).rows(), 1U);
  EXPECT_EQ(parse_text("1,2,c\n1,2,d\n").rows(), 2U);
  EXPECT_EQ(parse_text("1,2,c\n").rows(), 1U);
  EXPECT_EQ(parse_text("7,8,c\n1,2,d\n", with_targets({"c"}, CsvHeader::kYes)).labels.size(), 1U);
  // Text alone is not a header, so its first line is a row; nor is a line with a number a header.
  expect_error("t.csv:1: column 1: text of 2 categories, no two cells alike; expected data.header",
               "a,b\nc,d\n");
  expect_error(
      "t.csv:2: column 1: 'a' is not a number (1 of 2 cells); expected data.one-hot = 0 for "
      "categories, or data.ignore = 0",
      "1,2\na,3\n");
  expect_error("t.csv:2: column 1: '1' is a number", "a,b\n1,2\n",
               with_targets({"last"}, CsvHeader::kNo));
  expect_error("t.csv:1: no rows after the header", "a,b\n", with_targets({"b"}, CsvHeader::kYes));
  // A name that an option gives is looked for in the first row.
  EXPECT_EQ(parse_text("a,2019,c\n1,2,0\n", with_targets({"c"})).columns.names,
            (Names{"a", "2019", "c"}));
  EXPECT_EQ(parse_text("0,5\n1,5\n", with_targets({"0"})).rows(), 2U);
  // A first row whose values are missing is refused, not taken for names.
  expect_error("the value is missing ('nan'", "nan,x\n1,y\n");
}

TEST(Csv, FindsTargetsByNameIndexAndLast) {
  const std::string text = "x,y,kind\n1,2,a\n3,4,b\n";
  EXPECT_EQ(features(parse_text(text, with_targets({"kind"}))), (Values{1, 2, 3, 4}));
  EXPECT_EQ(targets(parse_text("kind,x\n7,1.5\n8,2.5\n", with_targets({"kind"}))), (Values{7, 8}));
  EXPECT_EQ(parse_text("a,1,2\nb,3,4\n", with_targets({"0"})).classes, (Names{"a", "b"}));
  EXPECT_EQ(parse_text("1,a,2\n3,b,4\n", with_targets({"-2"})).classes, (Names{"a", "b"}));
  // A name wins over an index.
  const Dataset named = parse_text("1,0\n5,6\n", with_targets({"0"}, CsvHeader::kYes));
  EXPECT_EQ(features(named), (Values{5}));
  const Dataset none = parse_text("1,2\n3,4\n", with_targets({}));
  EXPECT_EQ(none.inputs(), 2U);
  EXPECT_TRUE(none.labels.empty());
  EXPECT_EQ(none.targets.rows(), 0U);
}

TEST(Csv, RefusesTargetsThatAreNotThere) {
  const std::string text = "length,width,species\n1,2,a\n";
  expect_config_error(
      "data.target = specie: t.csv has no such column; the nearest name is 'species'", text,
      with_targets({"specie"}));
  expect_config_error("has 3 columns; expected an index from 0 to 2", text, with_targets({"3"}));
  expect_config_error("an index from 0", text, with_targets({"99999999999999999999999"}));
  expect_config_error("no header line", "1,2\n", with_targets({"species"}));
  expect_config_error("twice", text, with_targets({"species", "last"}));
  expect_config_error("several columns", "a,a,b\n1,2,3\n", with_targets({"a"}));
  expect_error("all of them targets, weights or ignored", "1\n2\n");
  expect_error("all of them targets, weights or ignored", "1,2\n", with_targets({"0", "1"}));
  expect_config_error("has 3 columns; expected an index from 0 to 2, -1", text,
                      with_targets({"-4"}));
}

TEST(Csv, ChoosesTheTask) {
  const Dataset integers = parse_text("0.5,10\n0.5,9.0\n0.5,-1\n0.5,10.0\n0.5,-1\n0.5,-1\n");
  EXPECT_EQ(integers.task, Task::kClassification);
  EXPECT_EQ(integers.classes, (Names{"-1", "9.0", "10"}));  // by value; 10 and 10.0 are one
  EXPECT_EQ(integers.labels, (Labels{2, 1, 0, 2, 0, 0}));
  const Dataset mixed = parse_text("0.5,b\n0.5,10\n0.5,a\n0.5,9\n");
  EXPECT_EQ(mixed.classes, (Names{"9", "10", "a", "b"}));

  const Dataset fractions = parse_text("1,24.00\n2,21.6\n");
  EXPECT_EQ(fractions.task, Task::kRegression);
  EXPECT_EQ(targets(fractions), (Values{24, 21.6}));
  EXPECT_TRUE(fractions.classes.empty());
  expect_error("t.csv:2: column 2: the target 'b' is text, but '24.5' on line 1", "1,24.5\n2,b\n");
  expect_error("t.csv:1: column 2: the target 'b' is text, but '24.5' on line 2", "1,b\n2,24.5\n");
  // Whole numbers before the first fraction are values, too.
  EXPECT_EQ(targets(parse_text("1,3\n2,4.0\n3,2.5\n4,3\n")), (Values{3, 4, 2.5, 3}));

  CsvOptions options;
  options.task = TaskChoice::kRegression;
  EXPECT_EQ(targets(parse_text("1,3\n2,4\n", options)), (Values{3, 4}));
  expect_error("t.csv:2: column 2: 'x' is not a number", "1,3\n2,x\n", options);
  options.task = TaskChoice::kClassification;
  EXPECT_EQ(parse_text("1,2.5\n2,1.5\n", options).classes, (Names{"1.5", "2.5"}));
}

TEST(Csv, SeveralTargetsAreARegressionInTheOrderNamed) {
  CsvOptions options = with_targets({"b", "0"});
  const Dataset dataset = parse_text("a,b,c\n1,2,3\n4,5,6\n", options);
  EXPECT_EQ(dataset.task, Task::kRegression);
  EXPECT_EQ(targets(dataset), (Values{2, 1, 5, 4}));
  EXPECT_EQ(features(dataset), (Values{3, 6}));
  expect_error("t.csv:3: column 1 (a): 'x' is not a number", "a,b,c\n1,2,3\nx,5,6\n", options);
  options.task = TaskChoice::kClassification;
  expect_config_error("classification with 2 columns", "a,b,c\n1,2,3\n", options);
}

TEST(Csv, KeepsToClassesKnownBeforehand) {
  CsvOptions options;
  options.classes = {"2", "1", "3.0"};
  const Dataset dataset = parse_text("0.5,1.0\n0.5,3\n", options);
  EXPECT_EQ(dataset.classes, options.classes);
  EXPECT_EQ(dataset.labels, (Labels{1, 2}));
  options.classes = {"setosa", "virginica"};
  expect_error(
      "t.csv:2: column 2: unknown class 'setossa'; expected one of 2 classes, of which "
      "'setosa' is the nearest",
      "1,virginica\n2,setossa\n", options);
}

TEST(Csv, IgnoresColumns) {
  CsvOptions options = with_targets({"kind"});
  options.ignored = {"-1", "id"};
  const Dataset data = parse_text("id,x,kind,note\nq1,1,a,n/a\nq2,2,b,\n", options);
  EXPECT_EQ(features(data), (Values{1, 2}));
  EXPECT_EQ(data.columns.ignored, (std::vector<std::size_t>{0, 3}));
  const auto refusal = [&](const Names& ignored) {
    options.ignored = ignored;
    return error_of<ConfigError>([&] { parse_text("id,x,kind\n1,2,a\n", options); });
  };
  expect_in("data.ignore = kind: this column is a target", refusal({"kind"}));
  expect_in("data.ignore names column 0 of t.csv twice (0)", refusal({"id", "0"}));
  expect_in("data.ignore = no: t.csv has no such column", refusal({"no"}));
}

TEST(Csv, ReadsDecimalCommas) {
  const Dataset data = parse_text("x;y\n1,5;2\n-,25e1;+3\n");
  EXPECT_EQ(features(data), (Values{1.5, -2.5}));
  EXPECT_EQ(targets(data), (Values{2, 3}));
  CsvOptions options;
  options.weights = "1";
  EXPECT_EQ(parse_text("1,5;0,5;a\n2;1;b\n", options).weights, (Values{0.5, 1}));
  EXPECT_EQ(targets(parse_text("1;0,5\n2;1,25\n")), (Values{0.5, 1.25}));
  // A point may separate thousands, so it is refused.
  expect_error("t.csv:2: column 1: '1.234' is not a number", "1,5;a\n1.234;b\n");
  expect_error("t.csv:2: column 2: '1.234' has a decimal point", "1,5;0,5\n1;1.234\n");
  options = {};
  options.format.decimal = CsvDecimal::kPoint;
  expect_error("t.csv:1: column 1: text of 1 category", "1,5;a\n", options);
  options.format.decimal = CsvDecimal::kComma;
  EXPECT_EQ(features(parse_text("\"1,5\",a\n", options)), (Values{1.5}));
}

TEST(Csv, ReadsWeightsBesideTheFeatures) {
  CsvOptions options = with_targets({"kind"});
  options.weights = "w";
  const std::string head = "x,w,kind\n";
  const Dataset dataset = parse_text(head + "1,0.5,a\n2,0,b\n3,7,a\n", options);
  EXPECT_EQ(features(dataset), (Values{1, 2, 3}));
  EXPECT_EQ(dataset.weights, (Values{0.5, 0, 7}));
  EXPECT_EQ(select(dataset, {2, 0}).weights, (Values{7, 0.5}));
  EXPECT_TRUE(parse_text("1,a\n2,b\n").weights.empty());
  expect_error("t.csv:3: column 2 (w): '-1' is negative", head + "1,1,a\n2,-1,b\n", options);
  expect_error("t.csv:2: column 2 (w): the value is missing", head + "1,,a\n", options);
  expect_error("column 2 (w): all weights are 0", head + "1,0,a\n2,-0,b\n", options);
  options.weights = "kind";
  EXPECT_THROW(parse_text(head + "1,1,2\n", options), ConfigError);
  options.weights = "v";
  EXPECT_THROW(parse_text(head + "1,1,a\n", options), ConfigError);
}

TEST(Csv, NamesThePlaceOfABadCell) {
  const std::string head = "x,length,width,kind\n1,2,3,a\n";
  expect_error("t.csv:3: column 3 (width): the value is missing", head + "1,2,,b\n");
  expect_error("t.csv:4: column 2 (length): '1.5cm' is not", head + "\n1,1.5cm,3,b\n");
  expect_error("t.csv:3: column 4 (kind): the value is missing", head + "1,2,3,\n");
  expect_error("found '-inf'", head + "-inf,2,3,b\n");
  expect_error("'1e999' is out of range", head + "1e999,2,3,b\n");
  expect_error("t.csv:3: found 3 columns separated by comma; expected 4 as on line 1",
               head + "1,2,3\n");
  expect_error("t.csv:3: found 5 columns", head + "1,2,3,b,\n");
  for (const char* cell : {"+-1", "+", "-", "1 2", "0x10", "1,5,", "1e", "--1", "e5"}) {
    EXPECT_THROW(parse_text("1;2;3\n" + std::string(cell) + ";2;3\n"), DataError) << cell;
  }
  expect_error("'a?b'", "1,2\n\"a\nb\",2\n");
  expect_error("empty", "\n\n");
  expect_error("UTF-16",
               "\xff\xfe"
               "1");
}

TEST(Csv, RoundsToTheNearestDouble) {
  const Dataset dataset = parse_text("0.1,1e-400,4.9e-324,123456789012345678,-0.0,0\n");
  EXPECT_EQ(features(dataset), (Values{0.1, 0, 4.9e-324, 123456789012345678.0, -0.0}));
}

TEST(CsvTables, ReadsTheCommonTables) {
  const auto folder = test_data("tabular");
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no tables at " << folder;
  const Dataset iris = read_csv(folder / "iris.csv", {});
  EXPECT_EQ(iris.rows(), 150U);
  EXPECT_EQ(iris.inputs(), 4U);
  EXPECT_EQ(iris.classes, (Names{"Iris-setosa", "Iris-versicolor", "Iris-virginica"}));
  EXPECT_EQ(std::ranges::count(iris.labels, 1U), 50);
  const Dataset sonar = read_csv(folder / "sonar.csv", {});
  EXPECT_EQ(sonar.rows(), 208U);
  EXPECT_EQ(sonar.inputs(), 60U);
  EXPECT_EQ(sonar.classes, (Names{"M", "R"}));
  const Dataset wheat = read_csv(folder / "wheat-seeds.csv", {});
  EXPECT_EQ(wheat.rows(), 210U);
  EXPECT_EQ(wheat.inputs(), 7U);
  EXPECT_EQ(wheat.classes, (Names{"1", "2", "3"}));
  const Dataset housing = read_csv(folder / "housing.csv", {});
  EXPECT_EQ(housing.rows(), 506U);
  EXPECT_EQ(housing.inputs(), 13U);
  EXPECT_EQ(housing.task, Task::kRegression);
  EXPECT_EQ(housing.targets(1, 0), 21.6);
}

using Values = std::vector<double>;

/// A table of size, color, weight and kind; color is red or blue, and kind is the target.
TableColumns known(bool with_names = true) {
  TableColumns columns;
  columns.count = 4;
  if (with_names) columns.names = {"size", "color", "weight", "kind"};
  columns.targets = {3};
  columns.weights = 2;
  columns.missing_values = {"NA", "?"};
  return columns;
}
const OneHot kColors{{{1, {"blue", "red"}}}};
constexpr std::size_t kInputs = 3;

CsvFeatures features_of(ReadText read, const TableColumns& columns = known(),
                        const OneHot& one_hot = kColors, std::size_t inputs = kInputs) {
  return {CsvTokens(std::move(read), "t.csv", {}, CsvTokens::Judged::kArrived), columns, one_hot,
          inputs};
}

Values all_of(CsvFeatures features) {
  Values values;
  Dataset rows;
  while (std::optional<Dataset::Features> block = features.next()) {
    rows.features = *std::move(block);
    const Matrix<double> matrix = testing_support::copy_of_features(rows);
    values.insert(values.end(), matrix.elements().begin(), matrix.elements().end());
  }
  return values;
}

std::string refusal(std::string_view text, const TableColumns& columns = known()) {
  const std::string message =
      error_of<DataError>([&] { all_of(features_of(read_from(text), columns)); });
  EXPECT_TRUE(message.starts_with("t.csv:")) << message;
  expect_in("expected", message);
  return message;
}

TEST(CsvFeatures, FindsColumnsByNameInAnyOrder) {
  const Values expected = {7, 0, 1, 8, 1, 0};
  for (const char* text :
       {"color,size\nred,7\nblue,8\n", "size,color,weight,kind\n7,red,1,?\n8,blue,x,\n",
        "kind,color,size\n,red,7\n,blue,8\n", "size;color\n7;red\n8;blue\n",
        "id,color,note,size,note\n1,red,a,7,b\n2,blue,a,8,b\n"})
    EXPECT_EQ(all_of(features_of(read_from(text))), expected) << text;
  expect_in("t.csv:1: the feature column 'color' is missing", refusal("size,colour\n7,red\n"));
  expect_in("t.csv:1: 2 columns of the name 'size'; expected 1 as in the table trained on",
            refusal("size,size,color\n7,1,red\n"));
}

TEST(CsvFeatures, ColumnsOfOneNameKeepTheirOrder) {
  TableColumns columns;
  columns.count = 4;
  columns.names = {"a", "a", "b", "a"};
  columns.targets = {3};
  const auto values_in = [&](std::string_view text) {
    return all_of(features_of(read_from(text), columns, {}, 3));
  };
  EXPECT_EQ(values_in("b,a,a,a\n3,1,2,4\n"), (Values{1, 2, 3}));
  expect_in("2 columns of the name 'a'; expected 3", refusal("a,a,b\n1,2,3\n", columns));
}

TEST(Csv, FindsTheColumnsOfAKnownTableByName) {
  CsvOptions options;
  options.known_columns = parse_text("a,b,y\n1,2,0.5\n", {}).columns;
  const Dataset data = parse_text("note,y,b,a\nx,0.5,2,1\n", options);
  EXPECT_EQ(features(data), (Values{1, 2}));
  EXPECT_EQ(data.targets(0, 0), 0.5);
  // Another name of the target has to be given.
  options.targets = {"price"};
  EXPECT_EQ(parse_text("price,y,b,a\n7.5,0.5,2,1\n", options).targets(0, 0), 7.5);
}

TEST(CsvFeatures, KnowsAHeaderByTheNamesTrainedOn) {
  const OneHot both{{{0, {"large", "small"}}, {1, {"blue", "red"}}}};
  EXPECT_EQ(all_of(features_of(read_from("color,size\nred,small\n"), known(), both, 4)),
            (Values{0, 1, 0, 1}));
}

TEST(CsvFeatures, FindsColumnsByPositionWithoutBothHeaders) {
  const Values expected = {7, 0, 1, 8, 1, 0};
  for (const bool named : {false, true})
    for (const char* text : {"7,red\n8,blue\n", "7,red,1,?\n8,blue,,\n"})
      EXPECT_EQ(all_of(features_of(read_from(text), known(named))), expected) << text;
  EXPECT_EQ(all_of(features_of(read_from("x,y\n7,red\n8,blue\n"), known(false))), expected);
  // The target alone may be missing.
  EXPECT_EQ(all_of(features_of(read_from("7,red,1\n"))), (Values{7, 0, 1}));
  expect_in("t.csv:1: found 5 columns; expected the model's 2 features, or the 4 columns",
            refusal("7,red,1,a,b\n"));
  TableColumns first_is_target;
  first_is_target.count = 3;
  first_is_target.targets = {0};
  EXPECT_EQ(all_of(features_of(read_from("x,1,2\n"), first_is_target, {}, 2)), (Values{1, 2}));
  TableColumns ignores;
  ignores.count = 5;
  ignores.targets = {1};
  ignores.ignored = {0, 3};
  for (const char* text : {"1,2\n", "id,y,1,z,2\n", "id,1,z,2\n"})
    EXPECT_EQ(all_of(features_of(read_from(text), ignores, {}, 2)), (Values{1, 2})) << text;
}

TEST(CsvFeatures, TakesTheLastColumnForATargetWhereNoTableIsKnown) {
  EXPECT_EQ(all_of(features_of(read_from("1,2,x\n"), {}, {}, 2)), (Values{1, 2}));
  EXPECT_EQ(all_of(features_of(read_from("1,2\n"), {}, {}, 2)), (Values{1, 2}));
}

TEST(CsvFeatures, NamesThePlaceOfBadCells) {
  expect_in("t.csv:3: column 2 (color): unknown category 'green'",
            refusal("size,color\n7,red\n8,green\n"));
  expect_in(
      "t.csv:2: column 1: the value is missing ('NA'); expected a number, or a model trained with "
      "data.missing",
      refusal("7,red\nNA,red\n"));
  expect_in("t.csv:2: found 3 columns", refusal("7,red\n7,red,1\n"));
  EXPECT_THROW(all_of(features_of(read_from(""))), DataError);
}

TEST(CsvFeatures, ManyCategoriesAreEntries) {
  OneHot many{{{1, {}}}};
  for (int k = 10; k < 60; ++k) many.columns[0].categories.push_back("c" + std::to_string(k));
  const std::string_view text = "size,color\n7,c11\n8,c59\n";
  const Dataset::Features rows = features_of(read_from(text), known(), many, 51).rest().features;
  const auto& entries = std::get<SparseMatrix<double>>(rows);
  ASSERT_EQ(entries.rows(), 2U);
  EXPECT_EQ(entries.row(0).columns[1], 2U);
  EXPECT_EQ(entries.row(1).columns[1], 50U);
  EXPECT_EQ(entries.row(1).value(0), 8);
}

TEST(CsvFeatures, GivesRowsAsTheyArrive) {
  const std::vector<std::string> pieces = {"size,co", "lor\n7,red\n", "8,blue\n9,red\n1", "0,blue"};
  std::size_t reads = 0;
  CsvFeatures features = features_of([&](std::span<char> out) -> std::size_t {
    if (reads == pieces.size()) return 0;
    std::ranges::copy(pieces[reads], out.begin());
    return pieces[reads++].size();
  });
  std::vector<std::size_t> rows, reads_before;
  while (const auto block = features.next()) {
    rows.push_back(std::get<FeatureMatrix<double>>(*block).rows());
    reads_before.push_back(reads);
  }
  EXPECT_EQ(rows, (std::vector<std::size_t>{1, 2, 1}));
  EXPECT_EQ(reads_before, (std::vector<std::size_t>{2, 3, 4}));
}

// As `evaluate` reads other rows for a model.
TEST(Csv, TargetsAndIgnoredColumnsThatAreLeftOpenAreThoseOfTheKnownTable) {
  CsvOptions options;
  options.known_columns.count = 4;
  options.known_columns.targets = {0};
  options.known_columns.weights = 2;
  options.known_columns.ignored = {3};
  options.task = TaskChoice::kRegression;
  const Dataset by_place = parse_csv("1.5,7,1,x\n2.5,8,1,y\n", "t.csv", options);
  EXPECT_EQ(by_place.inputs(), 1U);
  EXPECT_EQ(by_place.targets(1, 0), 2.5);

  options.known_columns = {
      .count = 3, .names = {"a", "b", "c"}, .targets = {0, 2}, .weights = {}, .ignored = {}};
  const Dataset by_name = parse_csv("c,extra,b,a\n1,9,5,3\n2,9,6,4\n", "t.csv", options);
  EXPECT_EQ(by_name.inputs(), 1U);
  EXPECT_EQ(by_name.targets(0, 0), 3);
  EXPECT_EQ(by_name.targets(0, 1), 1);
  options.targets = {"b"};
  expect_in("the feature column 'b' is a target",
            error_of<DataError>([&] { parse_csv("c,b,a\n1,5,3\n", "t.csv", options); }));
}

}  // namespace
}  // namespace nabla
