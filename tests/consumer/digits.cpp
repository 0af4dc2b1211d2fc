// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <nabla/nabla.h>

/// digits [EPOCHS]: stops after so many epochs; started again it goes on.
int main(int argc, char** argv) try {
  using namespace nabla;
  const std::filesystem::path checkpoint = "digits.checkpoint";
  const std::size_t stop_after = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 0;

  DataOptions source;
  source.digits_train = 3000;
  source.digits_test = 500;
  NetworkOptions network;
  network.hidden = {30};
  network.activation = {Activation::kSigmoid};
  TrainOptions options;
  options.epochs = 5;
  options.batch_size = 10;
  options.learning_rate = 0.5;

  const DataSplit data = load_data(source);
  auto model = make_model<float>(data.train, network, options, source);

  Trainer trainer(model, data, options);
  if (std::filesystem::exists(checkpoint)) trainer.resume(load_checkpoint<float>(checkpoint));

  TrainCallbacks callbacks;
  callbacks.on_epoch = [&](const EpochReport& epoch) {
    std::printf("epoch %zu: cost %.4f, test accuracy %.2f%%\n", epoch.epoch, epoch.train.cost,
                100 * epoch.test->goodness);
    save_checkpoint(trainer.state(), checkpoint);
    return epoch.epoch == stop_after ? Flow::kStop : Flow::kContinue;
  };
  const TrainSummary summary = trainer.run(callbacks);
  if (summary.status == TrainStatus::kCompleted) save_model(model, "digits.safetensors");
  return 0;
} catch (const nabla::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
