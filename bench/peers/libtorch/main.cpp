// SPDX-License-Identifier: MIT
//
// A workload with LibTorch: nn::Sequential, autograd and optim::SGD, batches by index_select.
//
//   libtorch_peer --workload NAME --data DIR [--threads N] [--seconds S] [--epochs E] [--rows R]
//
// OPENBLAS_NUM_THREADS is left to the environment: OpenBLAS reads it when it is loaded.
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <torch/torch.h>
#include <vector>
#include <zlib.h>

namespace {

using nlohmann::json;

/// The bytes of an IDX file of unsigned bytes behind its header; gzip or not.
torch::Tensor read_idx(const std::string& path, std::size_t header) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (!file) file = gzopen((path + ".gz").c_str(), "rb");
  if (!file) throw std::runtime_error(path + ": cannot be opened, with or without .gz");
  std::vector<std::uint8_t> bytes;
  std::vector<std::uint8_t> block(1 << 20);
  for (int count = 0;
       (count = gzread(file, block.data(), static_cast<unsigned>(block.size()))) > 0;)
    bytes.insert(bytes.end(), block.begin(), block.begin() + count);
  gzclose(file);
  if (bytes.size() < header) throw std::runtime_error(path + ": not an IDX file");
  return torch::tensor(at::ArrayRef<std::uint8_t>(bytes).slice(header), torch::kUInt8);
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

std::map<std::string, std::string> parse(int argc, char** argv) {
  std::map<std::string, std::string> options{
      {"--threads", "1"}, {"--seconds", "3"}, {"--epochs", "0"}, {"--rows", "0"}};
  for (int i = 1; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
  if (!options.count("--workload") || !options.count("--data"))
    throw std::runtime_error("--workload NAME and --data DIR are needed");
  return options;
}

void run(std::map<std::string, std::string> options) {
  const json workload = json::parse(std::ifstream(WORKLOADS_FILE)).at(options["--workload"]);
  const int threads = std::stoi(options["--threads"]);
  torch::manual_seed(1);
  torch::set_num_threads(threads);
  at::globalContext().setFlushDenormal(true);

  const std::int64_t asked = std::stoll(options["--rows"]);
  const std::int64_t rows = asked > 0 ? asked : workload["rows"].get<std::int64_t>();
  const std::string files = options["--data"] + "/train-";
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
  const double limit = std::stod(options["--seconds"]);
  const int epochs = std::stoi(options["--epochs"]);
  const auto start = std::chrono::steady_clock::now();
  int done = 0;
  double seconds = 0;
  while (epochs > 0 ? done < epochs : seconds < limit) {
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
  const char* const blas_threads = std::getenv("OPENBLAS_NUM_THREADS");
  std::cout << json{{"peer", "LibTorch"},
                    {"workload", options["--workload"]},
                    {"threads", threads},
                    {"blas_threads", blas_threads ? std::stoi(blas_threads) : 0},
                    {"samples_per_second", static_cast<double>(x.size(0)) * done / seconds},
                    {"final_cost", final_cost},
                    {"epochs", done},
                    {"rows", x.size(0)}}
                   .dump()
            << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(parse(argc, argv));
  } catch (const std::exception& error) {
    std::cerr << "libtorch_peer: " << error.what() << '\n';
    return 1;
  }
}
