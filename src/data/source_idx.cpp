// SPDX-License-Identifier: MIT
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/base/file.h"
#include "nabla/data/idx.h"

#include "data/source.h"
#include "data/standard_file.h"

namespace nabla {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTrainImages = "train-images-idx3-ubyte";
constexpr std::string_view kTestImages = "t10k-images-idx3-ubyte";

/// The labels' file that belongs to images of a standard name, with or without ".gz"; empty where
/// the name is not of that kind.
fs::path derive_labels(const fs::path& images) {
  constexpr std::string_view kImages = "images-idx3";
  constexpr std::string_view kLabels = "labels-idx1";
  std::string name = images.filename().string();
  const std::size_t at = name.find(kImages);
  if (at == std::string::npos) return {};
  name.replace(at, kImages.size(), kLabels);
  const fs::path derived = images.parent_path() / name;
  if (file_exists(derived)) return derived;
  const fs::path other = derived.extension() == ".gz" ? fs::path(derived).replace_extension()
                                                      : fs::path(derived.string() + ".gz");
  return file_exists(other) ? other : derived;
}

/// A standard name in the folder, with or without ".gz".
fs::path find_standard(const fs::path& dir, std::string_view name) {
  if (const fs::path found = find_plain_or_gz(dir, name); !found.empty()) return found;
  const std::string folder = dir.empty() ? "." : dir.string();
  throw DataError(folder + ": " + std::string(name) +
                  " is missing; looked for train-images-idx3-ubyte, train-labels-idx1-ubyte, "
                  "t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, each with or without .gz; "
                  "`scripts/fetch-mnist " +
                  folder + "` downloads them");
}

/// One pair of files; `key` is the configuration key of the features.
Dataset read_pair(const DataOptions& options, const std::string& key,
                  const std::vector<fs::path>& files, const fs::path& labels_option,
                  std::string& name) {
  const fs::path features = options.dir / files.front();
  name = features.string();
  if (!labels_option.empty()) return read_idx(features, options.dir / labels_option);
  const fs::path labels = derive_labels(features);
  if (labels.empty())
    throw ConfigError(key + "-labels: missing, and the name of the labels does not follow from " +
                      name + ", which has no \"images-idx3\" in it");
  return read_idx(features, labels);
}

/// Class names are the label values themselves, so a file with fewer of them fits, one with more
/// does not.
void check_test_labels(const SourceRows& rows) {
  for (std::size_t row = 0; row < rows.test.labels.size(); ++row)
    if (rows.test.labels[row] >= rows.train.classes.size())
      throw DataError(rows.test_name + ": row " + std::to_string(row) + " has the label " +
                      std::to_string(rows.test.labels[row]) + ", expected at most " +
                      std::to_string(rows.train.classes.size() - 1) + ", the largest of " +
                      rows.train_name);
}

}  // namespace

SourceRows read_idx_source(const DataOptions& options) {
  DataOptions files = options;
  if (options.train.empty()) {
    files.dir.clear();  // already part of the names found
    files.train = {find_standard(options.dir, kTrainImages)};
    files.train_labels = find_standard(options.dir, "train-labels-idx1-ubyte");
    files.test = {find_standard(options.dir, kTestImages)};
    files.test_labels = find_standard(options.dir, "t10k-labels-idx1-ubyte");
  }

  SourceRows rows;
  rows.train = read_pair(files, "data.train", files.train, files.train_labels, rows.train_name);
  if (files.test.empty()) return rows;
  rows.test = read_pair(files, "data.test", files.test, files.test_labels, rows.test_name);
  check_test_labels(rows);
  rows.test.classes = rows.train.classes;
  return rows;
}

}  // namespace nabla
