// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>
#include <utility>

#include "nabla/base/error.h"

#include "base/utf8.h"
#include "data/class_name.h"
#include "data/csv_cell.h"
#include "data/source.h"

namespace nabla {

namespace {

using Files = std::vector<std::filesystem::path>;

std::vector<Dataset> read_parts(const Files& files, const CsvOptions& options) {
  std::vector<Dataset> parts;
  for (const std::filesystem::path& file : files) parts.push_back(read_csv(file, options));
  return parts;
}

/// Gives all parts the classes of all of them.
void unite_classes(std::vector<Dataset>& parts) {
  std::map<ClassName, std::uint32_t> label_of;
  for (const Dataset& part : parts)
    for (const std::string& name : part.classes) label_of.try_emplace(ClassName(name));
  std::vector<std::string> classes;
  for (auto& [name, label] : label_of) {
    label = static_cast<std::uint32_t>(classes.size());
    classes.push_back(name.text);
  }
  for (Dataset& part : parts) {
    std::vector<std::uint32_t> united;
    for (const std::string& name : part.classes) united.push_back(label_of.at(ClassName(name)));
    for (std::uint32_t& label : part.labels) label = united[label];
    part.classes = classes;
  }
}

Matrix<double> stack(const std::vector<const Matrix<double>*>& parts) {
  std::size_t rows = 0;
  for (const Matrix<double>* part : parts) rows += part->rows();
  Matrix<double> result(rows, parts.front()->cols());
  double* next = result.data();
  for (const Matrix<double>* part : parts)
    for (std::size_t row = 0; row < part->rows(); ++row)
      next = std::ranges::copy(part->row(row), next).out;
  return result;
}

/// One data set of all parts, which have the same task and classes.
Dataset concatenate(std::vector<Dataset> parts, const Files& files) {
  if (parts.size() == 1) return std::move(parts.front());
  std::vector<FeatureMatrix<double>> features;
  std::vector<const Matrix<double>*> targets;
  Dataset result;
  result.task = parts.front().task;
  result.classes = parts.front().classes;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].inputs() != parts.front().inputs())
      throw DataError(files[i].string() + ": " + std::to_string(parts[i].inputs()) +
                      " features, expected " + std::to_string(parts.front().inputs()) + " as in " +
                      files.front().string());
    features.push_back(std::get<FeatureMatrix<double>>(parts[i].features));
    targets.push_back(&parts[i].targets);
    result.labels.insert(result.labels.end(), parts[i].labels.begin(), parts[i].labels.end());
    result.weights.insert(result.weights.end(), parts[i].weights.begin(), parts[i].weights.end());
  }
  result.features = FeatureMatrix<double>::join(features);
  if (result.task == Task::kRegression) result.targets = stack(targets);
  return result;
}

/// The training files with one task: where the files leave it open and one of them holds values
/// that are no classes, all hold values.
Dataset read_train(const Files& files, CsvOptions options) {
  std::vector<Dataset> parts = read_parts(files, options);
  const auto is_regression = [](const Dataset& part) { return part.task == Task::kRegression; };
  const auto regressions = std::ranges::count_if(parts, is_regression);
  if (regressions != 0 && regressions != std::ranges::ssize(parts)) {
    options.task = TaskChoice::kRegression;
    parts = read_parts(files, options);
  }
  if (parts.size() > 1 && parts.front().task == Task::kClassification) unite_classes(parts);
  return concatenate(std::move(parts), files);
}

/// A model file can hold UTF-8 only; better refused here than after hours of training.
void check_names(const std::vector<std::string>& classes, const std::string& file) {
  for (const std::string& name : classes)
    if (!is_utf8(name))
      throw DataError(file + ": the class name " + quote_cell(name) +
                      " is not UTF-8; convert the file to UTF-8");
}

Files resolve(const std::filesystem::path& dir, const Files& files) {
  Files result;
  for (const std::filesystem::path& file : files) result.push_back(dir / file);
  return result;
}

}  // namespace

SourceRows read_csv_source(const DataOptions& options) {
  if (options.train.empty())
    throw ConfigError("data.train: missing, expected one or more files with data.source = csv");
  if (options.csv.targets.empty())
    throw ConfigError("data.target: empty, expected the column to learn");
  const Files train = resolve(options.dir, options.train);
  const Files test = resolve(options.dir, options.test);

  SourceRows rows;
  rows.train = read_train(train, options.csv);
  rows.train_name = train.front().string();
  check_names(rows.train.classes, rows.train_name);
  if (test.empty()) return rows;
  CsvOptions csv = options.csv;
  csv.classes = rows.train.classes;
  csv.task = rows.train.task == Task::kClassification ? TaskChoice::kClassification
                                                      : TaskChoice::kRegression;
  rows.test = concatenate(read_parts(test, csv), test);
  rows.test_name = test.front().string();
  return rows;
}

}  // namespace nabla
