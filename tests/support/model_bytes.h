// SPDX-License-Identifier: MIT
#pragma once

#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "nabla/model/model.h"

#include "support/safetensors_bytes.h"

/// The bytes of a small model's file, good or spoilt.
namespace nabla::testing_support {

/// Returns a model of widths 3, 2, 2 whose parameters all differ and need every bit.
template <class T>
Model<T> small_model() {
  Network<T> network(Topology({3, 2, 2}, {Activation::kRelu, Activation::kSoftmax}));
  T next = T(1) / T(3);
  for (std::size_t i = 0; i < network.layers(); ++i) {
    const MatrixView<T> weight = network.weight(i);
    for (std::size_t row = 0; row < weight.rows; ++row)
      for (T& element : weight.row(row)) element = next *= T(-1.7);
    for (T& element : network.bias(i)) element = next *= T(-1.7);
  }
  network.weight(0)(0, 0) = -T(0);
  network.weight(0)(0, 1) = std::numeric_limits<T>::denorm_min();
  network.weight(0)(0, 2) = std::numeric_limits<T>::max();
  return {std::move(network),
          Cost::kCrossEntropy,
          {Normalization::kScale},
          Task::kClassification,
          {"Zürich", "a \"b\"\n"}};
}

template <class T>
void expect_equal(const Model<T>& a, const Model<T>& b) {
  EXPECT_EQ(a.network.topology().widths(), b.network.topology().widths());
  EXPECT_EQ(a.network.topology().activations(), b.network.topology().activations());
  EXPECT_EQ(a.cost, b.cost);
  EXPECT_EQ(a.task, b.task);
  EXPECT_EQ(a.preprocess, b.preprocess);
  EXPECT_EQ(a.classes, b.classes);
  ASSERT_EQ(a.network.parameters().size(), b.network.parameters().size());
  EXPECT_EQ(std::memcmp(a.network.parameters().data(), b.network.parameters().data(),
                        a.network.parameters().size_bytes()),
            0);
}

/// A good float model whose header and data a test then spoils.
struct ModelFile {
  nlohmann::ordered_json header;
  std::string data;

  ModelFile() {
    const std::string bytes = serialize_model(small_model<float>());
    header = header_of(bytes);
    data = data_of(bytes);
  }
  std::string bytes() const { return file_of(header.dump(), data); }
  /// Changes a key of one of the JSON texts in the metadata.
  void set(const std::string& text, const std::string& key, const nlohmann::ordered_json& value) {
    nlohmann::ordered_json& stored = header["__metadata__"][text];
    nlohmann::ordered_json json = nlohmann::ordered_json::parse(stored.get<std::string>());
    json[key] = value;
    stored = json.dump();
  }
};

}  // namespace nabla::testing_support
