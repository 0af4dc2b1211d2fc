// SPDX-License-Identifier: MIT
#include "run/data_identity.h"

#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <variant>

#include "nabla/base/error.h"

#include "base/text.h"
#include "support/errors.h"
#include "support/models.h"

namespace nabla {
namespace {

using namespace testing_support;

DataSplit classes_of_flowers() {
  DataSplit data{random_classes(30, 4, 3), random_classes(6, 4, 3), random_classes(8, 4, 3)};
  data.train.columns.names = {"a", "b", "c", "d", "kind"};
  data.train.weights.assign(30, 1.0);
  return data;
}

/// Calls change(features) with the features of the rows in double.
void change_features(Dataset& rows, const std::function<void(Matrix<double>&)>& change) {
  Matrix<double> features(rows.rows(), rows.inputs());
  std::visit(
      [&](const auto& old) {
        for (std::size_t i = 0; i < features.rows(); ++i)
          for (std::size_t j = 0; j < features.cols(); ++j)
            features(i, j) = static_cast<double>(old(i, j));
      },
      rows.features);
  change(features);
  rows.features = FeatureMatrix<double>(std::move(features));
}

TEST(DataIdentity, IsThatOfEqualData) {
  const DataSplit data = classes_of_flowers();
  EXPECT_EQ(data_identity(data), data_identity(classes_of_flowers()));
  require_same_data(data, data_identity(data), "c");
  const DataSplit values{random_targets(20, 3, 2), {}, {}};
  require_same_data(values, data_identity(values), "c");
}

TEST(DataIdentity, NamesWhatHasChanged) {
  struct Mutation {
    const char* fact;
    std::function<void(DataSplit&)> change;
  };
  const auto features = [](const std::function<void(Matrix<double>&)>& change) {
    return [=](DataSplit& data) { change_features(data.train, change); };
  };
  const auto slice_of = [](std::size_t first, std::size_t count) {
    return [=](DataSplit& data) { data.train = slice(data.train, first, count); };
  };
  const Mutation mutations[] = {
      {"training rows = 29, expected 30", slice_of(0, 29)},
      {"training rows = 29, expected 30", slice_of(1, 29)},
      {"training rows = 31, expected 30",
       [](DataSplit& data) {
         data.train = random_classes(31, 4, 3);
         data.train.columns.names = classes_of_flowers().train.columns.names;
       }},
      {"validation rows = 5, expected 6",
       [](DataSplit& data) { data.validation = slice(data.validation, 0, 5); }},
      {"test rows = 0, expected 8", [](DataSplit& data) { data.test = {}; }},
      {"inputs = 3, expected 4",
       [&](DataSplit& data) {
         Dataset narrow = random_classes(30, 3, 3);
         data.train.features = narrow.features;
       }},
      {"inputs = 5, expected 4",
       [&](DataSplit& data) { data.train.features = random_classes(30, 5, 3).features; }},
      {"task = regression, expected classification",
       [](DataSplit& data) {
         data.train.task = Task::kRegression;
         data.train.targets = Matrix<double>(30, 3);
       }},
      {"outputs = 4, expected 3",
       [](DataSplit& data) { data.train.classes.emplace_back("another"); }},
      {"columns = a,b,c,e,kind, expected a,b,c,d,kind",
       [](DataSplit& data) { data.train.columns.names[3] = "e"; }},
      {"columns = b,a,c,d,kind",
       [](DataSplit& data) {
         std::swap(data.train.columns.names[0], data.train.columns.names[1]);
       }},
      {"columns = none", [](DataSplit& data) { data.train.columns.names.clear(); }},
      {"classes = ", [](DataSplit& data) { data.train.classes[1] = "renamed"; }},
      {"classes = ",
       [](DataSplit& data) { std::swap(data.train.classes[0], data.train.classes[2]); }},
      {"checksum", features([](Matrix<double>& x) { x(7, 2) += 1e-9; })},
      {"checksum", features([](Matrix<double>& x) {
         for (double& element : x.elements()) element *= 2;
       })},
      {"checksum", features([](Matrix<double>& x) { std::swap(x(0, 0), x(1, 0)); })},
      {"checksum", features([](Matrix<double>& x) { x(29, 3) = -x(29, 3); })},
      {"checksum", [](DataSplit& data) { data.train.labels[4] = (data.train.labels[4] + 1) % 3; }},
      {"checksum", [](DataSplit& data) { data.train.weights[9] = 2; }},
  };
  DataSplit data = classes_of_flowers();
  change_features(data.train, [](Matrix<double>&) {});
  const std::string written = data_identity(data);
  for (const Mutation& mutation : mutations) {
    DataSplit changed = data;
    mutation.change(changed);
    const std::string message =
        error_of<DataError>([&] { require_same_data(changed, written, "run/checkpoint"); });
    expect_in(mutation.fact, message);
    expect_in("as in run/checkpoint", message);
  }
}

TEST(DataIdentity, IsOneLineOfUtf8PerFact) {
  DataSplit data = classes_of_flowers();
  data.train.classes = {"two\nlines", "\xff", std::string(1000, 'x')};
  const std::string text = data_identity(data);
  expect_in("classes = 3 names, sha256 ", text);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 9);
  EXPECT_TRUE(is_utf8(text));
}

}  // namespace
}  // namespace nabla
