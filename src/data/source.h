// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"

namespace nabla {

struct CategoryRows;

/// The rows as a source gives them, before split and limit, with their names in errors.
struct SourceRows {
  Dataset train;
  std::string train_name;
  /// The source's own validation rows, if it has any. load_data takes them if data.validation is 0.
  Dataset validation;
  std::string validation_name;
  Dataset test;  ///< no rows if the source has none
  std::string test_name;
  /// The features with categories that are still numbers, since the training rows decide on the
  /// inputs that they become; null if there are none. Those of the data sets above lie there.
  std::shared_ptr<CategoryRows> train_categories;
  std::shared_ptr<CategoryRows> test_categories;
};

/// The way in which the rows of a source lie in files.
enum class SourceFiles {
  kNone,     ///< no files: the program draws the rows
  kPairs,    ///< one file of features for training, one for tests, each with a file of labels
  kOneFile,  ///< one file that holds training and test rows
  kOneFileOrPairs,  ///< either of these
  kLists,           ///< any number of files with training rows, and of files with test rows
};

/// All that is known of a data source. A new one is a value of DataSource and a row in
/// source.cpp.
struct DataSourceTraits {
  DataSource kind;
  std::string_view name;  ///< the value of data.source
  SourceFiles files = SourceFiles::kLists;
  /// data.train may be missing: the files then have standard names in data.dir.
  bool has_standard_names = false;
  /// The rows are those of a table with named columns: CsvOptions applies, and no row is an image.
  bool has_columns = false;
  /// The targets may be classes or values: CsvOptions::task and classes apply.
  bool has_task_choice = false;
  /// Features may be missing: DataOptions::missing applies.
  bool may_lack_values = false;
  /// The order of the rows in the files means nothing, so validation rows are drawn by default.
  bool draws_split = false;
  /// Reads the rows that the options name. Throws as load_data does.
  SourceRows (*read)(const DataOptions& options) = nullptr;
  /// Reads the features of one file for a model of `inputs` inputs. Null if the source has no
  /// files, or if the rows of a table are predicted as they arrive (CsvFeatures).
  Dataset (*read_features)(const std::filesystem::path& file, std::size_t inputs) = nullptr;
  /// Returns whether a file that begins with these bytes, after decompression, has this format.
  /// Null if the bytes do not tell.
  bool (*recognises)(std::span<const std::byte> start) = nullptr;
  /// The endings of file names, such as ".csv", that stand for this format if the bytes do not
  /// tell.
  std::array<std::string_view, 4> endings = {};

  bool has_files() const { return files != SourceFiles::kNone; }
};

const DataSourceTraits& traits_of(DataSource source);
/// Returns all sources, in the order of the enumeration.
std::span<const DataSource> all_data_sources();
/// Returns the value of data.source: "digits", "idx", …
std::string_view name_of(DataSource source);
/// Returns the source of that name, or nullopt if there is none.
std::optional<DataSource> parse_data_source(std::string_view name);
/// Returns the names of the sources that have files, for errors: "idx, csv or npz".
std::string file_source_names();
/// Returns the first bytes of a file, decompressed, no more than `most`; of pipes and devices none,
/// as reading takes them away. Throws DataError if it cannot be read.
std::string start_of(const std::filesystem::path& file, std::size_t most);
/// Returns the format of a file by its first bytes, after decompression, then by the ending of its
/// name before ".gz"; nullopt if neither tells. Throws DataError if the bytes are those of an
/// archive or another foreign format.
std::optional<DataSource> recognise_source(const std::filesystem::path& file,
                                           std::span<const std::byte> start);

/// Returns the choice that gives further rows the task of these rows.
TaskChoice chosen_task(Task task);

/// Returns `name` in the folder, or name + ".gz" if that is missing; empty if both are missing.
std::filesystem::path find_plain_or_gz(const std::filesystem::path& dir, std::string_view name);

/// Returns the one file of a source that holds training and test rows: that of options.train, or
/// the standard name, with or without ".gz", in options.dir.
std::filesystem::path find_only_file(const DataOptions& options, const std::string& standard_name);

}  // namespace nabla
