// SPDX-License-Identifier: MIT
#include <filesystem>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "nabla/model/model.h"

#include "support/model_bytes.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using namespace testing_support;
using OrderedJson = nlohmann::ordered_json;

class ModelFileOnDisk : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& bytes) const {
    return folder_.write("m.safetensors", bytes);
  }

  TempFolder folder_;
};

TEST_F(ModelFileOnDisk, SaveAndLoad) {
  const Model<float> model = small_model<float>();
  save_model(model, folder_.path() / "m.safetensors");
  expect_equal(model, std::get<Model<float>>(load_model(folder_.path() / "m.safetensors")));
  data_error([&] { load_model(folder_.path() / "other.safetensors"); });
}

TEST_F(ModelFileOnDisk, ParametersComeFromAnyFileWithTheTensors) {
  ModelFile file;
  file.header.erase("__metadata__");
  file.header["norms.0.num_batches_tracked"] = {
      {"dtype", "I64"}, {"shape", OrderedJson::array()}, {"data_offsets", {56, 64}}};
  file.data += std::string(8, '\x7f');
  const std::filesystem::path path = write(file.bytes());

  const Model<float> model = small_model<float>();
  Network<double> network(model.network.topology());
  load_parameters(path, network);
  for (std::size_t i = 0; i < network.parameters().size(); ++i)
    EXPECT_EQ(network.parameters()[i], double{model.network.parameters()[i]});

  Network<float> other(Topology({3, 3, 2}, {Activation::kRelu, Activation::kSoftmax}));
  const std::string what = data_error([&] { load_parameters(path, other); });
  EXPECT_NE(what.find("shape [2, 3], expected [3, 3]"), std::string::npos) << what;
}

TEST_F(ModelFileOnDisk, DoubleParametersAreRoundedToFloatOrRefused) {
  Model<double> model = small_model<double>();
  model.network.weight(0)(0, 2) = 0.1;
  const std::filesystem::path path = write(serialize_model(model));
  Network<float> network(model.network.topology());
  load_parameters(path, network);
  EXPECT_EQ(network.weight(0)(0, 2), 0.1F);

  model.network.bias(1)[0] = 1e300;
  write(serialize_model(model));
  network.bias(0)[0] = 42;
  const std::string what = data_error([&] { load_parameters(path, network); });
  EXPECT_NE(what.find("layers.1.bias: element 0 is too large"), std::string::npos) << what;
  EXPECT_EQ(network.bias(0)[0], 42) << "a refused file leaves the network as it was";
}

}  // namespace
}  // namespace nabla
