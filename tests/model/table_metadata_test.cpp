// SPDX-License-Identifier: MIT
#include "model/table_metadata.h"

#include <gtest/gtest.h>
#include <string>

#include "nabla/base/error.h"
#include "nabla/model/model.h"

#include "support/errors.h"
#include "support/models.h"

namespace nabla {
namespace {

/// Four inputs: a number, one of three colours.
template <class T>
Model<T> table_model() {
  Model<T> model = testing_support::make_model<T>({4, 2}, {Activation::kSoftmax},
                                                  Cost::kCrossEntropy, Task::kClassification);
  model.columns.count = 4;
  model.columns.names = {"kind", "größe", "\"w\"", "color"};
  model.columns.targets = {0};
  model.columns.weights = 2;
  model.one_hot = {{{1, {"9", "10", "red"}}}};
  return model;
}

template <class T>
void expect_round_trip(const Model<T>& model) {
  const std::string bytes = serialize_model(model);
  const AnyModel read = parse_model(std::as_bytes(std::span(bytes)), "m");
  EXPECT_EQ(std::get<Model<T>>(read).columns, model.columns);
  EXPECT_EQ(std::get<Model<T>>(read).one_hot, model.one_hot);
  EXPECT_EQ(serialize_model(std::get<Model<T>>(read)), bytes);
}

TEST(TableMetadata, RoundTripInAModelFile) {
  Model<float> model = table_model<float>();
  expect_round_trip(model);
  model.columns.names.clear();
  model.columns.weights.reset();
  model.columns.count = 3;
  expect_round_trip(model);
  model.one_hot = {};
  model.columns = {};
  expect_round_trip(model);
  EXPECT_EQ(serialize_model(model).find("columns"), std::string::npos);
}

TEST(TableMetadata, RefusesNamesThatAreNotUtf8) {
  Model<double> model = table_model<double>();
  model.columns.names[1] =
      "gr\xf6\xdf"
      "e";
  expect_in("UTF-8", error_of<DataError>([&] { serialize_model(model); }));
  model = table_model<double>();
  model.one_hot.columns[0].categories[2] = "\xff";
  expect_in("UTF-8", error_of<DataError>([&] { serialize_model(model); }));
}

std::string columns_error(const std::string& json) {
  return error_of<DataError>([&] { read_columns(MetadataText({{"t", json}}, "t", "m")); });
}

TEST(TableMetadata, RefusesColumnsThatContradictEachOther) {
  expect_in("names, expected one for each",
            columns_error(R"({"count":2,"targets":[],"names":["a"]})"));
  expect_in("below 2", columns_error(R"({"count":2,"targets":[2]})"));
  expect_in("below 2", columns_error(R"({"count":2,"targets":[-1]})"));
  expect_in("below 2", columns_error(R"({"count":2,"targets":[0],"weights":1.5})"));
  expect_in("twice", columns_error(R"({"count":2,"targets":[1,1]})"));
  expect_in("weights are a target", columns_error(R"({"count":2,"targets":[1],"weights":1})"));
  expect_in("missing", columns_error(R"({"count":2})"));
  expect_in("below", columns_error(R"({"count":99999999999,"targets":[]})"));
}

std::string one_hot_error(const std::string& json) {
  return error_of<DataError>([&] {
    read_one_hot(MetadataText({{"t", "{\"one_hot\":" + json + "}"}}, "t", "m", 4), 4);
  });
}

TEST(TableMetadata, RefusesCategoriesThatDoNotFit) {
  const std::string good = R"({"feature":0,"categories":["a","b"]})";
  EXPECT_EQ(read_one_hot(MetadataText({{"t", "{\"one_hot\":[" + good + "]}"}}, "t", "m", 4), 4),
            (OneHot{{{0, {"a", "b"}}}}));
  expect_in("in order", one_hot_error(R"([{"feature":0,"categories":["b","a"]}])"));
  expect_in("in order", one_hot_error(R"([{"feature":0,"categories":["1","1.0"]}])"));
  expect_in("in order", one_hot_error(R"([{"feature":0,"categories":[]}])"));
  expect_in("more categories",
            one_hot_error(R"([{"feature":0,"categories":["a","b","c","d","e"]}])"));
  expect_in("ascending", one_hot_error("[" + good + "," + good + "]"));
  expect_in("beyond", one_hot_error(R"([{"feature":3,"categories":["a","b"]}])"));
  expect_in("below 4", one_hot_error(R"([{"feature":4,"categories":["a","b"]}])"));
  expect_in("array", one_hot_error("1"));
}

TEST(TableMetadata, TheColumnsMustBeThoseOfTheNetwork) {
  Model<float> model = table_model<float>();
  model.columns.weights.reset();
  const std::string bytes = serialize_model(model);
  expect_in("3 columns of features, expected 2",
            error_of<DataError>([&] { parse_model(std::as_bytes(std::span(bytes)), "m"); }));
}

}  // namespace
}  // namespace nabla
