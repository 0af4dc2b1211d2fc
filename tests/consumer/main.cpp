// SPDX-License-Identifier: MIT
// A program outside the project, built against the installed package alone: data from memory, a
// network trained, measured, saved and read back, and a training stopped and gone on with.
#include <array>
#include <cstdint>
#include <cstdio>
#include <string>

#include <nabla/nabla.h>

namespace {

/// Exclusive or, four rows of two features, which are used in place.
constexpr std::array<float, 8> kFeatures = {0, 0, 0, 1, 1, 0, 1, 1};
constexpr std::array<std::uint8_t, 4> kLabels = {0, 1, 1, 0};

}  // namespace

int main() {
  using namespace nabla;
  const auto features = borrow_features(kFeatures, 4, 2);
  DataSplit data;
  data.train = make_classification(features, kLabels, {"equal", "different"});
  NetworkOptions network;
  network.hidden = {4};
  network.activation = {Activation::kTanh};
  TrainOptions options;
  options.epochs = 500;
  options.batch_size = 4;
  options.learning_rate = 0.5;

  AnyModel model = make_model(data.train, network, options);
  TrainCallbacks callbacks;
  callbacks.on_epoch = [](const EpochReport& epoch) {
    if (epoch.epoch % 100 == 0)
      std::printf("epoch %zu: cost %.4f, accuracy %.2f\n", epoch.epoch, epoch.train.cost,
                  epoch.train.goodness);
    return Flow::kContinue;
  };
  train(model, data, options, callbacks);

  // The same training, stopped after 200 epochs and gone on with from a file, on other threads.
  auto again = make_model<float>(data.train, network, options);
  {
    Trainer trainer(again, data, options);
    trainer.run({.on_batch = {}, .on_epoch = [](const EpochReport& epoch) {
                   return epoch.epoch == 200 ? Flow::kStop : Flow::kContinue;
                 }});
    save_checkpoint(trainer.state(), "xor.checkpoint");
  }
  Trainer trainer(again, data, options, {.threads = 2});
  trainer.resume(load_checkpoint<float>("xor.checkpoint"));
  trainer.run();
  if (serialize_model(again) != serialize_model(model)) {
    std::puts("the resumed training ended with other parameters");
    return 1;
  }

  save_model(model, "xor.safetensors");
  const AnyModel loaded = load_model("xor.safetensors");
  const Prediction prediction = predict(loaded, features);
  for (std::size_t row = 0; row < 4; ++row)
    std::printf("%g xor %g: %s\n", kFeatures[2 * row], kFeatures[2 * row + 1],
                loaded.classes()[prediction.classes[row]].c_str());
  const double accuracy = evaluate(loaded, data.train).score.goodness;
  std::printf("nabla %s, accuracy %.2f\n", std::string(version()).c_str(), accuracy);
  return accuracy == 1.0 ? 0 : 1;
}
