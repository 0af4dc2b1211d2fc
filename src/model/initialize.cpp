// SPDX-License-Identifier: MIT
#include "nabla/model/initialize.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace nabla {

namespace {

/// The deviation of the normal distributions; 1 for the others, which are drawn as they are.
double standard_deviation(Initializer initializer, const Layer& layer) {
  const auto n_in = static_cast<double>(layer.inputs);
  const auto n_out = static_cast<double>(layer.outputs);
  switch (initializer) {
    case Initializer::kAuto:
      return std::sqrt(traits_of(layer.activation).weight_gain / n_in);
    case Initializer::kLecun:
      return std::sqrt(1.0 / n_in);
    case Initializer::kGlorot:
      return std::sqrt(2.0 / (n_in + n_out));
    case Initializer::kHe:
      return std::sqrt(2.0 / n_in);
    case Initializer::kGaussian:
    case Initializer::kUniform:
    case Initializer::kZero:
      break;
  }
  return 1.0;
}

double draw(Random& random, Initializer initializer) {
  switch (initializer) {
    case Initializer::kZero:
      return 0.0;
    case Initializer::kUniform:
      return random.uniform(-1.0, 1.0);
    default:
      return random.normal();
  }
}

double draw(Random& random, const BiasInitializer& biases) {
  switch (biases.kind) {
    case BiasInitializer::Kind::kGaussian:
      return random.normal();
    case BiasInitializer::Kind::kUniform:
      return random.uniform(-1.0, 1.0);
    case BiasInitializer::Kind::kConstant:
      break;
  }
  return biases.value;
}

}  // namespace

template <class T>
void initialize(Network<T>& network, Initializer weights, const BiasInitializer& biases,
                std::uint64_t seed) {
  const auto layers = network.topology().layers();
  for (std::uint32_t i = 0; i < layers.size(); ++i) {
    const double deviation = standard_deviation(weights, layers[i]);
    Random weight_stream(seed, Stream::kInitialWeights, i);
    const MatrixView<T> weight = network.weight(i);
    for (std::size_t row = 0; row < weight.rows; ++row)
      for (T& w : weight.row(row)) w = static_cast<T>(deviation * draw(weight_stream, weights));
    Random bias_stream(seed, Stream::kInitialBiases, i);
    for (T& b : network.bias(i)) b = static_cast<T>(draw(bias_stream, biases));
    if (!layers[i].batch_norm) continue;
    std::ranges::fill(network.norm_weight(i), T(1));
    std::ranges::fill(network.norm_bias(i), T(0));
    std::ranges::fill(network.running_mean(i), T(0));
    std::ranges::fill(network.running_variance(i), T(1));
  }
}

template void initialize(Network<float>&, Initializer, const BiasInitializer&, std::uint64_t);
template void initialize(Network<double>&, Initializer, const BiasInitializer&, std::uint64_t);

}  // namespace nabla
