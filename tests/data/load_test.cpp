// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/data/data_options.h"
#include "nabla/data/preprocess.h"

#include "data/row_entries.h"
#include "support/features.h"

namespace nabla {
namespace {

class LoadData : public testing::Test {
 protected:
  void SetUp() override {
    const testing::TestInfo* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ =
        std::filesystem::path(testing::TempDir()) / (std::string("nabla_load_") + info->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    options_.dir = folder_;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ / name, std::ios::binary) << content;
  }
  /// Writes 1×2 images whose first pixel is the row's number, and their labels.
  void write_idx(const std::string& images, const std::string& labels,
                 const std::vector<int>& values, char width = 2) const {
    const char rows = static_cast<char>(values.size());
    std::string pixels{0, 0, 8, 3, 0, 0, 0, rows, 0, 0, 0, 1, 0, 0, 0, width};
    std::string classes{0, 0, 8, 1, 0, 0, 0, rows};
    for (char row = 0; row < rows; ++row) {
      pixels += row;
      pixels += std::string(static_cast<std::size_t>(width) - 1, '\xff');
      classes += static_cast<char>(values[static_cast<std::size_t>(row)]);
    }
    write(images, pixels);
    write(labels, classes);
  }
  void use_csv(const std::vector<std::filesystem::path>& train,
               const std::vector<std::filesystem::path>& test = {}) {
    options_.source = DataSource::kCsv;
    options_.csv.format.header = CsvHeader::kNo;
    options_.train = train;
    options_.test = test;
    options_.validation_shuffle = SplitOrder::kAsRead;
  }
  void use_classes(const std::vector<std::string>& classes);
  /// Writes a regression table with the rows 0.5, 1.5, …
  void use_numbers(int rows) {
    std::string text;
    for (int i = 0; i < rows; ++i) text += std::to_string(i) + "," + std::to_string(i) + ".5\n";
    write("numbers.csv", text);
    use_csv({"numbers.csv"});
  }
  template <class E>
  void expect_error(const std::vector<std::string>& parts) const {
    try {
      load_data(options_);
      FAIL() << "accepted";
    } catch (const E& error) {
      for (const std::string& part : parts)
        EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    }
  }

  std::filesystem::path folder_;
  DataOptions options_;
};

std::vector<double> first_column(const Dataset& dataset) {
  std::vector<double> values;
  for (std::size_t row = 0; row < dataset.rows(); ++row)
    values.push_back(row_of_features(dataset, row)[0]);
  return values;
}

using Values = std::vector<double>;
using Labels = std::vector<std::uint32_t>;

TEST_F(LoadData, DigitsOfTheTestFollowThoseOfTheTraining) {
  options_.digits_train = 6;
  options_.digits_test = 3;
  const DataSplit short_split = load_data(options_);
  EXPECT_EQ(short_split.train.rows(), 6u);
  EXPECT_EQ(short_split.test.rows(), 3u);
  EXPECT_EQ(short_split.validation.rows(), 0u);
  EXPECT_EQ(short_split.validation.inputs(), 784u);

  options_.digits_train = 9;
  options_.digits_test = 0;
  const DataSplit all = load_data(options_);
  EXPECT_EQ(all.test.rows(), 0u);
  EXPECT_EQ(all.test.inputs(), 784u);
  EXPECT_EQ(all.test.outputs(), 10u);
  const Matrix<double> test = testing_support::copy_of_features(short_split.test);
  const Matrix<double> series = testing_support::copy_of_features(all.train);
  EXPECT_TRUE(std::ranges::equal(test.elements(), series.elements().subspan(6 * 784)));

  options_.digits_train = 0;
  expect_error<ConfigError>({"data.digits-train: '0' is out of range"});
  options_.digits_train = 10;
  options_.train = {"table.csv"};
  expect_error<ConfigError>({"data.train", "data.source = digits"});
}

TEST_F(LoadData, StandardIdxNamesAreFoundInTheFolder) {
  options_.source = DataSource::kIdx;
  expect_error<DataError>({folder_.string(), "train-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
                           "scripts/fetch-mnist"});
  write_idx("train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz", {0, 2, 1});
  expect_error<DataError>({"t10k-images-idx3-ubyte is missing"});
  write_idx("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte", {1, 0});

  const DataSplit data = load_data(options_);
  EXPECT_EQ(data.train.labels, (Labels{0, 2, 1}));
  EXPECT_EQ(data.train.image_width, 2u);
  EXPECT_EQ(data.test.labels, (Labels{1, 0}));
  EXPECT_EQ(data.test.outputs(), 3u) << "classes are those of the training";
  EXPECT_EQ(data.validation.rows(), 0u);
  EXPECT_EQ(data.validation.outputs(), 3u);
  EXPECT_EQ(fit_preprocess(Normalization::kAuto, data.train).kind, Normalization::kScale);
  EXPECT_EQ(fit_preprocess(Normalization::kNone, data.train).kind, Normalization::kNone);
}

TEST_F(LoadData, NamedIdxFilesFindTheirLabels) {
  options_.source = DataSource::kIdx;
  write_idx("my-images-idx3", "my-labels-idx1.gz", {0, 1});
  write_idx("pixels", "answers", {1, 0, 1});
  options_.train = {"my-images-idx3"};
  EXPECT_EQ(load_data(options_).train.labels, (Labels{0, 1}));
  EXPECT_EQ(load_data(options_).test.rows(), 0u);

  // A dash or a dot may stand between the words, gzip has no say, and QMNIST's labels are called
  // otherwise.
  for (const std::string labels :
       {"my-labels.idx1-ubyte", "my-labels.idx1-ubyte.gz", "my-labels-idx1-ubyte",
        "my-labels-idx1-ubyte.gz", "my-labels-idx2-int", "my-labels-idx2-int.gz"}) {
    write_idx("my-images.idx3-ubyte.gz", labels, {1, 0, 2});
    options_.train = {"my-images.idx3-ubyte.gz"};
    EXPECT_EQ(load_data(options_).train.labels, (Labels{1, 0, 2})) << labels;
    std::filesystem::remove(folder_ / labels);
  }
  expect_error<DataError>({"my-labels.idx1-ubyte: No such file"});
  write_idx("rows-images-idx2-ubyte", "rows-labels-idx1-ubyte", {1, 1, 0});
  options_.train = {"rows-images-idx2-ubyte"};
  EXPECT_EQ(load_data(options_).train.labels, (Labels{1, 1, 0})) << "of any number of dimensions";
  options_.train = {"my-images-idx3"};

  options_.test = {folder_ / "pixels"};
  expect_error<ConfigError>({"data.test-labels", "pixels"});
  options_.test_labels = "answers";
  EXPECT_EQ(load_data(options_).test.labels, (Labels{1, 0, 1}));

  options_.train = {"my-images-idx3", "pixels"};
  expect_error<ConfigError>({"data.train", "expected one"});
  options_.train.clear();
  expect_error<ConfigError>({"data.test", "without data"});
}

TEST_F(LoadData, StandardIdxNamesMayHaveADot) {
  options_.source = DataSource::kIdx;
  write_idx("train-images.idx3-ubyte", "train-labels.idx1-ubyte", {0, 2, 1});
  write_idx("t10k-images.idx3-ubyte.gz", "t10k-labels-idx1-ubyte", {1, 0});
  const DataSplit data = load_data(options_);
  EXPECT_EQ(data.train.rows(), 3U);
  EXPECT_EQ(data.test.labels, (Labels{1, 0}));
}

TEST_F(LoadData, ClassesOfIdxAreTheLabelsThatOccur) {
  options_.source = DataSource::kIdx;
  options_.train = {"a-images-idx3"};
  options_.test = {"b-images-idx3"};
  write_idx("a-images-idx3", "a-labels-idx1", {26, 1, 7});
  write_idx("b-images-idx3", "b-labels-idx1", {7, 7, 26, 1});
  const DataSplit data = load_data(options_);
  EXPECT_EQ(data.train.classes, (std::vector<std::string>{"1", "7", "26"}));
  EXPECT_EQ(data.train.labels, (Labels{2, 0, 1}));
  EXPECT_EQ(data.test.classes, data.train.classes);
  EXPECT_EQ(data.test.labels, (Labels{1, 1, 2, 0}));

  options_.csv.classes = {"1", "7", "9", "26"};
  EXPECT_EQ(load_data(options_).train.labels, (Labels{3, 0, 1}));
}

TEST_F(LoadData, TestRowsMustFitTheTraining) {
  options_.source = DataSource::kIdx;
  options_.train = {"a-images-idx3"};
  options_.test = {"b-images-idx3"};
  write_idx("a-images-idx3", "a-labels-idx1", {0, 1});
  write_idx("b-images-idx3", "b-labels-idx1", {0, 1, 2});
  expect_error<DataError>({"b-labels-idx1: byte 10: unknown class '2'"});
  write_idx("b-images-idx3", "b-labels-idx1", {0, 1}, 3);
  expect_error<DataError>({"b-images-idx3: 3 features, expected 2", "a-images-idx3"});
}

TEST_F(LoadData, TheTestRowsHaveTheirTargetByName) {
  write("train.csv", "a,b,kind\n1,2,x\n3,4,y\n");
  write("test.csv", "kind,a,b\ny,1,2\n");
  use_csv({"train.csv"}, {"test.csv"});
  options_.csv.format.header = CsvHeader::kAuto;
  for (const char* target : {"last", "2", "kind"}) {
    options_.csv.targets = {target};
    EXPECT_EQ(load_data(options_).test.labels, std::vector<std::uint32_t>{1}) << target;
  }
}

TEST_F(LoadData, MissingCellsOfTestRowsHaveTheRemedyOfATrainingOrOfAModel) {
  write("train.csv", "1,a\n2,b\n");
  write("test.csv", "3,a\n,b\n");
  use_csv({"train.csv"}, {"test.csv"});
  const std::string missing = "test.csv:2: column 1: the value is missing; expected a number, or ";
  expect_error<DataError>({missing + "data.missing = median"});
  options_.missing = Missing::kMedian;
  EXPECT_TRUE(std::isnan(first_column(load_data(options_).test)[1]));

  const TableColumns columns = load_data(options_).train.columns;
  options_.missing = Missing::kError;
  options_.csv.known_columns = columns;
  options_.csv.known_one_hot = OneHot();
  expect_error<DataError>({missing + "a model trained with data.missing"});
  options_.train = {"test.csv"};
  options_.test.clear();
  expect_error<DataError>({missing + "a model trained with data.missing"});
}

TEST_F(LoadData, CsvFilesAreOneTable) {
  write("1.csv", "1,red\n2,10\n");
  write("2.csv", "3,blue\n4,9\n5,red\n");
  write("test.csv", "6,blue\n");
  use_csv({"1.csv", "2.csv"}, {"test.csv", "test.csv"});
  const DataSplit data = load_data(options_);
  EXPECT_EQ(data.train.classes, (std::vector<std::string>{"9", "10", "blue", "red"}));
  EXPECT_EQ(data.train.labels, (Labels{3, 1, 2, 0, 3}));
  EXPECT_EQ(first_column(data.train), (Values{1, 2, 3, 4, 5}));
  EXPECT_EQ(data.test.labels, (Labels{2, 2}));
  EXPECT_EQ(data.test.classes, data.train.classes);
  EXPECT_EQ(fit_preprocess(Normalization::kAuto, data.train).kind, Normalization::kStandardize);
  EXPECT_EQ(fit_preprocess(Normalization::kScale, data.train).scale(), 1.0 / 255);

  write("test.csv", "6,green\n");
  expect_error<DataError>({"test.csv", "green"});
  write("2.csv", "3,3,blue\n");
  expect_error<DataError>({"2.csv:1: 2 features, expected 1"});
  write("2.csv", "3,M\xfcnchen\n");
  expect_error<DataError>({"UTF-8"});
  // Each complaint names the file and the column's place in it.
  options_.csv.format.header = CsvHeader::kYes;
  options_.csv.targets = {"y"};
  write("1.csv", "a,b,c,y\n1,2,?,0\n2,2,3,1\n");
  write("2.csv", "y,b,a,c\n0,x,,4\n");
  expect_error<DataError>({"2.csv:2: column 3 (a): the value is missing",
                           "; column 2 (b) from line 2: 'x'", "; column 3 (c) from ",
                           "1.csv:2: the value is missing ('?', 1 of 3"});
  options_.csv.format.header = CsvHeader::kNo;
  options_.csv.targets = {"last"};
  use_csv({});
  expect_error<ConfigError>({"data.train"});
  write("2020,2021.csv", "1,red\n2,10\n");
  use_csv({"2020", "2021.csv"});
  expect_error<ConfigError>({"data.train: '2020,2021.csv' is one file, but commas separate"});
}

TEST_F(LoadData, CategoriesOfTheTrainingRowsBecomeInputs) {
  write("train.csv",
        "size,color,shape,kind\n1,red,10,a\n2,blue,9,b\n3,red,10.0,a\n4,green,9,b\n5,blue,9,b\n");
  write("test.csv", "shape,color,kind,size\n9,red,a,6\n");
  use_csv({"train.csv"}, {"test.csv"});
  options_.csv.format.header = CsvHeader::kAuto;
  options_.csv.targets = {"kind"};
  options_.csv.one_hot = {"shape", "1"};
  options_.validation = 1;
  options_.limit = 3;  // leaves out the row with green
  const DataSplit data = load_data(options_);
  const OneHot expected{{{1, {"blue", "red"}}, {2, {"9", "10"}}}};
  EXPECT_EQ(data.train.one_hot, expected);
  EXPECT_EQ(data.test.one_hot, expected);
  const auto elements = [](const Dataset& part) {
    const Matrix<double> matrix = testing_support::copy_of_features(part);
    return Values(matrix.elements().begin(), matrix.elements().end());
  };
  EXPECT_EQ(elements(data.train), (Values{1, 0, 1, 0, 1, 2, 1, 0, 1, 0, 3, 0, 1, 0, 1}));
  EXPECT_EQ(elements(data.validation), (Values{5, 1, 0, 1, 0}));
  EXPECT_EQ(elements(data.test), (Values{6, 0, 1, 1, 0}));
  EXPECT_EQ(data.train.columns.features(), (std::vector<std::size_t>{0, 1, 2}));

  options_.validation = 2;
  options_.limit = 0;
  expect_error<DataError>(
      {"train.csv:5: column 2 (color): unknown category 'green'; expected one of "
       "the 2 of the training rows"});
  options_.csv.unknown_category = UnknownCategory::kIgnore;
  write("test.csv", "shape,color,kind,size\n8,pink,a,6\n");
  const DataSplit ignored = load_data(options_);
  EXPECT_EQ(elements(ignored.validation), (Values{4, 0, 0, 1, 0, 5, 1, 0, 1, 0}));
  EXPECT_EQ(elements(ignored.test), (Values{6, 0, 0, 0, 0}));
  options_.csv.unknown_category = UnknownCategory::kError;
  write("test.csv", "shape,color,kind,size\n9,red,a,6\n");

  options_.validation = 1;
  options_.validation_shuffle = SplitOrder::kShuffled;
  std::size_t refused = 0;  // by the seeds that take green for validation
  for (options_.split_seed = 1; options_.split_seed <= 20; ++options_.split_seed) {
    try {
      load_data(options_);
    } catch (const DataError& error) {
      EXPECT_NE(std::string(error.what()).find("train.csv:5: column 2"), std::string::npos);
      ++refused;
    }
  }
  EXPECT_GT(refused, 0U);
  EXPECT_LT(refused, 20U);
  options_.validation = 0;
  write("test.csv", "shape,color,kind,size\n9,red,a,6\n8,red,a,6\n");
  expect_error<DataError>({"test.csv:3: column 1 (shape): unknown category '8'", "2 of"});
  options_.csv.weights = "w";
  expect_error<ConfigError>({"data.weights = w", "train.csv"});
  write("train.csv", "size,color,shape,kind,w\n1,red,10,a,2\n2,blue,9,b,1\n");
  write("test.csv", "shape,color,kind,size\n9,red,a,6\n");
  EXPECT_EQ(load_data(options_).train.weights, (Values{2, 1}));
  EXPECT_TRUE(load_data(options_).test.weights.empty());
  options_.csv.weights.clear();
  write("train.csv", "size,color,shape,kind\n1,red,10,a\n2,blue,9,b\n");
  write("test.csv", "form,color,kind,size\n9,red,a,6\n");
  expect_error<DataError>({"test.csv:1: the feature column 'shape' is missing"});
  options_.csv.one_hot = {"kind"};
  expect_error<ConfigError>({"data.one-hot = kind"});
}

TEST_F(LoadData, OneCsvFileWithFractionsMakesAllARegression) {
  write("1.csv", "1,1\n2,2\n");
  write("2.csv", "3,3.5\n");
  use_csv({"1.csv", "2.csv"}, {"1.csv"});
  const DataSplit data = load_data(options_);
  EXPECT_EQ(data.train.task, Task::kRegression);
  EXPECT_EQ(data.train.targets(2, 0), 3.5);
  EXPECT_EQ(data.train.targets.rows(), 3u);
  EXPECT_EQ(data.test.task, Task::kRegression);
  EXPECT_EQ(data.test.targets(1, 0), 2);
}

TEST_F(LoadData, ValidationIsTakenFromTheEndBeforeTheLimit) {
  use_numbers(7);
  options_.validation = 2;
  options_.limit = 3;
  const DataSplit data = load_data(options_);
  EXPECT_EQ(first_column(data.train), (Values{0, 1, 2}));
  EXPECT_EQ(first_column(data.validation), (Values{5, 6}));
  EXPECT_EQ(data.validation.targets(1, 0), 6.5);
  EXPECT_EQ(data.test.rows(), 0u);
  EXPECT_EQ(data.test.outputs(), 1u);

  options_.limit = 100;
  options_.validation = 0.36;  // 2.52 rows
  EXPECT_EQ(load_data(options_).validation.rows(), 3u);
  EXPECT_EQ(load_data(options_).train.rows(), 4u);
}

TEST_F(LoadData, ShuffledValidationIsAPermutationOfTheSeed) {
  use_numbers(40);
  options_.validation = 0.25;
  options_.validation_shuffle = SplitOrder::kShuffled;
  const DataSplit data = load_data(options_);
  const Values train = first_column(data.train);
  const Values validation = first_column(data.validation);
  ASSERT_EQ(validation.size(), 10u);
  EXPECT_FALSE(std::ranges::is_sorted(validation));
  std::set<double> all(train.begin(), train.end());
  all.insert(validation.begin(), validation.end());
  EXPECT_EQ(all.size(), 40u);
  for (std::size_t row = 0; row < 10; ++row)
    EXPECT_EQ(data.validation.targets(row, 0), validation[row] + 0.5);

  options_.limit = 5;
  EXPECT_EQ(first_column(load_data(options_).train), Values(train.begin(), train.begin() + 5));
  EXPECT_EQ(first_column(load_data(options_).validation), validation);
  options_.split_seed = 2;
  EXPECT_NE(first_column(load_data(options_).validation), validation);
}

/// Writes a table of these classes, whose rows are numbered from 0, and leaves the split to the
/// data.
void LoadData::use_classes(const std::vector<std::string>& classes) {
  std::string text;
  for (std::size_t i = 0; i < classes.size(); ++i)
    text += std::to_string(i) + "," + classes[i] + "\n";
  write("classes.csv", text);
  use_csv({"classes.csv"});
  options_.validation_shuffle.reset();
}

TEST_F(LoadData, TestRowsAreTakenFromTheEndBeforeTheValidation) {
  use_numbers(10);
  options_.test_fraction = 0.3;
  options_.validation = 0.5;  // 3.5 of the 7 rows that are left
  const DataSplit data = load_data(options_);
  EXPECT_EQ(first_column(data.test), (Values{7, 8, 9}));
  EXPECT_EQ(first_column(data.validation), (Values{3, 4, 5, 6}));
  EXPECT_EQ(first_column(data.train), (Values{0, 1, 2}));
  EXPECT_EQ(data.test.targets(2, 0), 9.5);

  options_.validation = 0;
  options_.limit = 2;
  EXPECT_EQ(load_data(options_).validation.rows(), 0U);
  EXPECT_EQ(first_column(load_data(options_).train), (Values{0, 1}));
  EXPECT_EQ(first_column(load_data(options_).test), (Values{7, 8, 9}));
}

TEST_F(LoadData, AFractionForTestsNeedsRowsWithoutTests) {
  use_numbers(4);
  for (const double fraction : {-0.1, 1.0, 0.1, 0.9, std::nan("")}) {
    options_.test_fraction = fraction;
    expect_error<ConfigError>({"data.test: "});
  }
  options_.test_fraction = 0.5;
  options_.test = {"numbers.csv"};
  expect_error<ConfigError>({"data.test: files and a fraction"});
  options_ = {};
  options_.source = DataSource::kIdx;
  options_.dir = folder_;
  options_.test_fraction = 0.5;
  write_idx("train-images-idx3-ubyte", "train-labels-idx1-ubyte", {0, 1});
  write_idx("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", {1, 0});
  expect_error<ConfigError>({"data.test: 0.5 contradicts the 2 test rows of ", "t10k-images"});
  options_.train = {"train-images-idx3-ubyte"};
  EXPECT_EQ(load_data(options_).test.labels, (Labels{1}));
  options_ = {};
  options_.test_fraction = 0.5;
  expect_error<ConfigError>({"data.test: contradicts data.source = digits"});
}

TEST_F(LoadData, TheRowsOfATableAreDrawnByClass) {
  // 6 a, 3 b and 2 c; of 4 test rows 2.18, 1.09 and 0.73, of 3 validation rows of the 7 left 1.71,
  // 0.86 and 0.43.
  use_classes({"a", "a", "a", "b", "a", "a", "a", "b", "b", "c", "c"});
  options_.test_fraction = 0.36;
  options_.validation = 3;
  using PerClass = std::vector<std::size_t>;
  const auto rows_of = [](const Dataset& part) {
    PerClass rows(3);
    for (const std::uint32_t label : part.labels) ++rows[label];
    return rows;
  };
  std::set<Values> different;
  for (options_.split_seed = 1; options_.split_seed <= 5; ++options_.split_seed) {
    const DataSplit data = load_data(options_);
    EXPECT_EQ(rows_of(data.test), (PerClass{2, 1, 1}));
    EXPECT_EQ(rows_of(data.validation), (PerClass{2, 1, 0}));
    EXPECT_EQ(rows_of(data.train), (PerClass{2, 1, 1}));
    Values all;
    for (const Dataset* part : {&data.train, &data.validation, &data.test})
      std::ranges::copy(first_column(*part), std::back_inserter(all));
    different.insert(all);
    std::ranges::sort(all);
    EXPECT_EQ(all, (Values{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  }
  EXPECT_GT(different.size(), 1U);
}

TEST_F(LoadData, EqualRemaindersGoToTheEarlierClass) {
  use_classes({"b", "a", "c", "a", "b", "c"});
  options_.validation = 2;  // 2/3 of a row of each class
  Labels labels = load_data(options_).validation.labels;
  std::ranges::sort(labels);
  EXPECT_EQ(labels, (Labels{0, 1}));
}

TEST_F(LoadData, OnlyClassesCanBeStratified) {
  use_numbers(8);
  options_.validation = 0.25;
  options_.validation_shuffle = SplitOrder::kStratified;
  expect_error<ConfigError>({"data.validation-shuffle: contradicts data.task = regression"});
  options_.csv.task = TaskChoice::kRegression;
  expect_error<ConfigError>({"data.validation-shuffle: contradicts data.task = regression"});
  options_.validation_shuffle.reset();
  const Values drawn = first_column(load_data(options_).validation);
  options_.validation_shuffle = SplitOrder::kShuffled;
  EXPECT_EQ(first_column(load_data(options_).validation), drawn);
}

TEST_F(LoadData, ImpossibleValidationIsRefused) {
  use_numbers(4);
  for (const double validation : {-1.0, 1.5, 4.0, 1e300, 0.9, 0.1, std::nan("")}) {
    options_.validation = validation;
    expect_error<ConfigError>({"data.validation: "});
  }
}

}  // namespace
}  // namespace nabla
