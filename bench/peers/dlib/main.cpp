// SPDX-License-Identifier: MIT
//
// A workload with dlib: a network type, compute_parameter_gradients and the solver sgd on each
// mini-batch; see peer_program.h. dlib has no threads for dense layers but those of its BLAS.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <dlib/dnn.h>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "peer_program.h"

namespace {

using namespace dlib;
using Row = matrix<float>;
using Inputs = input<Row>;

// dlib's networks are types, so that the widths of workloads.json stand here once more; `run`
// compares them.
using Nielsen = loss_mean_squared_multioutput<sig<fc<10, sig<fc<30, Inputs>>>>>;
using Nielsen100 = loss_multibinary_log<fc<10, sig<fc<100, Inputs>>>>;
using Wide = loss_multiclass_log<fc<10, relu<fc<512, relu<fc<512, Inputs>>>>>>;
using Deep = loss_multiclass_log<fc<10, relu<fc<1024, relu<fc<1024, relu<fc<1024, Inputs>>>>>>>>;
using Ciresan = loss_multiclass_log<
    fc<10, htan<fc<500, htan<fc<1000, htan<fc<1500, htan<fc<2000, htan<fc<2500, Inputs>>>>>>>>>>>>;

/// The target of a label as the network's loss wants it.
template <class Label>
Label target_of(std::uint8_t label) {
  if constexpr (std::is_same_v<Label, Row>) {
    Row target = zeros_matrix<float>(10, 1);
    target(label) = 1;
    return target;
  } else if constexpr (std::is_same_v<Label, std::vector<float>>) {
    std::vector<float> target(10, -1.0F);
    target[label] = 1;
    return target;
  } else {
    return label;
  }
}

template <class Network>
void train(const peers::Arguments& arguments) {
  using Label = typename Network::training_label_type;
  const std::string files = arguments.data + "/train-";
  const std::vector<std::uint8_t> pixels = peers::read_idx(files + "images-idx3-ubyte", 16);
  const std::vector<std::uint8_t> labels = peers::read_idx(files + "labels-idx1-ubyte", 8);
  const auto rows = arguments.workload["rows"].get<std::size_t>();
  std::vector<Row> x;
  std::vector<Label> y;
  for (std::size_t i = 0; i < rows; ++i) {
    Row& row = x.emplace_back(784, 1);
    for (long j = 0; j < 784; ++j)
      row(j) = static_cast<float>(pixels[784 * i + static_cast<std::size_t>(j)]) / 255;
    y.push_back(target_of<Label>(labels[i]));
  }

  Network network;
  std::vector<sgd> solvers(Network::num_computational_layers, sgd(0, 0));
  const double rate = arguments.workload["learning_rate"];
  const auto batch = arguments.workload["batch"].get<std::size_t>();
  std::vector<std::size_t> order(rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937 random(1);
  std::vector<Row> batch_x;
  std::vector<Label> batch_y;
  double cost = 0, seconds = 0;
  int epochs = 0;
  const auto start = std::chrono::steady_clock::now();
  while (arguments.epochs > 0 ? epochs < arguments.epochs : seconds < arguments.seconds) {
    std::shuffle(order.begin(), order.end(), random);
    cost = 0;
    for (std::size_t first = 0; first < rows; first += batch) {
      batch_x.clear();
      batch_y.clear();
      for (std::size_t i = first; i < std::min(first + batch, rows); ++i) {
        batch_x.push_back(x[order[i]]);
        batch_y.push_back(y[order[i]]);
      }
      const double mean =
          network.compute_parameter_gradients(batch_x.begin(), batch_x.end(), batch_y.begin());
      network.update_parameters(solvers, rate);
      cost += mean * static_cast<double>(batch_x.size());
    }
    ++epochs;
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  // As seen during the last epoch.
  peers::print_result("dlib", arguments, static_cast<double>(rows) * epochs / seconds,
                      cost / static_cast<double>(rows), epochs);
}

void run(const peers::Arguments& arguments) {
  const auto is = [&](std::vector<int> widths) { return arguments.workload["widths"] == widths; };
  const bool is_plain = arguments.workload.value("optimizer", "sgd") == "sgd";
  if (is_plain && is({784, 30, 10})) return train<Nielsen>(arguments);
  if (is_plain && is({784, 100, 10})) return train<Nielsen100>(arguments);
  if (is_plain && is({784, 512, 512, 10})) return train<Wide>(arguments);
  if (is_plain && is({784, 1024, 1024, 1024, 10})) return train<Deep>(arguments);
  if (is_plain && is({784, 2500, 2000, 1500, 1000, 500, 10})) return train<Ciresan>(arguments);
  throw std::runtime_error("no network of the workload's widths is compiled in");
}

}  // namespace

int main(int argc, char** argv) { return peers::run_peer("dlib_peer", argc, argv, run); }
