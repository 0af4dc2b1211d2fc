// SPDX-License-Identifier: MIT
#include "nabla/data/data_options.h"

#include <charconv>
#include <cmath>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "nabla/base/error.h"

#include "base/option_builders.h"
#include "data/normalization.h"
#include "data/option_rows.h"
#include "data/source.h"

namespace nabla {

namespace {

/// The built-in series is long, but memory holds the whole data set.
constexpr double kMostDigits = 10'000'000;

/// The largest index that a row of libsvm may have.
constexpr double kMostFeatures = 4294967295;

constexpr const char* kValidation = "0, a fraction below 1 or a whole number of rows";

void check_validation(double value) {
  const std::string text = write_number(value);
  if (!from_to(0, 1e15).contains(value)) throw_bad_value(text, "is out of range", kValidation);
  if (value >= 1 && value != std::floor(value))
    throw_bad_value(text, "is neither a fraction nor a whole number", kValidation);
}

std::string as_written(std::string_view text) { return std::string(text); }

/// Reads a list of columns; "none" is an empty one.
std::vector<std::string> read_columns(std::string_view text) {
  return text == "none" ? std::vector<std::string>() : split_list(text);
}
std::string write_columns(const std::vector<std::string>& columns) {
  return columns.empty() ? "none" : join(columns);
}

/// Reads a list of columns; "auto" leaves it unset.
std::optional<std::vector<std::string>> read_one_hot(std::string_view text) {
  if (text == "auto") return std::nullopt;
  return read_columns(text);
}
std::string write_one_hot(const std::optional<std::vector<std::string>>& columns) {
  return columns ? write_columns(*columns) : "auto";
}

/// Reads a list of arrays; "auto" is an empty one.
std::vector<std::string> read_arrays(std::string_view text) {
  return text == "auto" ? std::vector<std::string>() : split_list(text);
}
std::string write_arrays(const std::vector<std::string>& names) {
  return names.empty() ? "auto" : join(names);
}
void check_arrays(const std::vector<std::string>& names) {
  static const std::vector<std::string> kNames = {"auto"};
  if (names.size() == 1) throw_bad_choice(names[0], kNames, " or two or four names of arrays");
  if (names.size() == 3 || names.size() > 4)
    throw_bad_value(join(names), "has " + std::to_string(names.size()) + " names",
                    "auto, or two or four names of arrays");
}

/// Lets a row of files take a fraction, too, which is then DataOptions::test_fraction.
Option<DataOptions> or_fraction(Option<DataOptions> files) {
  constexpr const char* kFraction = "files or a fraction above 0 and below 1";
  Option<DataOptions> row = files;
  row.type = "list of paths or number";
  row.range = "file names · a fraction below 1";
  row.parse = [files](DataOptions& options, std::string_view text, const ValueOrigin& origin) {
    double fraction = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), fraction);
    const bool is_number = error == std::errc() && end == text.data() + text.size();
    if (is_number && !(fraction > 0 && fraction < 1))
      throw_bad_value(text, "is out of range", kFraction);
    options.test_fraction = is_number ? fraction : 0;
    files.parse(options, is_number ? "" : text, origin);
  };
  row.write = [files](const DataOptions& options) {
    return options.test_fraction > 0 ? write_number(options.test_fraction) : files.write(options);
  };
  row.check = [](const DataOptions& options) {
    if (!from_to_below(0, 1).contains(options.test_fraction))
      throw_bad_value(write_number(options.test_fraction), "is out of range", kFraction);
  };
  return row;
}

OptionRows<DataOptions> make_data_rows() {
  using D = DataOptions;
  using Row = OptionRow<D>;
  const auto labels_of = [](const std::string& key) {
    return "the name of " + key +
           " with labels and idx1, or QMNIST's idx2-int, in place of images and idx3 (or another "
           "number of dimensions), with or without .gz";
  };
  const std::string standard_names =
      "the standard names in data.dir, with or without .gz, for the sources idx (MNIST's) and "
      "cifar10 (data_batch_1.bin to data_batch_5.bin, test_batch.bin), npz (mnist.npz) and pkl "
      "(mnist.pkl.gz)";
  const std::vector<std::string> with_task = names_where(
      all_data_sources(), [](const DataSourceTraits& row) { return row.has_task_choice; });
  const std::vector<std::string> tables =
      names_where(all_data_sources(), [](const DataSourceTraits& row) { return row.has_columns; });
  const OptionCondition is_csv = is("data.source", tables);
  const OptionCondition may_lack_values = is(
      "data.source", names_where(all_data_sources(),
                                 [](const DataSourceTraits& row) { return row.may_lack_values; }));
  const OptionCondition is_digits = is("data.source", {"digits"});
  const OptionCondition has_validation = is_not("data.validation", {"0"});
  const OptionCondition has_test = is_not("data.test", {""});
  const std::vector<std::string> drawn_from =
      names_where(all_data_sources(), [](const DataSourceTraits& row) { return row.draws_split; });
  return {
      Row::choice("data.source", &D::source, choices_of<DataSource>(all_data_sources()),
                  "Where the rows come from: the built-in digits, or files of that format."),
      Row::path("data.dir", &D::dir, "the configuration file's folder",
                "Folder that data file names are relative to.")
          .flagged({.obstacle = "the other files of data are relative to it"}),
      Row::data_files("data.train", &D::train, standard_names,
                      "Training rows; for idx the file of their features, for npz and pkl the file "
                      "of all rows."),
      or_fraction(Row::data_files(
          "data.test", &D::test, "as for data.train if that is empty, too, else no test rows",
          "Test rows; for idx the file of their features. A fraction is of the rows of data.train, "
          "from which they are taken as data.validation is, before it.")),
      Row::data_file("data.train-labels", &D::train_labels, labels_of("data.train"),
                     "Labels of the training rows (idx); of the rows of a sparse matrix, a file of "
                     "type .npy, .npz of one array, or text with a label a line (npz)."),
      Row::data_file("data.test-labels", &D::test_labels, labels_of("data.test"),
                     "Labels of the test rows, as data.train-labels (idx, npz)."),
      Row::of("data.arrays", &D::arrays, "list of arrays", "auto · two or four names", read_arrays,
              write_arrays, check_arrays,
              "Arrays with features and targets of the training rows and, if they are four, of the "
              "test rows; auto: the first of x_train, y_train, x_test, y_test · train_images, "
              "train_labels, test_images, test_labels · X, y · arr_0, arr_1 that are there (npz).")
          .only_if({is("data.source", {"npz"})}),
      Row::of(
          "data.validation", &D::validation, "number", "0 · a fraction below 1 · a number of rows",
          [](std::string_view text) { return parse_number(text, kValidation); },
          write_number<double>, check_validation,
          "Rows taken from the end of the training rows to become validation rows; a "
          "fraction is rounded to the nearest row. 0: none, but the second part of a pkl triple, "
          "which otherwise joins the training rows."),
      Row::choice("data.validation-shuffle", &D::validation_shuffle,
                  Choices<std::optional<SplitOrder>>{{"auto", std::nullopt},
                                                     {"no", SplitOrder::kAsRead},
                                                     {"yes", SplitOrder::kShuffled},
                                                     {"stratified", SplitOrder::kStratified}},
                  "Shuffle the rows before validation and test rows are taken; stratified: each "
                  "class gives the same share of its rows; auto: " +
                      join(drawn_from, " and ") +
                      " stratified for a classification, else yes; other sources no.")
          .only_if({has_validation, has_test}),
      Row::whole("data.split-seed", &D::split_seed, at_least(0), "Seed of that shuffle.")
          .only_if({has_validation, has_test})
          .only_if({is_not("data.validation-shuffle", {"no"})}),
      Row::whole("data.limit", &D::limit, at_least(0),
                 "Use only the first so many training rows that are left after the split; 0: "
                 "all of them."),
      Row::list(
          "data.target", [](auto& o) -> auto& { return o.csv.targets; }, "list of columns",
          "last · column names or zero-based indices, -1 the last", as_written, as_written,
          [](const std::vector<std::string>& targets) {
            if (targets.empty())
              throw_bad_value("", "names no column", "last, or column names or zero-based indices");
          },
          "The target column; of several, all 0 or 1, each is a label, else each is a value (csv).")
          .only_if({is_csv}),
      Row::whole(
          "data.features", &D::features, from_to(0, kMostFeatures),
          "Number of features; entries beyond it in test rows and predictions are dropped and "
          "counted in a warning; 0: the largest index in the training rows (libsvm).")
          .only_if({is("data.source", {"libsvm"})}),
      Row::of(
          "data.ignore", [](auto& o) -> auto& { return o.csv.ignored; }, "list of columns",
          "none · column names or zero-based indices", read_columns, write_columns,
          [](const std::vector<std::string>&) {}, "Columns that are no features (csv).")
          .only_if({is_csv}),
      Row::choice(
          "data.separator", [](auto& o) -> auto& { return o.csv.format.separator; },
          Choices<CsvSeparator>{{"auto", CsvSeparator::kAuto},
                                {"comma", CsvSeparator::kComma},
                                {"semicolon", CsvSeparator::kSemicolon},
                                {"tab", CsvSeparator::kTab},
                                {"blanks", CsvSeparator::kBlanks}},
          "What stands between cells, blanks being any run of spaces and tabs; auto: the one of "
          "comma, semicolon and tab by which the first 1,000 rows have equally many cells, more "
          "than one, most cells first; blanks if there is none or if a cell would hold several "
          "numbers with blanks between them (csv).")
          .only_if({is_csv}),
      Row::choice(
          "data.decimal", [](auto& o) -> auto& { return o.csv.format.decimal; },
          Choices<CsvDecimal>{{"auto", CsvDecimal::kAuto},
                              {"point", CsvDecimal::kPoint},
                              {"comma", CsvDecimal::kComma}},
          "The decimal mark; auto: comma if the separator is another and every cell with a comma "
          "is a number so (csv).")
          .only_if({is_csv}),
      Row::choice(
          "data.header", [](auto& o) -> auto& { return o.csv.format.header; },
          Choices<CsvHeader>{
              {"auto", CsvHeader::kAuto}, {"yes", CsvHeader::kYes}, {"no", CsvHeader::kNo}},
          "Whether row 1 names the columns; auto: yes if no cell of it is numeric and some cell of "
          "row 2 is, or if data.target, ignore, one-hot or weights names a cell of row 1 (csv).")
          .only_if({is_csv}),
      Row::choice(
          "data.task", [](auto& o) -> auto& { return o.csv.task; },
          Choices<TaskChoice>{{"auto", TaskChoice::kAuto},
                              {"classification", TaskChoice::kClassification},
                              {"regression", TaskChoice::kRegression},
                              {"multi-label", TaskChoice::kMultiLabel}},
          "What the targets are (" + join(with_task) +
              "); auto: classes if they are texts, or whole numbers that occur twice or more on "
              "average and are at most 50 different ones or run from 0 or 1 without a gap, else "
              "values; several of 0 and 1 alone: multi-label; pkl: classes.")
          .only_if({is("data.source", with_task)}),
      Row::choice(
          "data.normalize", &D::normalize, choices_of<Normalization>(all_normalizations()),
          "What is done to the features: scale divides by 255, symmetric maps 0…255 to −1…1; "
          "minmax maps each to 0…1, max-abs "
          "divides each by its largest magnitude, center "
          "takes its mean off, standardize also divides by its population standard deviation; unit "
          "divides each row by its L2 norm; pca centres and rotates to the principal components, "
          "whiten also divides by √(eigenvalue + 1e-5); auto: scale for uint8 data, for " +
              join(tables, " and ") +
              " scale if there are at least 64 features, all of them whole numbers up to 255, else "
              "standardize, for other sources none. Fitted on the training rows, stored in the "
              "model.")
          .flagged({.after_reading = true}),
      Row::whole("data.components", &D::components, at_least(0),
                 "Components that pca and whiten keep, those of the largest variance; 0: all of "
                 "them.")
          .flagged({.after_reading = true})
          .only_if({is("data.normalize", names_where(all_normalizations(),
                                                     [](const NormalizationTraits& row) {
                                                       return row.formula == InputFormula::kRotated;
                                                     }))}),
      Row::auto_yes_no(
          "data.sparse", &D::sparse,
          "Keep and train on rows as (column, value) pairs of what is not 0; auto: yes "
          "for libsvm and for npz files of a sparse matrix, for others if density, "
          "widths and batch make it faster. Part of the experiment: it changes results "
          "to rounding.")
          .flagged({.after_reading = true}),
      Row::auto_yes_no("data.standardize-targets", &D::standardize_targets,
                       "Learn each target less its mean and divided by its standard deviation; "
                       "outputs, R² and errors stay in the targets' own units, costs are of the "
                       "standardised ones (regression); auto: yes for " +
                           join(tables, " and ") +
                           " unless network.output or train.cost bound the targets, else no.")
          .flagged({.after_reading = true}),
      Row::of(
          "data.weights", [](auto& o) -> auto& { return o.csv.weights; }, "column",
          "none · a column name or zero-based index",
          [](std::string_view text) { return text == "none" ? std::string() : std::string(text); },
          [](const std::string& column) { return column.empty() ? "none" : column; },
          [](const std::string&) {},
          "Column with a weight of at least 0 per row; it is then not a feature (csv).")
          .only_if({is_csv}),
      Row::of(
          "data.one-hot", [](auto& o) -> auto& { return o.csv.one_hot; }, "list of columns",
          "auto · none · column names or zero-based indices", read_one_hot, write_one_hot,
          [](const std::optional<std::vector<std::string>>&) {},
          "Feature columns that hold categories: each becomes one input per category of the "
          "training rows, 1 for the row's own, else 0; a missing value is a category of its own. "
          "auto: the text columns of at most 100 categories of which some occurs twice (csv). "
          "Stored in the model.")
          .only_if({is_csv}),
      Row::choice("data.missing", &D::missing, choices_of<Missing>(all_missing()),
                  "What a missing feature becomes, learnt from its values in the training rows; "
                  "error refuses the row; most-frequent takes the smallest of equals (csv; npz and "
                  "pkl: NaN). In a column of categories a missing value is a category of its own. "
                  "Stored in the model.")
          .only_if({may_lack_values}),
      Row::yes_no(
          "data.missing-indicator", &D::missing_indicator,
          "Add an input for each feature that some training row lacks: 1 where it is missing, "
          "else 0.")
          .flagged({.after_reading = true})
          .only_if({may_lack_values})
          .only_if({is_not("data.missing", {"error"})}),
      Row::of(
          "data.missing-values", [](auto& o) -> auto& { return o.csv.missing_values; },
          "list of words", "none · any words", read_columns, write_columns,
          [](const std::vector<std::string>&) {},
          "Words that stand for a missing value, as empty cells do, in any case of letters; a text "
          "target has them as classes (csv). Stored in the model.")
          .only_if({is_csv}),
      Row::choice(
          "data.unknown-category", [](auto& o) -> auto& { return o.csv.unknown_category; },
          Choices<UnknownCategory>{{"error", UnknownCategory::kError},
                                   {"ignore", UnknownCategory::kIgnore}},
          "Treatment of a category that no training row has, in validation, test and prediction: "
          "error refuses the row, ignore makes all inputs of that column 0 (csv).")
          .only_if({is_csv})
          .only_if({is_not("data.one-hot", {"none"})}),
      Row::whole("data.digits-train", &D::digits_train, from_to(1, kMostDigits),
                 "Training rows of the built-in digits.")
          .only_if({is_digits}),
      Row::whole("data.digits-test", &D::digits_test, from_to(0, kMostDigits),
                 "Test rows of the built-in digits.")
          .only_if({is_digits}),
      Row::whole("data.digits-seed", &D::digits_seed, at_least(0), "Seed of the built-in digits.")
          .only_if({is_digits}),
  };
}

/// Checks the rules on files that depend on the source.
void require_files(const DataOptions& data) {
  const DataSourceTraits& traits = traits_of(data.source);
  const std::string given = written(data_rows(), "data.source", data);
  const auto forbid = [&](bool is_given, const char* key, const std::string& expected) {
    require_option(!is_given, key, "contradicts " + given + ", expected " + expected);
  };
  const auto require_one = [&](std::size_t files, const char* key) {
    require_option(files <= 1, key, "several files, expected one for " + given);
  };
  const bool may_be_pairs =
      traits.files == SourceFiles::kPairs || traits.files == SourceFiles::kOneFileOrPairs;
  if (!may_be_pairs) {
    const std::string others = "it with data.source = idx or npz only";
    forbid(!data.train_labels.empty(), "data.train-labels", others);
    forbid(!data.test_labels.empty(), "data.test-labels", others);
  }
  if (!traits.has_files()) {
    forbid(!data.train.empty(), "data.train", "a data.source with files");
    forbid(!data.test.empty(), "data.test", "a data.source with files");
  }
  if (traits.files == SourceFiles::kOneFile) require_one(data.train.size(), "data.train");
  const bool has_labels = may_be_pairs && !data.train_labels.empty();
  if (traits.files == SourceFiles::kOneFile ||
      (traits.files == SourceFiles::kOneFileOrPairs && !has_labels))
    forbid(!data.test.empty(), "data.test",
           "data.train only, whose file holds the test rows, too" +
               std::string(may_be_pairs ? ", or data.train-labels for a sparse matrix" : ""));
  if (traits.has_files() && !traits.has_standard_names)
    require_option(!data.train.empty(), "data.train", "missing, expected a file for " + given);
  if (may_be_pairs) {
    require_one(data.train.size(), "data.train");
    require_one(data.test.size(), "data.test");
    require_option(!data.train.empty() || data.train_labels.empty(), "data.train-labels",
                   "without data.train, expected both or only data.train");
    require_option(!data.test.empty() || data.test_labels.empty(), "data.test-labels",
                   "without data.test, expected both or only data.test");
  }
  require_option(!data.train.empty() || data.test.empty(), "data.test",
                 "without data.train, expected both or only data.train");
  if (data.test_fraction == 0) return;
  forbid(!traits.has_files(), "data.test", "data.digits-test there");
  require_option(data.test.empty(), "data.test", "files and a fraction, expected one of them");
}

}  // namespace

const OptionRows<DataOptions>& data_rows() {
  static const OptionRows<DataOptions> kRows = make_data_rows();
  return kRows;
}

void validate(const DataOptions& options) {
  check_rows(data_rows(), options);
  require_files(options);
  if (const auto task = known_task(options); task && options.standardize_targets == true)
    require_task(Task::kRegression, *task, "data.standardize-targets", "no");
  if (const auto task = known_task(options);
      task && options.validation_shuffle == SplitOrder::kStratified)
    require_task(Task::kClassification, *task, "data.validation-shuffle", "yes, no");
}

SplitOrder split_order(const DataOptions& options, Task task) {
  if (options.validation_shuffle) return *options.validation_shuffle;
  if (!traits_of(options.source).draws_split) return SplitOrder::kAsRead;
  return task == Task::kClassification ? SplitOrder::kStratified : SplitOrder::kShuffled;
}

void require_task(Task wanted, Task task, const char* key, const std::string& expected) {
  if (task == wanted) return;
  throw ConfigError(key, "contradicts data.task = " + std::string(name_of(task)) +
                             ", whose targets are " + std::string(traits_of(task).targets) +
                             ", expected " + expected + " or " +
                             std::string(traits_of(wanted).targets));
}

std::optional<Task> known_task(const DataOptions& options) {
  if (!traits_of(options.source).has_task_choice || options.csv.task == TaskChoice::kAuto)
    return std::nullopt;
  for (const TaskTraits& row : kTaskTable)
    if (chosen_task(row.kind) == options.csv.task) return row.kind;
  return std::nullopt;
}

}  // namespace nabla
