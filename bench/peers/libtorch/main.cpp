// SPDX-License-Identifier: MIT
//
// A workload with LibTorch: nn::Sequential, autograd and optim::SGD, batches by index_select; see
// peer_program.h.
#include <chrono>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <torch/torch.h>
#include <vector>

#include "peer_program.h"

namespace {

using nlohmann::json;

torch::Tensor read_idx(const std::string& path, std::size_t header) {
  const std::vector<std::uint8_t> bytes = peers::read_idx(path, header);
  return torch::tensor(at::ArrayRef<std::uint8_t>(bytes), torch::kUInt8);
}

torch::nn::Sequential make_network(const json& workload) {
  torch::nn::Sequential network;
  const auto widths = workload["widths"].get<std::vector<std::int64_t>>();
  const std::string init = workload["init"];
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    const double n = static_cast<double>(widths[i]);
    torch::nn::Linear linear(widths[i], widths[i + 1]);
    torch::nn::init::normal_(linear->weight, 0,
                             init == "gaussian" ? 1 : std::sqrt((init == "he" ? 2 : 1) / n));
    torch::nn::init::zeros_(linear->bias);
    network->push_back(linear);
    const bool last = i + 2 == widths.size();
    const std::string activation = last ? "" : workload["activation"].get<std::string>();
    if (activation == "relu") network->push_back(torch::nn::ReLU());
    if (activation == "tanh") network->push_back(torch::nn::Tanh());
    if (activation == "sigmoid" || (last && workload["cost"] == "quadratic"))
      network->push_back(torch::nn::Sigmoid());
  }
  return network;
}

/// The mean cost per row; cross-entropy from the logits.
torch::Tensor cost_of(const json& workload, const torch::Tensor& a, const torch::Tensor& y) {
  namespace F = torch::nn::functional;
  const double m = static_cast<double>(a.size(0));
  if (workload["output"] == "softmax") return F::cross_entropy(a, y);
  if (workload["cost"] == "quadratic")
    return F::mse_loss(a, y, F::MSELossFuncOptions().reduction(torch::kSum)) * (0.5 / m);
  return F::binary_cross_entropy_with_logits(
             a, y, F::BinaryCrossEntropyWithLogitsFuncOptions().reduction(torch::kSum)) *
         (1 / m);
}

void run(const peers::Arguments& arguments) {
  const json& workload = arguments.workload;
  torch::manual_seed(1);
  torch::set_num_threads(arguments.threads);
  at::globalContext().setFlushDenormal(true);

  const auto rows = workload["rows"].get<std::int64_t>();
  const std::string files = arguments.data + "/train-";
  const torch::Tensor x = read_idx(files + "images-idx3-ubyte", 16)
                              .view({-1, 784})
                              .slice(0, 0, rows)
                              .to(torch::kFloat32)
                              .div_(255)
                              .contiguous();
  const torch::Tensor labels =
      read_idx(files + "labels-idx1-ubyte", 8).slice(0, 0, rows).to(torch::kInt64).contiguous();
  const torch::Tensor targets = workload["output"] == "softmax"
                                    ? labels
                                    : torch::one_hot(labels, 10).to(torch::kFloat32).contiguous();
  torch::nn::Sequential network = make_network(workload);
  torch::optim::SGD optimizer(network->parameters(),
                              torch::optim::SGDOptions(workload["learning_rate"].get<double>()));

  const std::int64_t batch = workload["batch"];
  const auto start = std::chrono::steady_clock::now();
  int done = 0;
  double seconds = 0;
  while (arguments.epochs > 0 ? done < arguments.epochs : seconds < arguments.seconds) {
    for (const torch::Tensor& index : torch::randperm(x.size(0)).split(batch)) {
      optimizer.zero_grad();
      cost_of(workload, network->forward(x.index_select(0, index)), targets.index_select(0, index))
          .backward();
      optimizer.step();
    }
    ++done;
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

  const torch::NoGradGuard no_grad;
  const double final_cost =
      cost_of(workload, network->forward(x.slice(0, 0, 10000)), targets.slice(0, 0, 10000))
          .item<double>();
  peers::print_result("LibTorch", arguments, static_cast<double>(x.size(0)) * done / seconds,
                      final_cost, done);
}

}  // namespace

int main(int argc, char** argv) { return peers::run_peer("libtorch_peer", argc, argv, run); }
