// SPDX-License-Identifier: MIT
// A program outside the project, built against the installed package alone: data from memory, a
// network trained, measured, saved and read back.
#include <cstdio>
#include <string>
#include <variant>

#include <nabla/base/version.h>
#include <nabla/math/blas.h>
#include <nabla/model/initialize.h>
#include <nabla/model/model.h>
#include <nabla/train/trainer.h>

namespace {

/// Exclusive or, four rows.
nabla::Dataset exclusive_or() {
  nabla::Matrix<float> features(4, 2);
  nabla::Dataset data;
  data.classes = {"equal", "different"};
  for (unsigned row = 0; row < 4; ++row) {
    features(row, 0) = static_cast<float>(row & 1U);
    features(row, 1) = static_cast<float>(row >> 1U);
    data.labels.push_back((row & 1U) ^ (row >> 1U));
  }
  data.features = features;
  return data;
}

}  // namespace

int main() {
  using namespace nabla;
  const DataSplit data{.train = exclusive_or(), .validation = {}, .test = {}};
  const Topology topology({2, 4, 2}, {Activation::kTanh, Activation::kSoftmax});
  Model<float> model{.network = Network<float>(topology),
                     .cost = Cost::kCrossEntropy,
                     .preprocess = {},
                     .task = Task::kClassification,
                     .classes = data.train.classes};
  initialize(model.network, Initializer::kLecun, {}, /*seed=*/1);

  TrainOptions options;
  options.epochs = 500;
  options.batch_size = 4;
  const auto executor = make_executor(2);
  TrainCallbacks callbacks;
  callbacks.on_epoch = [](const EpochReport& epoch) {
    if (epoch.epoch % 100 == 0)
      std::printf("epoch %zu: cost %.4f, accuracy %.2f\n", epoch.epoch, epoch.train.cost,
                  epoch.train.accuracy);
    return Flow::kContinue;
  };
  train(model, data, options, {}, *executor, callbacks);

  save_model(model, "xor.safetensors");
  const auto loaded = std::get<Model<float>>(load_model("xor.safetensors"));
  const double accuracy = evaluate(loaded, data.train, *executor).score.accuracy;
  std::printf("nabla %s, %s, accuracy %.2f\n", std::string(version()).c_str(),
              blas_info().threading.c_str(), accuracy);
  return accuracy == 1.0 ? 0 : 1;
}
