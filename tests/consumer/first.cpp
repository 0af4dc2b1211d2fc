// SPDX-License-Identifier: MIT
#include <cstdio>

#include <nabla/nabla.h>

int main() {
  nabla::DataOptions source;  // the built-in digits; other sources name their files here
  source.digits_train = 3000;
  source.digits_test = 500;
  nabla::NetworkOptions network;
  network.hidden = {30};
  network.activation = {nabla::Activation::kSigmoid};
  nabla::TrainOptions options;
  options.epochs = 5;
  options.batch_size = 10;
  options.learning_rate = 0.5;

  const nabla::DataSplit data = nabla::load_data(source);
  nabla::AnyModel model = nabla::make_model(data.train, network, options, source);
  nabla::train(model, data, options);
  std::printf("accuracy %.2f%%\n", 100 * nabla::evaluate(model, data.test).score.goodness);
  nabla::save_model(model, "first.safetensors");
}
