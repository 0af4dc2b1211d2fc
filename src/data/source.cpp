// SPDX-License-Identifier: MIT
#include "data/source.h"

#include <algorithm>
#include <system_error>

#include "nabla/base/error.h"
#include "nabla/base/kinds.h"

#include "base/file.h"
#include "base/input_stream.h"
#include "data/cifar10.h"
#include "data/csv.h"
#include "data/digits.h"
#include "data/foreign_format.h"
#include "data/idx.h"
#include "data/libsvm.h"
#include "data/numpy_file.h"
#include "data/pickle.h"

namespace nabla {

namespace {

using Path = std::filesystem::path;

constexpr DataSourceTraits kSources[] = {
    {.kind = DataSource::kDigits,
     .name = "digits",
     .files = SourceFiles::kNone,
     .read = read_digits_source},
    {.kind = DataSource::kIdx,
     .name = "idx",
     .files = SourceFiles::kPairs,
     .has_standard_names = true,
     .read = read_idx_source,
     .read_features = [](const Path& file, std::size_t) { return read_idx_features(file); },
     .recognises = is_idx},
    {.kind = DataSource::kCsv,
     .name = "csv",
     .has_columns = true,
     .has_task_choice = true,
     .may_lack_values = true,
     .draws_split = true,
     .read = read_csv_source,
     .endings = {".csv", ".tsv", ".txt", ".data"}},
    {.kind = DataSource::kNpz,
     .name = "npz",
     .files = SourceFiles::kOneFileOrPairs,
     .has_standard_names = true,
     .has_task_choice = true,
     .may_lack_values = true,
     .read = read_npz_source,
     .read_features = [](const Path& file, std::size_t) { return read_numpy_features(file); },
     .recognises = is_numpy_file,
     .endings = {".npz", ".npy"}},
    {.kind = DataSource::kPkl,
     .name = "pkl",
     .files = SourceFiles::kOneFile,
     .has_standard_names = true,
     .has_task_choice = true,
     .may_lack_values = true,
     .read = read_pkl_source,
     .read_features = [](const Path& file, std::size_t) { return read_pkl_features(file); },
     .endings = {".pkl", ".pickle"}},
    {.kind = DataSource::kCifar10,
     .name = "cifar10",
     .has_standard_names = true,
     .read = read_cifar10_source,
     .read_features =
         [](const Path& file, std::size_t) {
           return read_cifar10({&file, 1});
         }},
    {.kind = DataSource::kLibsvm,
     .name = "libsvm",
     .has_task_choice = true,
     .draws_split = true,
     .read = read_libsvm_source,
     .read_features = read_libsvm_features,
     .endings = {".libsvm", ".svm", ".svmlight"}},
};
static_assert(is_complete(kSources));

constexpr auto kSourceKinds = kinds_of(kSources);

}  // namespace

const DataSourceTraits& traits_of(DataSource source) { return row_of(kSources, source); }

std::span<const DataSource> all_data_sources() { return kSourceKinds; }

std::string_view name_of(DataSource source) { return traits_of(source).name; }

std::optional<DataSource> parse_data_source(std::string_view name) {
  return find_kind(kSources, name);
}

std::string file_source_names() {
  return alternatives(kSources, [](const DataSourceTraits& row) { return row.has_files(); });
}

std::string start_of(const Path& file, std::size_t most) {
  std::error_code ignored;
  if (std::filesystem::is_other(file, ignored)) return {};
  InputStream stream = InputStream::open(file);
  std::string start(most, '\0');
  std::size_t size = 0;
  while (size < most) {
    const std::size_t read = stream.read(std::as_writable_bytes(std::span(start).subspan(size)));
    if (read == 0) break;
    size += read;
  }
  start.resize(size);
  return start;
}

std::optional<DataSource> recognise_source(const Path& file, std::span<const std::byte> start) {
  for (const DataSourceTraits& row : kSources)
    if (row.recognises != nullptr && row.recognises(start)) return row.kind;
  const Path plain = file.extension() == ".gz" ? file.stem() : file;
  const std::string ending = plain.extension().string();
  refuse_foreign(start, file.string());
  if (ending.empty()) return std::nullopt;
  for (const DataSourceTraits& row : kSources)
    if (std::ranges::find(row.endings, ending) != row.endings.end()) return row.kind;
  return std::nullopt;
}

Path find_plain_or_gz(const Path& dir, std::string_view name) {
  const Path plain = dir / name;
  if (file_exists(plain)) return plain;
  const Path packed = plain.string() + ".gz";
  return file_exists(packed) ? packed : Path();
}

Path find_only_file(const DataOptions& options, const std::string& standard_name) {
  if (!options.train.empty()) return options.dir / options.train.front();
  const Path found = find_plain_or_gz(options.dir, standard_name);
  if (!found.empty()) return found;
  throw DataError((options.dir.empty() ? "." : options.dir.string()) + ": " + standard_name +
                  " and " + standard_name +
                  ".gz are missing; expected one of them there, or a file as data.train");
}

TaskChoice chosen_task(Task task) {
  switch (task) {
    case Task::kClassification:
      return TaskChoice::kClassification;
    case Task::kRegression:
      return TaskChoice::kRegression;
    case Task::kMultiLabel:
      return TaskChoice::kMultiLabel;
  }
  return TaskChoice::kAuto;
}

}  // namespace nabla
