// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "support/models.h"

/// The five experiments that the engine is built for; bench/workloads.h has the same five.
namespace nabla::testing_support {

struct Workload {
  const char* name;
  std::vector<std::size_t> widths;
  Activation hidden = Activation::kSigmoid;
  Activation output = Activation::kSigmoid;
  Cost cost = Cost::kCrossEntropy;
  std::size_t batch = 10;
  double learning_rate = 0.1;

  Topology topology() const { return {widths, activations_of(widths, hidden, output)}; }
};

inline const Workload kNielsen{
    .name = "nielsen", .widths = {784, 30, 10}, .cost = Cost::kQuadratic, .learning_rate = 3};
inline const Workload kNielsen100{
    .name = "nielsen100", .widths = {784, 100, 10}, .learning_rate = 0.5};
inline const Workload kWide{.name = "wide",
                            .widths = {784, 512, 512, 10},
                            .hidden = Activation::kRelu,
                            .output = Activation::kSoftmax,
                            .batch = 128};
inline const Workload kDeep{.name = "deep",
                            .widths = {784, 1024, 1024, 1024, 10},
                            .hidden = Activation::kRelu,
                            .output = Activation::kSoftmax,
                            .batch = 512};
inline const Workload kCiresan{.name = "ciresan",
                               .widths = {784, 2500, 2000, 1500, 1000, 500, 10},
                               .hidden = Activation::kTanh,
                               .output = Activation::kSoftmax,
                               .batch = 256,
                               .learning_rate = 0.05};

}  // namespace nabla::testing_support
