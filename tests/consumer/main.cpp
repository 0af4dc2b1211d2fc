// SPDX-License-Identifier: MIT
// A program outside the project, built against the installed package alone: data from memory, a
// network trained, measured, saved and read back, and a training stopped and gone on with.
#include <array>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include <nabla/base/version.h>
#include <nabla/data/from_memory.h>
#include <nabla/math/blas.h>
#include <nabla/model/initialize.h>
#include <nabla/model/model.h>
#include <nabla/train/checkpoint.h>
#include <nabla/train/trainer.h>

namespace {

/// Exclusive or, four rows of two features; used where they lie.
constexpr std::array<float, 8> kFeatures = {0, 0, 0, 1, 1, 0, 1, 1};
constexpr std::array<std::uint8_t, 4> kLabels = {0, 1, 1, 0};

nabla::Dataset exclusive_or() {
  return nabla::make_classification(nabla::borrow_features(std::span(kFeatures), 4, 2),
                                    std::span(kLabels),
                                    std::vector<std::string>{"equal", "different"});
}

/// The network before training.
nabla::Model<float> start(const nabla::Topology& topology, const nabla::DataSplit& data) {
  nabla::Model<float> model{.network = nabla::Network<float>(topology),
                            .cost = nabla::Cost::kCrossEntropy,
                            .preprocess = {},
                            .task = nabla::Task::kClassification,
                            .classes = data.train.classes};
  initialize(model.network, nabla::Initializer::kLecun, {}, /*seed=*/1);
  return model;
}

}  // namespace

int main() {
  using namespace nabla;
  const DataSplit data{.train = exclusive_or(), .validation = {}, .test = {}};
  const Topology topology({2, 4, 2}, {Activation::kTanh, Activation::kSoftmax});
  Model<float> model = start(topology, data);

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

  // The same training, stopped after 200 epochs and gone on with from a file.
  Model<float> again = start(topology, data);
  {
    Trainer<float> trainer(again, data, options, {}, *executor);
    trainer.run({.on_batch = {}, .on_epoch = [](const EpochReport& epoch) {
                   return epoch.epoch == 200 ? Flow::kStop : Flow::kContinue;
                 }});
    save_checkpoint(trainer.state(), "xor.checkpoint");
  }
  Trainer<float> trainer(again, data, options, {}, *executor);
  trainer.resume(load_checkpoint<float>("xor.checkpoint"));
  trainer.run();
  if (serialize_model(again) != serialize_model(model)) {
    std::puts("the resumed training ended with other parameters");
    return 1;
  }

  save_model(model, "xor.safetensors");
  const auto loaded = std::get<Model<float>>(load_model("xor.safetensors"));
  const double accuracy = evaluate(loaded, data.train, *executor).score.accuracy;
  std::printf("nabla %s, %s, accuracy %.2f\n", std::string(version()).c_str(),
              blas_info().threading.c_str(), accuracy);
  return accuracy == 1.0 ? 0 : 1;
}
