// SPDX-License-Identifier: MIT
#include "workloads.h"

#include <map>

#include "data/digits.h"

namespace nabla::bench {

std::span<const Workload> workloads() {
  using enum Activation;
  static const std::vector<Workload> all = {
      {.name = "nielsen",
       .widths = {784, 30, 10},
       .hidden = kSigmoid,
       .output = kSigmoid,
       .cost = Cost::kQuadratic,
       .initializer = Initializer::kGaussian,
       .batch_size = 10,
       .learning_rate = 3.0,
       .rows = 60000},
      {.name = "nielsen100",
       .widths = {784, 100, 10},
       .hidden = kSigmoid,
       .output = kSigmoid,
       .cost = Cost::kCrossEntropy,
       .initializer = Initializer::kLecun,
       .batch_size = 10,
       .learning_rate = 0.5,
       .rows = 60000},
      {.name = "wide",
       .widths = {784, 512, 512, 10},
       .hidden = kRelu,
       .output = kSoftmax,
       .cost = Cost::kCrossEntropy,
       .initializer = Initializer::kHe,
       .batch_size = 128,
       .learning_rate = 0.1,
       .rows = 61440},
      {.name = "deep",
       .widths = {784, 1024, 1024, 1024, 10},
       .hidden = kRelu,
       .output = kSoftmax,
       .cost = Cost::kCrossEntropy,
       .initializer = Initializer::kHe,
       .batch_size = 512,
       .learning_rate = 0.1,
       .rows = 20480},
      {.name = "ciresan",
       .widths = {784, 2500, 2000, 1500, 1000, 500, 10},
       .hidden = kTanh,
       .output = kSoftmax,
       .cost = Cost::kCrossEntropy,
       .initializer = Initializer::kLecun,
       .batch_size = 256,
       .learning_rate = 0.05,
       .rows = 5120},
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
          .preprocess = fit_preprocess(Normalization::kAuto, data),
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
