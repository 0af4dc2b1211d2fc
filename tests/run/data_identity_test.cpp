// SPDX-License-Identifier: MIT
#include "run/data_identity.h"

#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <utility>
#include <variant>

#include "nabla/base/error.h"

#include "support/errors.h"
#include "support/models.h"

namespace nabla {
namespace {

using namespace testing_support;

DataSplit flowers() {
  DataSplit data{random_classes(30, 4, 3), random_classes(6, 4, 3), random_classes(8, 4, 3)};
  data.train.columns.count = 5;
  data.train.columns.names = {"a", "b", "c", "d", "kind"};
  data.train.columns.targets = {4};
  data.train.one_hot.columns = {{1, {"blue", "red"}}};
  data.train.weights.assign(30, 1.0);
  return data;
}

using Change = std::function<void(DataSplit&)>;

/// Returns a function that changes the features of one part of the data.
Change features(const std::function<void(Matrix<double>&)>& change,
                Dataset DataSplit::*part = &DataSplit::train) {
  return [=](DataSplit& data) {
    Dataset& rows = data.*part;
    const auto& old = std::get<FeatureMatrix<double>>(rows.features);
    Matrix<double> features(rows.rows(), rows.inputs());
    for (std::size_t i = 0; i < features.rows(); ++i)
      std::ranges::copy(old.row(i), features.row(i).begin());
    change(features);
    rows.features = FeatureMatrix<double>(std::move(features));
  };
}

/// Returns a function that replaces the training rows by some of them.
Change rows(const std::vector<std::uint32_t>& chosen) {
  return [=](DataSplit& data) { data.train = select(data.train, chosen); };
}

std::vector<std::uint32_t> exchanged(std::size_t count, std::size_t i, std::size_t j) {
  std::vector<std::uint32_t> order = first_rows(count);
  std::swap(order[i], order[j]);
  return order;
}

TEST(DataIdentity, IsThatOfEqualDataHoweverTheyAreStored) {
  const DataIdentity identity = identify(flowers());
  EXPECT_EQ(difference(identify(flowers()), identity), "");
  DataSplit copy = flowers();
  copy.train = select(copy.train, first_rows(30));
  EXPECT_EQ(difference(identify(copy), identity), "");
  const DataIdentity read = parse_identity(to_json(identity).dump(), "c");
  EXPECT_EQ(difference(identity, read), "");
  EXPECT_EQ(to_json(read), to_json(identity));
}

TEST(DataIdentity, NamesWhatHasChanged) {
  std::vector<std::uint32_t> appended = first_rows(30);
  appended.push_back(3);
  const std::pair<Change, const char*> changes[] = {
      {rows(appended), "31 training rows, expected 30"},
      {rows(first_rows(29)), "29 training rows, expected 30"},
      {[](DataSplit& data) { data.validation = slice(data.validation, 1, 5); },
       "5 validation rows, expected 6"},
      {[](DataSplit& data) { data.test = slice(data.test, 0, 0); }, "0 test rows, expected 8"},
      {rows(exchanged(30, 4, 20)), "the training rows are in another order"},
      {[](DataSplit& data) { data.validation = select(data.validation, exchanged(6, 0, 5)); },
       "the validation rows are in another order"},
      {features([](Matrix<double>& x) { x(29, 3) *= 1 + 1e-15; }),
       "the features of the training rows have other values"},
      {features([](Matrix<double>& x) {
         for (std::size_t i = 0; i < x.rows(); ++i) x(i, 2) *= 10;
       }),
       "the features of the training rows have other values"},
      {features([](Matrix<double>& x) { std::swap(x(0, 0), x(0, 1)); }),
       "the features of the training rows have other values"},
      {features([](Matrix<double>& x) { x(0, 0) += 1; }, &DataSplit::validation),
       "the features of the validation rows have other values"},
      {features([](Matrix<double>& x) { x(7, 0) += 1; }, &DataSplit::test),
       "the features of the test rows have other values"},
      {[](DataSplit& data) { data.train.labels[7] = (data.train.labels[7] + 1) % 3; },
       "the targets of the training rows have other values"},
      {[](DataSplit& data) { data.validation.labels[0] = (data.validation.labels[0] + 1) % 3; },
       "the targets of the validation rows have other values"},
      {[](DataSplit& data) { data.train.weights[9] = 2; },
       "the weights of the training rows have other values"},
      {[](DataSplit& data) {
         features([](Matrix<double>& x) { x(0, 0) += 1; })(data);
         data.train.labels[0] = (data.train.labels[0] + 1) % 3;
       },
       "the features and targets of the training rows have other values"},
      {[](DataSplit& data) { data.train.features = random_classes(30, 3, 3).features; },
       "3 inputs, expected 4"},
      {[](DataSplit& data) { data.train.features = FeatureMatrix<float>(Matrix<float>(30, 4)); },
       "features of type float32, expected float64"},
      {[](DataSplit& data) {
         data.train.columns.names = {"a", "b", "c", "kind"};
       },
       "the column 'd' is missing"},
      {[](DataSplit& data) { data.train.columns.names = {"a", "b", "x", "c", "d", "kind"}; },
       "the column 'x' is new"},
      {[](DataSplit& data) {
         data.train.columns.names = {"a", "b", "x", "d", "kind"};
       },
       "column 3 is 'x', expected 'c'"},
      {[](DataSplit& data) {
         data.train.columns.names = {"a", "c", "b", "d", "kind"};
       },
       "column 2 is 'c', expected 'b'"},
      {[](DataSplit& data) {
         data.train.columns.names = {"x", "y", "kind"};
       },
       "the column 'a' (and 3 more) is missing and 'x' (and 1 more) is new"},
      {[](DataSplit& data) { data.train.columns.names.clear(); },
       "no header, expected one with the columns' names"},
      {[](DataSplit& data) {
         data.train.classes = {"1", "2", "zero"};
       },
       "the class '0' is missing and 'zero' is new"},
      {[](DataSplit& data) { data.train.classes[1] = "one"; }, "class 2 is 'one', expected '1'"},
      {[](DataSplit& data) {
         data.train.classes = {"0", "2", "1"};
       },
       "class 2 is '2', expected '1'"},
      {[](DataSplit& data) { data.train.classes.emplace_back("3"); }, "the class '3' is new"},
      {[](DataSplit& data) { data.train.one_hot.columns[0].categories[0] = "black"; },
       "column 'b': category 1 is 'black', expected 'blue'"},
      {[](DataSplit& data) { data.train.one_hot.columns.clear(); },
       "the column of categories 'b' is missing"},
      {[](DataSplit& data) {
         data.train.task = Task::kRegression;
         data.train.targets = Matrix<double>(30, 1);
       },
       "regression, expected classification"}};
  const DataIdentity before = parse_identity(to_json(identify(flowers())).dump(), "c");
  for (const auto& [change, expected] : changes) {
    DataSplit data = flowers();
    change(data);
    EXPECT_EQ(difference(identify(data), before), expected);
  }
}

TEST(DataIdentity, KnowsTheTargetsOfARegression) {
  DataSplit data{random_targets(20, 3, 2), {}, {}};
  const DataIdentity before = identify(data);
  data.train.targets(19, 1) += 1e-9;
  EXPECT_EQ(difference(identify(data), before),
            "the targets of the training rows have other values");
  data = {random_targets(20, 3, 1), {}, {}};
  EXPECT_EQ(difference(identify(data), before), "1 output, expected 2");
}

TEST(DataIdentity, RefusesAnotherText) {
  nlohmann::ordered_json json = to_json(identify(flowers()));
  const auto refused = [](const std::string& text) {
    expect_in("file: not the identity of data",
              error_of<DataError>([&] { parse_identity(text, "file"); }));
  };
  refused("");
  refused("{}");
  json["training"]["features"] = "0123";
  refused(json.dump());
  json.erase("training");
  refused(json.dump());
}

}  // namespace
}  // namespace nabla
