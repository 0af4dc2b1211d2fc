// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "nabla/train/trainer.h"

#include "data/idx.h"
#include "support/models.h"
#include "support/places.h"

namespace nabla {
namespace {

using namespace testing_support;

// Nielsen, "Neural Networks and Deep Learning", chapter 1: 784-30-10, sigmoid, quadratic cost,
// weights and biases from N(0, 1), η = 3, mini-batches of 10. He reports 90.82% after the first
// epoch and 93.9% after the third; one seed in five gets stuck below 87% for good, and this is
// none of those. Rounding in another order takes another path: the accuracy after three epochs was
// 93.4% to 93.5% on the four paths measured (AVX2, AVX-512, and starts moved by 1e-7 and 2e-7). The
// bound leaves room for others, and is above all that a stuck path reaches.
TEST(Mnist, NielsensFirstNetwork) {
  const auto folder = test_data("mnist");
  if (!std::filesystem::exists(folder / "train-images-idx3-ubyte.gz"))
    GTEST_SKIP() << "MNIST is not in " << folder << "; set NABLA_TEST_DATA";
  const DataSplit data{
      .train =
          read_idx(folder / "train-images-idx3-ubyte.gz", folder / "train-labels-idx1-ubyte.gz"),
      .validation = {},
      .test = read_idx(folder / "t10k-images-idx3-ubyte.gz", folder / "t10k-labels-idx1-ubyte.gz")};
  auto model = make_model<float>({784, 30, 10}, {Activation::kSigmoid, Activation::kSigmoid},
                                 Cost::kQuadratic, Task::kClassification);
  model.preprocess.kind = Normalization::kScale;
  initialize(model.network, Initializer::kGaussian, {BiasInitializer::Kind::kGaussian, 0}, 1);
  const auto executor = make_executor(0);
  const TrainSummary summary =
      train(model, data, {.epochs = 3, .batch_size = 10, .learning_rate = 3.0}, {}, *executor);
  EXPECT_EQ(summary.status, TrainStatus::kCompleted);
  ASSERT_TRUE(summary.last.test);
  EXPECT_GE(summary.last.test->goodness, 0.90);
  EXPECT_GE(summary.last.train.goodness, 0.90);
}

}  // namespace
}  // namespace nabla
