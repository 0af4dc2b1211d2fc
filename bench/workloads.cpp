// SPDX-License-Identifier: MIT
#include "workloads.h"

#include <map>

#include "nabla/data/digits.h"

namespace nabla::bench {

std::span<const Workload> workloads() {
  using enum Activation;
  static const std::vector<Workload> all = {
      {"nielsen",
       {784, 30, 10},
       kSigmoid,
       kSigmoid,
       Cost::kQuadratic,
       Initializer::kGaussian,
       10,
       3.0,
       60000},
      {"nielsen100",
       {784, 100, 10},
       kSigmoid,
       kSigmoid,
       Cost::kCrossEntropy,
       Initializer::kLecun,
       10,
       0.5,
       60000},
      {"wide",
       {784, 512, 512, 10},
       kRelu,
       kSoftmax,
       Cost::kCrossEntropy,
       Initializer::kHe,
       128,
       0.1,
       61440},
      {"deep",
       {784, 1024, 1024, 1024, 10},
       kRelu,
       kSoftmax,
       Cost::kCrossEntropy,
       Initializer::kHe,
       512,
       0.1,
       20480},
      {"ciresan",
       {784, 2500, 2000, 1500, 1000, 500, 10},
       kTanh,
       kSoftmax,
       Cost::kCrossEntropy,
       Initializer::kLecun,
       256,
       0.05,
       5120},
  };
  return all;
}

Topology topology_of(const Workload& workload) {
  std::vector<Activation> activations(workload.widths.size() - 1, workload.hidden);
  activations.back() = workload.output;
  return {workload.widths, activations};
}

Model<float> make_model(const Workload& workload) {
  static std::map<std::string, Network<float>> networks;  // drawing millions of weights is slow
  auto found = networks.find(workload.name);
  if (found == networks.end()) {
    found = networks.emplace(workload.name, Network<float>(topology_of(workload))).first;
    initialize(found->second, workload.initializer, {}, 1);
  }
  const Dataset& data = digits(1);
  return {.network = found->second,
          .cost = workload.cost,
          .preprocess = fit_preprocess(NormalizeChoice::kAuto, data),
          .task = data.task,
          .classes = data.classes};
}

const Dataset& digits(std::size_t count) {
  static std::map<std::size_t, Dataset> made;
  auto found = made.find(count);
  if (found == made.end()) found = made.emplace(count, make_digits(1, 0, count)).first;
  return found->second;
}

}  // namespace nabla::bench
