// SPDX-License-Identifier: MIT
#include "model/input_metadata.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <string>

#include "nabla/base/error.h"
#include "nabla/model/model.h"

#include "support/errors.h"
#include "support/models.h"

namespace nabla {
namespace {

using Kind = Normalization;

Preprocess read(const std::string& text, std::size_t inputs, std::size_t targets = 0,
                int depth = 3) {
  return read_preprocess(MetadataText({{"preprocess", text}}, "preprocess", "m.safetensors", depth),
                         inputs, targets);
}

constexpr double kThird = 1.0 / 3.0;
constexpr double kMax = std::numeric_limits<double>::max();
constexpr double kMin = std::numeric_limits<double>::min();

TEST(PreprocessMetadata, RoundTripKeepsEveryBit) {
  const Preprocess all[] = {
      {.kind = Kind::kNone},
      {.kind = Kind::kScale},
      {.kind = Kind::kUnit},
      {.kind = Kind::kCenter, .shift = {kThird, -0.0, std::sqrt(2)}},
      {.kind = Kind::kMinmax, .shift = {-kMax, 1, 2}, .divisor = {kMin, kMax, 0.1}},
      {.kind = Kind::kStandardize, .shift = {1e300, 1, 5e-324}, .divisor = {1, kThird, 1e-10}},
      {.kind = Kind::kPca,
       .shift = {1, 2, 3, 4},
       .components = {0.1, 0.2, 0.3, 0.4, -1, -2, -3, kThird, 1, 2, 3, 4}},
      {.kind = Kind::kWhiten, .shift = {1, 2, 3}, .components = {1, 2, 3, 4, 5, 6, 7, 8, 9}},
  };
  for (Preprocess preprocess : all) {
    EXPECT_EQ(read(write_preprocess(preprocess, {}), 3), preprocess);
    if (preprocess.shift.empty() && preprocess.kind != Kind::kNone) preprocess.binary = {0, 2};
    const std::size_t features = preprocess.components.empty() ? 3 : preprocess.shift.size();
    preprocess.missing.kind = Missing::kMean;
    preprocess.missing.values.assign(features - 1, kThird);
    preprocess.missing.indicators = {1};
    EXPECT_EQ(read(write_preprocess(preprocess, {}), 3), preprocess);
    preprocess.targets = {{kThird, -4e17}, {kMax, kMin}};
    EXPECT_EQ(read(write_preprocess(preprocess, {}), 3, 2), preprocess);
  }
  EXPECT_EQ(write_preprocess(all[3], {}),
            R"({"kind":"center","shift":[0.3333333333333333,-0.0,1.4142135623730951]})");
}

// Texts as files of the first version have them.
TEST(PreprocessMetadata, ReadsTheFirstFiles) {
  EXPECT_EQ(read(R"({"kind":"none"})", 3).kind, Kind::kNone);
  EXPECT_EQ(read(R"({"kind":"scale"})", 3).kind, Kind::kScale);
  // They know neither missing values nor inputs that stay 0 and 1: `scale` moves categories, too.
  const std::string one_hot = R"("one_hot":[{"feature":1,"categories":["a","b"]}])";
  const std::string standardized =
      R"({"kind":"standardize","shift":[1,0.5,0.25],"divisor":[2,0.5,0.75],)" + one_hot + "}";
  for (const std::string& text : {R"({"kind":"scale",)" + one_hot + "}", standardized}) {
    const Preprocess preprocess = read(text, 3, 0, 4);
    EXPECT_TRUE(preprocess.missing.is_identity());
    EXPECT_TRUE(preprocess.binary.empty());
    EXPECT_EQ(preprocess.features(3), 3U);
  }
  EXPECT_EQ(read(standardized, 3, 0, 4).shift, (std::vector<double>{1, 0.5, 0.25}));
}

TEST(PreprocessMetadata, RefusesWhatItWouldNotWrite) {
  const auto refused = [](const std::string& text, const std::string& part) {
    const std::string message = error_of<DataError>([&] { read(text, 2); });
    expect_in("m.safetensors: metadata \"preprocess\": ", message);
    expect_in(part, message);
  };
  refused("[]", "expected a JSON object");
  refused("3", "expected a JSON object");
  refused("{}", "\"kind\" is missing");
  refused(R"({"kind":1})", "expected a text");
  refused(R"({"kind":"auto"})", "unknown kind \"auto\"");
  refused(R"({"kind":"none","kind":"scale"})", "given twice");
  refused(R"({"kind":"none","shift":[1,2]})", "unknown key \"shift\"");
  refused(R"({"kind":"center"})", "\"shift\" is missing");
  refused(R"({"kind":"center","shift":[1]})", "1 numbers at \"shift\", expected 2");
  refused(R"({"kind":"center","shift":[1,2,3]})", "3 numbers at \"shift\", expected 2");
  refused(R"({"kind":"center","shift":3})", "expected an array at \"shift\"");
  refused(R"({"kind":"center","shift":[1,null]})", "expected numbers");
  refused(R"({"kind":"center","shift":[1,"2"]})", "expected numbers");
  refused(R"({"kind":"center","shift":[1,1e999]})", "not valid JSON");
  refused(R"({"kind":"center","shift":[1,NaN]})", "not valid JSON");
  refused(R"({"kind":"center","shift":[1,2],"divisor":[1,1]})", "unknown key \"divisor\"");
  refused(R"({"kind":"minmax","shift":[1,2],"divisor":[1]})", "1 numbers at \"divisor\"");
  for (const char* divisor : {"0", "-0.0", "-1", "5e-324"})
    refused(R"({"kind":"minmax","shift":[1,2],"divisor":[1,)" + std::string(divisor) + "]}",
            "above 0 at \"divisor\"");
  refused(R"({"kind":"pca","shift":[1,2]})", "\"components\" is missing");
  refused(R"({"kind":"pca","shift":[],"components":[[],[]]})", "2 components of 0 features");
  refused(R"({"kind":"pca","shift":[1],"components":[[1],[2]]})", "2 components of 1 features");
  refused(R"({"kind":"pca","shift":[1,2],"components":[[1,2]]})", "1 components, expected");
  refused(R"({"kind":"pca","shift":[1,2],"components":[[1,2],[1]]})", "1 numbers at");
  refused(R"({"kind":"pca","shift":[1,2],"components":[[1,2],3]})", "expected an array");
  refused(R"({"kind":"pca","shift":[1,2],"components":[[1,2],[3,[4]]]})", "deeper");
  refused(R"({"kind":"none","targets":{"shift":[1],"divisor":[1]}})", "is a classification");
  refused(R"({"kind":"none","scale":{"a":{"a":{"a":1}}}})", "deeper");
  refused(R"({"kind":"unit","binary":[2]})", "whole numbers below 2 at \"binary\"");
  refused(R"({"kind":"unit","binary":[1,1]})", "expected ascending numbers at \"binary\"");
  refused(R"({"kind":"center","shift":[1,2],"binary":[1]})", "unknown key \"binary\"");
  refused(R"({"kind":"none","missing":{"kind":"mode","values":[1,2]}})", "unknown kind \"mode\"");
  refused(R"({"kind":"none","missing":{"kind":"mean","values":[1]}})", "1 numbers at \"values\"");
  refused(R"({"kind":"none","missing":{"kind":"mean","values":[1],"indicators":[1]}})", "below 1");
  refused(R"({"kind":"none","missing":{"kind":"mean","values":[],"indicators":[0,1]}})",
          "more indicators than features");

  const auto bad_targets = [](const std::string& targets) {
    return error_of<DataError>([&] { read(R"({"kind":"none","targets":)" + targets + "}", 2, 1); });
  };
  expect_in("expected a JSON object", bad_targets("1"));
  expect_in("\"divisor\" is missing", bad_targets(R"({"shift":[1]})"));
  expect_in("unknown key \"kind\"", bad_targets(R"({"shift":[1],"divisor":[1],"kind":1})"));
  expect_in("2 numbers at \"divisor\"", bad_targets(R"({"shift":[1],"divisor":[1,2]})"));
}

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
