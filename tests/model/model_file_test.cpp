// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/model/model.h"

#include "support/model_bytes.h"
#include "support/safetensors_bytes.h"

namespace nabla {
namespace {

using namespace testing_support;
using OrderedJson = nlohmann::ordered_json;

AnyModel parse(const std::string& bytes) {
  return parse_model(std::as_bytes(std::span(bytes)), "m.safetensors");
}

void expect_refused(const std::string& bytes, const std::string& expected) {
  const std::string what = data_error([&] { parse(bytes); });
  EXPECT_NE(what.find(expected), std::string::npos) << what;
}

TEST(ModelFile, RoundTripKeepsEveryBit) {
  const auto check = [](const auto& model) {
    expect_equal(model, std::get<std::decay_t<decltype(model)>>(parse(serialize_model(model))));
  };
  check(small_model<float>());
  check(small_model<double>());
}

/// small_model with batch normalisation of its hidden layer.
Model<float> normalized_model() {
  Model<float> model = small_model<float>();
  const Topology& plain = model.network.topology();
  model.network = Network<float>(Topology(plain.widths(), plain.activations(), true));
  float next = 1;
  for (float& parameter : model.network.parameters()) parameter = next *= 1.01F;
  return model;
}

TEST(ModelFile, RoundTripWithBatchNormalisation) {
  const Model<float> model = normalized_model();
  const std::string bytes = serialize_model(model);
  const auto read = std::get<Model<float>>(parse(bytes));
  EXPECT_TRUE(read.network.topology().batch_norm());
  const auto expect_same = [&](auto array) {
    EXPECT_TRUE(std::ranges::equal(array(read.network), array(model.network)));
  };
  expect_same([](const Network<float>& network) { return network.norm_weight(0); });
  expect_same([](const Network<float>& network) { return network.norm_bias(0); });
  expect_same([](const Network<float>& network) { return network.running_mean(0); });
  expect_same([](const Network<float>& network) { return network.running_variance(0); });
  EXPECT_EQ(serialize_model(read), bytes);
}

TEST(ModelFile, RefusesBatchNormalisationThatIsNotWhole) {
  Model<float> negative = normalized_model();
  negative.network.running_variance(0)[1] = -1;
  EXPECT_THROW(parse(serialize_model(negative)), DataError);
  // The tensors of one without, under the description of one with.
  std::string bytes = serialize_model(normalized_model());
  const std::size_t place = bytes.find("norms.0.running_var");
  bytes[place] = 'x';
  EXPECT_THROW(parse(bytes), DataError);
}

TEST(ModelFile, RoundTripOfARegressionWithoutHiddenLayers) {
  Model<double> model{Network<double>(Topology({1, 1}, {Activation::kIdentity})),
                      Cost::kMse,
                      {Normalization::kNone},
                      Task::kRegression,
                      {}};
  model.network.weight(0)(0, 0) = 0.1;
  expect_equal(model, std::get<Model<double>>(parse(serialize_model(model))));
}

TEST(ModelFile, EqualModelsGiveEqualBytes) {
  EXPECT_EQ(serialize_model(small_model<float>()), serialize_model(small_model<float>()));
}

TEST(ModelFile, LayoutIsThatOfTheFormat) {
  const Model<float> model = small_model<float>();
  const std::string bytes = serialize_model(model);
  EXPECT_EQ(header_length(bytes) % 8, 0u);
  const OrderedJson header = header_of(bytes);
  const std::string data = data_of(bytes);

  ASSERT_EQ(header.size(), 5u);
  EXPECT_EQ(header["layers.0.weight"]["dtype"], "F32");
  EXPECT_EQ(header["layers.0.weight"]["shape"], OrderedJson::array({2, 3}));
  EXPECT_EQ(header["layers.0.bias"]["shape"], OrderedJson::array({2}));
  EXPECT_EQ(header["layers.1.weight"]["data_offsets"], OrderedJson::array({32, 48}));
  EXPECT_EQ(header["layers.1.bias"]["data_offsets"], OrderedJson::array({48, 56}));
  EXPECT_EQ(data.size(), 56u);

  float element = 0;  // row 1, column 2 of the first weights
  std::memcpy(&element, data.data() + (1 * 3 + 2) * sizeof(float), sizeof(float));
  EXPECT_EQ(element, model.network.weight(0)(1, 2));
  std::memcpy(&element, data.data() + 48 + sizeof(float), sizeof(float));
  EXPECT_EQ(element, model.network.bias(1)[1]);

  const OrderedJson& metadata = header["__metadata__"];
  EXPECT_EQ(metadata["format"], "nabla");
  const OrderedJson network = OrderedJson::parse(metadata["network"].get<std::string>());
  EXPECT_EQ(network["widths"], OrderedJson::array({3, 2, 2}));
  EXPECT_EQ(network["activations"], OrderedJson::array({"relu"}));
  EXPECT_EQ(network["output"], "softmax");
  EXPECT_EQ(network["cost"], "cross-entropy");
  EXPECT_EQ(OrderedJson::parse(metadata["labels"].get<std::string>())[0], "Zürich");
  EXPECT_EQ(OrderedJson::parse(metadata["preprocess"].get<std::string>())["kind"], "scale");
}

TEST(ModelFile, KeepsHubersDelta) {
  Model<float> model = small_model<float>();
  model.cost = {Cost::kHuber, 0.1};
  const std::string bytes = serialize_model(model);
  EXPECT_EQ(std::get<Model<float>>(parse(bytes)).cost, model.cost);
  ModelFile file;
  file.set("network", "huber_delta", 1);
  expect_refused(file.bytes(), "expected \"huber_delta\" with the cost huber and no other");
  file.set("network", "cost", "huber");
  EXPECT_EQ(std::get<Model<float>>(parse(file.bytes())).cost, CostFunction(Cost::kHuber));
  for (const double delta : {0.0, -1.0}) {
    file.set("network", "huber_delta", delta);
    expect_refused(file.bytes(), "expected a finite number above 0");
  }
  file.set("network", "huber_delta", "1");
  expect_refused(file.bytes(), "expected a number at \"huber_delta\"");
  ModelFile without;
  without.set("network", "cost", "huber");
  expect_refused(without.bytes(), "expected \"huber_delta\"");
}

TEST(ModelFile, EveryTruncationIsRefused) {
  const std::string bytes = serialize_model(small_model<float>());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_THROW(parse(bytes.substr(0, size)), DataError) << size;
  expect_refused(bytes + '\0', "belong to no tensor");
  expect_refused(file_of("{}", ""), "metadata \"format\" is missing");
}

TEST(ModelFile, EveryFlippedHeaderBitLoadsOrIsRefused) {
  const std::string bytes = serialize_model(small_model<float>());
  const std::size_t end = 8 + header_length(bytes);
  std::size_t refused = 0;
  for (std::size_t i = 0; i < 8 * end; ++i) {
    std::string flipped = bytes;
    flipped[i / 8] = static_cast<char>(flipped[i / 8] ^ (1 << i % 8));
    try {
      parse(flipped);
    } catch (const DataError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 6 * end) << "only class names can change unnoticed";
}

TEST(ModelFile, WrongTensorsAreRefused) {
  ModelFile shape;
  shape.header["layers.0.weight"]["shape"] = {3, 2};
  expect_refused(shape.bytes(), "tensor layers.0.weight: shape [3, 2], expected [2, 3]");

  ModelFile type;
  type.header["layers.0.bias"]["dtype"] = "I32";
  expect_refused(type.bytes(),
                 "tensor layers.0.bias: element type I32, expected F32, F64, F16 or BF16");

  ModelFile mixed;
  mixed.data += std::string(8, '\0');
  mixed.header["layers.1.bias"]["dtype"] = "F64";
  mixed.header["layers.1.bias"]["data_offsets"] = {48, 64};
  expect_refused(mixed.bytes(), "element type F64, expected F32 as for layers.0.weight");

  ModelFile missing;
  missing.data.resize(48);
  missing.header.erase("layers.1.bias");
  expect_refused(missing.bytes(), "tensor layers.1.bias: missing, expected [2]");

  ModelFile extra;
  extra.header["more"] = {{"dtype", "F32"}, {"shape", {0}}, {"data_offsets", {56, 56}}};
  expect_refused(extra.bytes(), "5 tensors, expected 4");
}

TEST(ModelFile, ParametersThatAreNotFiniteAreRefused) {
  Model<double> model = small_model<double>();
  model.network.weight(1)(1, 0) = std::nan("");
  expect_refused(serialize_model(model), "tensor layers.1.weight: element 2 is NaN");
  model = small_model<double>();
  model.network.bias(0)[1] = -std::numeric_limits<double>::infinity();
  expect_refused(serialize_model(model), "tensor layers.0.bias: element 1 is infinite");
}

TEST(ModelFile, AbsurdSizesAreRefusedBeforeMemoryIsTaken) {
  for (const std::uint64_t width : {std::uint64_t{1} << 33, std::uint64_t{1} << 62}) {
    ModelFile file;
    file.set("network", "widths", {3, width, 2});
    expect_refused(file.bytes(), "tensor layers.0.weight: shape [2, 3], expected [");
  }
}

TEST(ModelFile, MetadataMustMakeSense) {
  const auto changed = [](const char* text, const char* key, const OrderedJson& value) {
    ModelFile file;
    file.set(text, key, value);
    return file.bytes();
  };
  expect_refused(changed("network", "widths", {3, 0, 2}), "positive integers");
  expect_refused(changed("network", "widths", OrderedJson::array({3})), "at least two widths");
  expect_refused(changed("network", "cost", "mean"), "unknown cost \"mean\"");
  expect_refused(changed("network", "cost", 1), "expected a text at \"cost\"");
  expect_refused(changed("network", "precision", "float16"),
                 "unknown precision \"float16\", expected \"bfloat16\"");
  // The type of the tensors says so.
  expect_refused(changed("network", "precision", "float32"), "unknown precision \"float32\"");
  expect_refused(changed("network", "precision", true), "expected a text at \"precision\"");
  expect_refused(changed("network", "output", "tanh"), "cross-entropy needs");
  expect_refused(changed("network", "output", "gelu"), "expected sigmoid, softmax, tanh");
  expect_refused(changed("network", "activations", {"softmax"}), "softmax in a hidden layer");
  expect_refused(changed("network", "activations", {"relu", "relu"}), "2 activations, expected");
  expect_refused(changed("network", "task", "regression"), "2 class names, expected 0");
  expect_refused(changed("network", "slope", 1), "unknown key \"slope\"");
  expect_refused(changed("preprocess", "kind", "log"), "unknown kind \"log\"");
  expect_refused(changed("preprocess", "kind", "pca"), "the key \"shift\" is missing");

  ModelFile file;
  file.header["__metadata__"]["network"] = std::string(1'000'000, '[');
  expect_refused(file.bytes(), "nested deeper");
  file.header["__metadata__"].erase("network");
  expect_refused(file.bytes(), "metadata \"network\": missing");
  file = ModelFile();
  file.header["__metadata__"]["labels"] = R"(["a"])";
  expect_refused(file.bytes(), "1 class names, expected 2");
  file.header["__metadata__"]["labels"] = R"({"a":1,"a":2})";
  expect_refused(file.bytes(), "given twice");
  file.header["__metadata__"]["format_version"] = "2";
  expect_refused(file.bytes(), "\"format_version\" is \"2\", expected \"1\"");

  Model<float> latin = small_model<float>();
  latin.classes[0] = "Z\xfcrich";
  EXPECT_THROW(serialize_model(latin), DataError);
}

}  // namespace
}  // namespace nabla
