// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/data/preprocess.h"

namespace nabla {

/// Where rows come from: the built-in digits, or files of one format (docs/file-formats.md).
enum class DataSource { kDigits, kIdx, kCsv, kNpz, kPkl, kCifar10, kLibsvm };

/// The task that targets are read for; kAuto: classes if they are texts, or whole numbers that
/// occur twice or more on average and are at most 50 different ones or 0, 1, 2, … or 1, 2, 3, …
/// without a gap, in all rows of data.train; pkl: always classes. Several targets are multi-label
/// if all are 0 or 1.
enum class TaskChoice { kAuto, kClassification, kRegression, kMultiLabel };

/// The meaning of a category that no training row has.
enum class UnknownCategory {
  kError,   ///< the row is refused
  kIgnore,  ///< all inputs of the column are 0
};

/// The order of the rows from whose end validation and test rows are taken.
enum class SplitOrder {
  kAsRead,      ///< the rows of the end
  kShuffled,    ///< rows drawn by DataOptions::split_seed
  kStratified,  ///< drawn so that each class gives the same share of its rows
};

/// How a table is read.
struct CsvOptions {
  // Columns are told by their names or by zero-based indices; -1 is the last one.

  CsvFormat format;
  /// The targets; "last" is the last column. More than one are labels if all are 0 or 1, else
  /// values; load_data takes at least one.
  std::vector<std::string> targets = {"last"};
  /// Columns that are no features.
  std::vector<std::string> ignored;
  TaskChoice task = TaskChoice::kAuto;
  /// Class names known beforehand, in order (test files, prediction): a name beyond them is an
  /// error. Empty: taken from the file, numbers in numerical order before text in byte order.
  std::vector<std::string> classes;
  /// Column of the rows' weights, which is then not a feature; empty: none.
  std::string weights;
  /// Feature columns whose cells are categories (see OneHot), and no others. Unset: the text
  /// columns of at most 100 categories of which some occurs twice.
  std::optional<std::vector<std::string>> one_hot;
  /// Words that stand for a missing value, in any case of letters; so do empty cells. In a text
  /// target they are classes.
  std::vector<std::string> missing_values = {"NA", "N/A", "NaN", "NULL", "None", "?"};
  /// Keep missing features as NaN; else they are refused. load_data sets it.
  bool keep_missing = false;
  /// The columns of a table read before (training rows, a model): features are found by its names
  /// if both tables have a header, else by position. count 0: none.
  TableColumns known_columns;
  /// The categories of known_columns, in place of those of `one_hot`.
  std::optional<OneHot> known_one_hot;
  /// The meaning of other categories than those of the training rows or of `known_one_hot`.
  UnknownCategory unknown_category = UnknownCategory::kError;
};

/// Where the rows come from and how they are split.
struct DataOptions {
  DataSource source = DataSource::kDigits;
  /// Folder for relative file names below.
  std::filesystem::path dir;
  /// Training and test files. idx: one each; both empty: the four standard MNIST names in `dir`,
  /// with or without ".gz". cifar10: both empty: data_batch_1.bin to data_batch_5.bin and
  /// test_batch.bin in `dir`, with or without ".gz". npz, pkl: one training file, which holds the
  /// test rows, too; empty: "mnist.npz" or "mnist.pkl.gz" in `dir`, with or without ".gz".
  std::vector<std::filesystem::path> train;
  std::vector<std::filesystem::path> test;
  /// In place of test files: the fraction of the rows of `train`, rounded to the nearest row, that
  /// become test rows before the validation rows are taken; below 1. 0: none.
  double test_fraction = 0;
  /// idx only; empty: the name of the features with "labels" and "idx1" (or QMNIST's "idx2-int") in
  /// place of "images" and "idx3" (or another number of dimensions), a dash or a dot between them,
  /// with or without ".gz".
  std::filesystem::path train_labels;
  std::filesystem::path test_labels;
  /// npz: names of the arrays with features and targets of the training rows and, if they are four,
  /// of the test rows. Empty: x_train, y_train, x_test, y_test, else train_images, train_labels,
  /// test_images, test_labels, both without those of the test rows if they are missing, else X, y,
  /// else arr_0, arr_1.
  std::vector<std::string> arrays;
  /// Below 1: the fraction of the training rows, rounded to the nearest row, that becomes
  /// validation rows; else their number. Taken from the end. 0: none, but for pkl the second part
  /// of a triple, which otherwise joins the end of the training rows.
  double validation = 0;
  /// libsvm: features of a row, at least the largest index in the training rows; entries of test
  /// rows beyond it are dropped, with a warning in the data set. 0: that index.
  std::size_t features = 0;
  /// libsvm: features of the model that the rows are for, in place of `features`; entries beyond it
  /// are dropped, with a warning. 0: no model.
  std::size_t known_features = 0;
  /// Which rows become validation and test rows. Unset: of csv and libsvm kStratified for a
  /// classification and else kShuffled, of other sources kAsRead.
  std::optional<SplitOrder> validation_shuffle = {};
  std::uint64_t split_seed = 1;
  /// Use only the first `limit` training rows that are left after the split; 0: all.
  std::size_t limit = 0;
  /// The columns of csv; `csv.task` is for npz, pkl and libsvm, too, `csv.classes` also for idx.
  CsvOptions csv;
  /// What a missing feature becomes (csv; npz, pkl and rows from memory: NaN).
  Missing missing = Missing::kError;
  /// Add an input that is 1 where the feature is missing, else 0, for each feature that some
  /// training row lacks.
  bool missing_indicator = false;
  /// How the features become inputs; see Normalization.
  Normalization normalize = Normalization::kAuto;
  /// Components that kPca and kWhiten keep, at most the features; 0: all of them.
  std::size_t components = 0;
  /// Regression: the network learns each target less its mean and divided by its standard deviation
  /// over the training rows; every output is mapped back. Unset: those of a table, if the outputs
  /// may be any numbers (nabla/train/resolved.h).
  std::optional<bool> standardize_targets = {};
  /// Rows are kept and trained on as (column, value) pairs, see Model::sparse. Unset: those of
  /// libsvm and of sparse npz files; others if that is faster (nabla/train/resolved.h).
  std::optional<bool> sparse = {};
  /// The built-in digits: rows and seed. The test rows follow the training rows in the series.
  std::size_t digits_train = 60000;
  std::size_t digits_test = 10000;
  std::uint64_t digits_seed = 1;
};

/// Throws ConfigError naming the first key that is out of range or contradicts another.
void validate(const DataOptions& options);

/// Reads, splits and limits. Throws DataError for bad or missing files, as validate does, and
/// ConfigError for options that contradict the data, naming the configuration key.
DataSplit load_data(const DataOptions& options);

}  // namespace nabla
