// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include "nabla/base/error.h"

#include "data/pickle.h"
#include "data/source.h"

namespace nabla {

namespace {

bool is_pair(const Pickle& pickle, PickleId id) {
  const auto items = pickle.items(id);
  return items.size() == 2 && pickle.is_array(items[0]) && pickle.is_array(items[1]);
}

std::string place(std::size_t part) { return "data[" + std::to_string(part) + "]"; }

/// The parts of training, perhaps validation, and test rows.
std::span<const PickleId> find_parts(const Pickle& pickle) {
  const auto parts = pickle.items(pickle.root());
  bool is_known = parts.size() == 2 || parts.size() == 3;
  for (const PickleId part : parts) is_known = is_known && is_pair(pickle, part);
  if (!is_known)
    throw DataError(pickle.name() +
                    ": found other objects; expected ((x, y) of the training, (x, y) of the "
                    "validation, (x, y) of the test), or without the validation, as NumPy arrays");
  return parts;
}

Dataset read_pair(const Pickle& pickle, std::size_t part, TaskChoice task,
                  const std::vector<std::string>& classes) {
  const auto arrays = pickle.items(pickle.items(pickle.root())[part]);
  return numpy_dataset(pickle.array(arrays[0], place(part) + "[0]"),
                       pickle.array(arrays[1], place(part) + "[1]"), task, classes);
}

/// Adds rows of the same classes to the end of the training rows.
void append_rows(SourceRows& rows) {
  Dataset& train = rows.train;
  const Dataset& added = rows.validation;
  if (added.inputs() != train.inputs() || added.features.index() != train.features.index())
    throw DataError(rows.validation_name + ": other features than " + rows.train_name +
                    "; expected as many of the same type, to join them for data.validation");
  train.features = std::visit(
      [&](const auto& features) -> Dataset::Features {
        using Features = std::remove_cvref_t<decltype(features)>;
        const std::array parts = {features, std::get<Features>(added.features)};
        return Features::join(parts);
      },
      train.features);
  train.labels.insert(train.labels.end(), added.labels.begin(), added.labels.end());
  Matrix<double> targets(train.targets.rows() + added.targets.rows(), train.targets.cols());
  auto next = std::ranges::copy(train.targets.elements(), targets.data()).out;
  std::ranges::copy(added.targets.elements(), next);
  train.targets = std::move(targets);
  rows.validation = {};
}

}  // namespace

SourceRows read_pkl_source(const DataOptions& options) {
  const std::filesystem::path path = find_only_file(options, "mnist.pkl");
  const Pickle pickle(map_file(path), path.string());
  const std::size_t parts = find_parts(pickle).size();
  SourceRows rows;
  rows.train = read_pair(pickle, 0, options.csv.task, options.csv.classes);
  rows.train_name = pickle.name() + ": " + place(0);
  const auto further = [&](std::size_t part) {
    return read_pair(pickle, part, chosen_task(rows.train), rows.train.classes);
  };
  if (parts == 3) {
    rows.validation = further(1);
    rows.validation_name = pickle.name() + ": " + place(1);
    if (options.validation != 0) append_rows(rows);
  }
  rows.test = further(parts - 1);
  rows.test_name = pickle.name() + ": " + place(parts - 1);
  return rows;
}

Dataset read_pkl_features(const FileBytes& file, const std::string& name) {
  const Pickle pickle(file, name);
  if (pickle.is_array(pickle.root())) return numpy_features(pickle.array(pickle.root(), "data"));
  if (is_pair(pickle, pickle.root()))
    return numpy_features(pickle.array(pickle.items(pickle.root())[0], place(0)));
  const auto parts = find_parts(pickle);
  return numpy_features(
      pickle.array(pickle.items(parts.back())[0], place(parts.size() - 1) + "[0]"));
}

}  // namespace nabla
