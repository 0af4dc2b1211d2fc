// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "nabla/base/matrix.h"
#include "nabla/optimize/optimizer_options.h"

#include "math/kernel_table.h"
#include "optimize/parameter_places.h"

namespace nabla {

/// The kind of parameters that a range holds: penalties and adamw's decay concern weights only.
enum class ParameterKind { kWeights, kOthers };

/// Returns whether a step is w ← (1 − η·l2) w − η·nabla and nothing more, so that a product can
/// make it.
bool is_plain(const OptimizerOptions& options, const Penalty& penalty);

/// Moves parameters by their nabla. Its state lies in arrays that have a place for each parameter
/// that it moves. Any thread may step a range while others step ranges disjoint from it, with the
/// same result.
template <class T>
class Optimizer {
 public:
  /// Makes an optimiser of those parameters of a flat array that have places. Options and penalty
  /// are valid.
  Optimizer(const OptimizerOptions& options, const Penalty& penalty, ParameterPlaces places);
  /// Makes an optimiser of all `storage` parameters of a flat array.
  Optimizer(const OptimizerOptions& options, const Penalty& penalty, std::size_t storage)
      : Optimizer(options, penalty, ParameterPlaces(storage)) {}

  /// Returns the bytes that its state takes.
  static double bytes(const OptimizerOptions& options, std::size_t storage);

  /// Begins the next step, with rate η.
  void begin_step(double learning_rate);

  /// Moves `parameters`, which begin at element `first` of the flat array, by scale · nabla and
  /// their penalties.
  void step_range(ParameterKind kind, std::span<T> parameters, std::size_t first,
                  std::span<const T> nabla, double scale);

  /// See is_plain.
  bool is_plain() const { return nabla::is_plain(options_, penalty_); }
  /// Returns the factor of the weights in such a step.
  double plain_decay(double learning_rate) const { return 1.0 - learning_rate * penalty_.l2; }

  /// The state on which the next step depends besides parameters and nabla: the number of steps
  /// begun so far and the algorithm's slots, each with the places of the parameters.
  struct State {
    std::size_t steps = 0;
    std::vector<AlignedArray<T>> slots;
  };
  const State& state() const { return state_; }
  const ParameterPlaces& places() const { return places_; }
  /// Takes over the state of an optimiser with the same options. Throws DataError if its shape
  /// differs.
  void restore(State state);

 private:
  OptimizerOptions options_;
  Penalty penalty_;
  const AlgorithmTraits& traits_;
  ParameterPlaces places_;
  State state_;
  kernels::UpdateConstants<T> constants_{};
};

}  // namespace nabla
