// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/model/initialize.h"
#include "nabla/model/model.h"

namespace nabla::bench {

/// One of the five experiments that every benchmark of the engine measures: networks from where
/// overhead is everything to where the matrix products are.
struct Workload {
  std::string name;
  std::vector<std::size_t> widths;
  Activation hidden;
  Activation output;
  Cost cost;
  Initializer initializer;
  std::size_t batch_size;
  double learning_rate;
  std::size_t rows;  ///< of an epoch, which takes a second at most
};

/// nielsen, nielsen100, wide, deep, ciresan; but for their rows the same as in
/// peers/workloads.json.
std::span<const Workload> workloads();

Topology topology_of(const Workload& workload);

/// The start of training; the same for every call.
Model<float> make_model(const Workload& workload);

/// The built-in digits, as wide and as stored as MNIST: the first `count` rows, made once.
const Dataset& digits(std::size_t count);

}  // namespace nabla::bench
