// SPDX-License-Identifier: MIT
#include "optimize/optimizer.h"

#include <cassert>
#include <cmath>
#include <utility>

#include "nabla/base/error.h"

#include "math/kernel_table.h"

namespace nabla {

bool is_plain(const OptimizerOptions& options, const Penalty& penalty) {
  return traits_of(options.rule()).is_plain && penalty.l1 == 0 && !(options.lazy && penalty.l2 > 0);
}

template <class T>
Optimizer<T>::Optimizer(const OptimizerOptions& options, const Penalty& penalty,
                        ParameterPlaces places)
    : options_(options),
      penalty_(penalty),
      traits_(traits_of(options.rule())),
      places_(std::move(places)) {
  for (std::size_t k = 0; k < traits_.slots; ++k) state_.slots.emplace_back(places_.storage());
}

template <class T>
double Optimizer<T>::bytes(const OptimizerOptions& options, std::size_t storage) {
  const std::size_t slots = Optimizer(options, {}, 0).state_.slots.size();
  return static_cast<double>(slots * sizeof(T)) * static_cast<double>(storage);
}

template <class T>
void Optimizer<T>::begin_step(double learning_rate) {
  ++state_.steps;
  double rate = learning_rate, momentum = options_.momentum, square_decay = options_.decay;
  double root = 1, keep = 1;
  if (traits_.has_betas) {
    const auto steps = static_cast<double>(state_.steps);
    momentum = options_.beta1;
    square_decay = options_.beta2;
    rate = learning_rate / (1.0 - std::pow(options_.beta1, steps));
    root = 1.0 / std::sqrt(1.0 - std::pow(options_.beta2, steps));
  }
  if (traits_.has_weight_decay) keep = 1.0 - learning_rate * options_.weight_decay;
  constants_ = {.scale = 0,
                .l1 = static_cast<T>(penalty_.l1),
                .l2 = static_cast<T>(penalty_.l2),
                .rate = static_cast<T>(rate),
                .momentum = static_cast<T>(momentum),
                .new_share = static_cast<T>(1.0 - momentum),
                .square_decay = static_cast<T>(square_decay),
                .new_square = static_cast<T>(1.0 - square_decay),
                .root = static_cast<T>(root),
                .epsilon = static_cast<T>(options_.epsilon),
                .keep = static_cast<T>(keep)};
}

template <class T>
void Optimizer<T>::step_range(ParameterKind kind, std::span<T> parameters, std::size_t first,
                              std::span<const T> nabla, double scale) {
  assert(parameters.size() == nabla.size() && state_.steps > 0);
  kernels::UpdateConstants<T> constants = constants_;
  constants.scale = static_cast<T>(scale);
  if (kind == ParameterKind::kOthers) {
    constants.l1 = constants.l2 = 0;
    constants.keep = 1;
  }
  kernels::UpdateRange<T> range{.nabla = nabla.data(),
                                .parameters = parameters.data(),
                                .slots = {},
                                .size = parameters.size()};
  if (traits_.slots > 0) {
    const std::size_t place = places_(first);
    for (std::size_t k = 0; k < traits_.slots; ++k) range.slots[k] = state_.slots[k].data() + place;
  }
  kernels::current<T>().update[options_.rule()](constants, range);
}

template <class T>
void Optimizer<T>::restore(State state) {
  bool fits = state.slots.size() == state_.slots.size();
  for (std::size_t i = 0; fits && i < state.slots.size(); ++i)
    fits = state.slots[i].span().size() == state_.slots[i].span().size();
  if (!fits) throw DataError("optimiser state: of another shape, expected that of the network");
  state_ = std::move(state);
}

template class Optimizer<float>;
template class Optimizer<double>;

}  // namespace nabla
