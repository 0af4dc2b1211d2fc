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

/// One of the five experiments that every benchmark of the engine measures: from networks whose
/// overhead takes nearly all time to networks whose matrix products do.
struct Workload {
  std::string name;
  std::vector<std::size_t> widths;
  Activation hidden;
  Activation output;
  Cost cost;
  Initializer initializer;
  std::size_t batch_size;
  double learning_rate;
  std::size_t rows;  ///< rows of an epoch, which takes a second at most
};

/// Returns nielsen, nielsen100, wide, deep and ciresan, which are those of peers/workloads.json
/// except for their rows.
std::span<const Workload> workloads();

Topology topology_of(const Workload& workload);

/// Returns the untrained model of the workload, the same for every call.
Model<float> make_model(const Workload& workload);

/// Returns the first `count` rows of the built-in digits, which are as wide as MNIST's and stored
/// like them. Makes them once.
const Dataset& digits(std::size_t count);

}  // namespace nabla::bench
