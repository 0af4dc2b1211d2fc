// SPDX-License-Identifier: MIT
#include <utility>

#include "nabla/base/error.h"

#include "data/csv_cell.h"
#include "data/npz.h"
#include "data/source.h"

namespace nabla {

namespace {

/// The names of the arrays for an error, the first few of them.
std::string list_names(const NpzFile& file) {
  constexpr std::size_t kMost = 8;
  std::string text;
  for (std::size_t i = 0; i < file.names().size() && i < kMost; ++i)
    text += (i > 0 ? ", " : "") + quote_cell(file.names()[i]);
  if (file.names().size() > kMost) text += ", ...";
  return text.empty() ? "no arrays" : text;
}

Dataset read_pair(const NpzFile& file, const std::string& part, TaskChoice task,
                  const std::vector<std::string>& classes) {
  return numpy_dataset(file.read("x_" + part), file.read("y_" + part), task, classes);
}

}  // namespace

SourceRows read_npz_source(const DataOptions& options) {
  const std::filesystem::path path = find_only_file(options, "mnist.npz");
  const NpzFile file(map_file(path), path.string());
  const bool has_test = file.has("x_test");
  if (!file.has("x_train") || !file.has("y_train") || has_test != file.has("y_test"))
    throw DataError(path.string() + ": found " + list_names(file) +
                    "; expected x_train, y_train and, for test rows, x_test, y_test");
  SourceRows rows;
  rows.train = read_pair(file, "train", options.csv.task, options.csv.classes);
  rows.train_name = path.string() + ": x_train";
  if (!has_test) return rows;
  rows.test = read_pair(file, "test", chosen_task(rows.train), rows.train.classes);
  rows.test_name = path.string() + ": x_test";
  return rows;
}

Dataset read_npz_features(const FileBytes& content, const std::string& name) {
  const NpzFile file(content, name);
  if (file.has("x_test")) return numpy_features(file.read("x_test"));
  if (file.has("x")) return numpy_features(file.read("x"));
  if (file.names().size() != 1)
    throw DataError(name + ": found " + list_names(file) +
                    "; expected an array called x_test or x, or only one array");
  return numpy_features(file.read(file.names().front()));
}

}  // namespace nabla
