// SPDX-License-Identifier: MIT
// Trains with the optimiser that optimizer.patch adds, found by its name; ends with 1 if a step is
// not the one that the patch describes.
#include <algorithm>
#include <cstdio>
#include <span>
#include <vector>

#include "optimize/optimizer.h"

namespace {

bool failed = false;

void expect(bool holds, const char* what) {
  if (!holds) std::fprintf(stderr, "expected %s\n", what);
  failed |= !holds;
}

}  // namespace

int main() {
  using namespace nabla;
  const auto signum = parse_algorithm("signum");
  expect(signum.has_value(), "an algorithm named signum");
  if (!signum) return 1;
  expect(std::ranges::count(all_algorithms(), *signum) == 1, "signum among all algorithms");

  // One step: each parameter moves by η against the sign of its nabla, a nabla of 0 moves none.
  Optimizer<float> optimizer({.algorithm = *signum, .momentum = 0.5}, {}, 3);
  expect(optimizer.state().slots.size() == 1, "one slot");
  std::vector<float> w = {1, 2, 3};
  const std::vector<float> nabla = {4, -8, 0};
  optimizer.begin_step(0.25);
  optimizer.step_range(ParameterKind::kWeights, w, 0, nabla, 1);
  expect(w == std::vector<float>({0.75f, 2.25f, 3}), "a step of the learning rate");

  // The slot keeps v: 0.5 · 4 outweighs the next nabla.
  const std::vector<float> small = {-1, 1, 0};
  optimizer.begin_step(0.25);
  optimizer.step_range(ParameterKind::kWeights, w, 0, small, 1);
  expect(w == std::vector<float>({0.5f, 2.5f, 3}), "a step that remembers the one before");
  return failed ? 1 : 0;
}
