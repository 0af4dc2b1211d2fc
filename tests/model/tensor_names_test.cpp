// SPDX-License-Identifier: MIT
#include "model/tensor_names.h"

#include <cstddef>
#include <cstdint>
#include <gtest/gtest.h>
#include <span>
#include <string>
#include <vector>

#include "nabla/model/model.h"

#include "support/safetensors_bytes.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

/// A tensor of another program's file, all of whose elements are the same stored number.
struct ForeignTensor {
  std::string name;
  std::vector<std::size_t> shape;
  std::string element = {0, 0, '\x80', '\x3f'};  ///< 1 as F32
  std::string dtype = "F32";
};

std::string foreign_file(const std::vector<ForeignTensor>& tensors) {
  nlohmann::ordered_json header;
  std::string data;
  for (const ForeignTensor& tensor : tensors) {
    std::size_t count = 1;
    for (const std::size_t side : tensor.shape) count *= side;
    const std::size_t first = data.size();
    for (std::size_t i = 0; i < count; ++i) data += tensor.element;
    header[tensor.name] = {
        {"dtype", tensor.dtype}, {"shape", tensor.shape}, {"data_offsets", {first, data.size()}}};
  }
  return file_of(header.dump(), data);
}

/// 3-4-2, with batch normalisation or without.
Network<float> network_of(bool batch_norm) {
  return Network<float>(Topology({3, 4, 2}, {kRelu, kIdentity}, batch_norm));
}

void parse_into(Network<float>& network, const std::vector<ForeignTensor>& tensors) {
  const std::string bytes = foreign_file(tensors);
  parse_parameters<float>(std::as_bytes(std::span(bytes)), "m.safetensors", network);
}

std::vector<ForeignTensor> sequential(const std::string& first, const std::string& second) {
  return {{first + ".weight", {4, 3}},
          {first + ".bias", {4}},
          {second + ".weight", {2, 4}},
          {second + ".bias", {2}}};
}

TEST(TensorNames, AreThoseOfASequentialWithOrWithoutAPrefix) {
  for (const auto& [first, second] :
       {std::pair("layers.0", "layers.1"), std::pair("0", "2"), std::pair("net.0", "net.2"),
        std::pair("model.layers.0", "model.layers.1"), std::pair("fc1", "fc2"),
        std::pair("9", "10")}) {
    std::vector<ForeignTensor> tensors = sequential(first, second);
    tensors[3].element = {0, 0, 0, '\x40'};  // 2
    Network<float> network = network_of(false);
    parse_into(network, tensors);
    EXPECT_EQ(network.weight(0)(3, 2), 1) << first;
    EXPECT_EQ(network.bias(1)[1], 2) << second;
  }
}

TEST(TensorNames, HaveBatchNormalisationBetween) {
  std::vector<ForeignTensor> tensors = sequential("0", "3");
  for (const char* name : {"1.weight", "1.bias", "1.running_mean", "1.running_var"})
    tensors.push_back({name, {4}, {0, 0, 0, '\x40'}});
  tensors.push_back({"1.num_batches_tracked", {}, std::string(8, '\0'), "I64"});
  Network<float> network = network_of(true);
  parse_into(network, tensors);
  EXPECT_EQ(network.running_variance(0)[3], 2);
  EXPECT_EQ(network.weight(1)(1, 3), 1);

  Network<float> plain = network_of(false);
  EXPECT_NE(data_error([&] {
              parse_into(plain, tensors);
            }).find("batch normalisation of 1 layers, expected 0 as in network.batch-norm"),
            std::string::npos);
}

TEST(TensorNames, OfAnotherKindAreListed) {
  Network<float> network = network_of(false);
  const std::string error =
      data_error([&] { parse_into(network, sequential("encoder", "decoder")); });
  EXPECT_NE(error.find("tensor layers.0.weight: missing, expected [4, 3]"), std::string::npos)
      << error;
  EXPECT_NE(error.find("found \"decoder.bias\" [2], \"decoder.weight\" [2, 4], \"encoder.bias\" "
                       "[4], \"encoder.weight\" [4, 3]"),
            std::string::npos)
      << error;
}

// 1.5 has the same upper bits in both: sign 0, the exponent of 1, the fraction 0.1.
TEST(TensorNames, MayBeThoseOfHalfPrecision) {
  for (const auto& [dtype, element] :
       {std::pair<std::string, std::string>("F16", {0, '\x3e'}), {"BF16", {'\xc0', '\x3f'}}}) {
    std::vector<ForeignTensor> tensors = sequential("0", "2");
    for (ForeignTensor& tensor : tensors) {
      tensor.dtype = dtype;
      tensor.element = element;
    }
    Network<float> network = network_of(false);
    parse_into(network, tensors);
    EXPECT_EQ(network.weight(0)(3, 2), 1.5F) << dtype;
    EXPECT_EQ(network.bias(1)[1], 1.5F) << dtype;
  }
}

}  // namespace
}  // namespace nabla
