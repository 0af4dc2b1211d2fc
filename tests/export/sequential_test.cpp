// SPDX-License-Identifier: MIT
#include "export/sequential.h"

#include <gtest/gtest.h>
#include <span>
#include <string>
#include <vector>

#include "support/models.h"
#include "support/safetensors_bytes.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

Model<float> sequential_model(bool batch_norm) {
  Model<float> model = make_model<float>({3, 4, 5, 2}, {kRelu, kRelu, kSoftmax},
                                         Cost::kCrossEntropy, Task::kClassification);
  if (!batch_norm) return model;
  model.network = Network<float>(Topology({3, 4, 5, 2}, {kRelu, kRelu, kSoftmax}, true));
  float next = 1;
  for (float& parameter : model.network.parameters()) parameter = next *= 1.01F;
  return model;
}

std::vector<std::string> names_in(const std::string& bytes) {
  std::vector<std::string> names;
  const auto header = header_of(bytes);
  for (const auto& [name, entry] : header.items()) names.push_back(name);
  return names;
}

TEST(ExportedSequential, HasTheNamesOfItsModules) {
  EXPECT_EQ(names_in(sequential_bytes(sequential_model(false))),
            (std::vector<std::string>{"__metadata__", "0.weight", "0.bias", "2.weight", "2.bias",
                                      "4.weight", "4.bias"}));
  EXPECT_EQ(names_in(sequential_bytes(sequential_model(true))),
            (std::vector<std::string>{"__metadata__", "0.weight", "0.bias", "1.weight", "1.bias",
                                      "1.running_mean", "1.running_var", "3.weight", "3.bias",
                                      "4.weight", "4.bias", "4.running_mean", "4.running_var",
                                      "6.weight", "6.bias"}));
}

TEST(ExportedSequential, HasTheElementsOfTheModelAndItsLabels) {
  const Model<float> model = sequential_model(true);
  const std::string bytes = sequential_bytes(model);
  EXPECT_EQ(data_of(bytes), data_of(serialize_model(model)));
  EXPECT_EQ(header_of(bytes)["__metadata__"]["format"], "pt");
  EXPECT_EQ(header_of(bytes)["__metadata__"]["labels"], R"(["0","1"])");
}

TEST(ExportedSequential, IsAnInitialModel) {
  for (const bool batch_norm : {false, true}) {
    const Model<float> model = sequential_model(batch_norm);
    const std::string bytes = sequential_bytes(model);
    Model<float> read = model;
    read.network = Network<float>(model.network.topology());
    parse_parameters<float>(std::as_bytes(std::span(bytes)), "s.safetensors", read.network);
    EXPECT_EQ(serialize_model(read), serialize_model(model));
  }
}

}  // namespace
}  // namespace nabla
