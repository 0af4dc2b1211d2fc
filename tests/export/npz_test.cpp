// SPDX-License-Identifier: MIT
#include "export/npz.h"

#include <algorithm>
#include <cstddef>
#include <gtest/gtest.h>
#include <span>
#include <string>

#include "nabla/engine/executor.h"
#include "nabla/model/model.h"
#include "nabla/train/evaluation.h"

#include "support/models.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

template <class T>
Model<T> model_of(bool batch_norm) {
  Model<T> model =
      make_model<T>({5, 4, 3}, {kTanh, kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  if (!batch_norm) return model;
  model.network = Network<T>(Topology({5, 4, 3}, {kTanh, kSoftmax}, true));
  T next = 1;
  for (T& parameter : model.network.parameters()) parameter = next = -next * T(1.01);
  for (T& variance : model.network.running_variance(0)) variance *= variance;
  return model;
}

template <class T>
Network<T> read_back(const std::string& bytes) {
  Network<T> network(Topology({5, 4, 3}, {kTanh, kSoftmax}));
  parse_parameters<T>(std::as_bytes(std::span(bytes)), "m.npz", network);
  return network;
}

TEST(ExportedNpz, KeepsEveryBit) {
  const auto check = []<class T>(const Model<T>& model) {
    const std::string bytes = npz_bytes(model.network);
    EXPECT_TRUE(std::ranges::equal(read_back<T>(bytes).parameters(), model.network.parameters()));
    EXPECT_EQ(npz_bytes(model.network), bytes);
  };
  check(model_of<float>(false));
  check(model_of<double>(false));
}

// The layout of a stored member: zip's appendix 4.3.7 and numpy.lib.format.
TEST(ExportedNpz, IsAnArchiveOfPlainArrays) {
  const std::string bytes = npz_bytes(model_of<float>(false).network);
  EXPECT_TRUE(bytes.starts_with("PK\x03\x04"));
  const std::size_t array = bytes.find("\x93NUMPY");
  ASSERT_NE(array, std::string::npos);
  EXPECT_TRUE(bytes.substr(0, array).ends_with("weight_0.npy"));
  const std::string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 5), }";
  EXPECT_EQ(bytes.substr(array, 8), std::string("\x93NUMPY\x01\0", 8));
  EXPECT_EQ(bytes.substr(array + 10, text.size()), text);
  EXPECT_EQ(bytes[array + 127], '\n');
}

TEST(ExportedNpz, FoldsBatchNormalisation) {
  const Model<double> model = model_of<double>(true);
  Model<double> plain = model;
  plain.network = read_back<double>(npz_bytes(model.network));
  const Dataset rows = random_classes(7, 5, 3);
  const auto executor = make_executor(1);
  // Prediction folds by the same function.
  EXPECT_TRUE(std::ranges::equal(predict(model, rows, *executor).outputs.elements(),
                                 predict(plain, rows, *executor).outputs.elements()));
}

}  // namespace
}  // namespace nabla
