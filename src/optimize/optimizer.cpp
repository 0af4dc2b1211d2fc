// SPDX-License-Identifier: MIT
#include "optimize/optimizer.h"

#include <cassert>
#include <cmath>
#include <utility>

#include "nabla/base/error.h"

#include "base/names.h"
#include "math/kernel_table.h"

namespace nabla {

namespace {

using kernels::UpdateRule;

constexpr Named<Algorithm> kAlgorithmNames[] = {
    {Algorithm::kSgd, "sgd"},           {Algorithm::kMomentum, "momentum"},
    {Algorithm::kNesterov, "nesterov"}, {Algorithm::kAdagrad, "adagrad"},
    {Algorithm::kRmsprop, "rmsprop"},   {Algorithm::kAdam, "adam"},
    {Algorithm::kAdamw, "adamw"},
};

UpdateRule rule_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kMomentum:
      return UpdateRule::kMomentum;
    case Algorithm::kNesterov:
      return UpdateRule::kNesterov;
    case Algorithm::kAdagrad:
      return UpdateRule::kAdagrad;
    case Algorithm::kRmsprop:
      return UpdateRule::kRmsprop;
    case Algorithm::kAdam:
    case Algorithm::kAdamw:
      return UpdateRule::kAdam;
    case Algorithm::kSgd:
      break;
  }
  return UpdateRule::kPlain;
}

}  // namespace

std::string_view name_of(Algorithm algorithm) { return find_name(kAlgorithmNames, algorithm); }

template <class T>
Optimizer<T>::Optimizer(const OptimizerOptions& options, const Penalty& penalty,
                        std::size_t storage)
    : options_(options),
      penalty_(penalty),
      rule_(rule_of(options.algorithm)),
      has_first_(rule_ == UpdateRule::kMomentum || rule_ == UpdateRule::kNesterov ||
                 rule_ == UpdateRule::kAdam),
      has_second_(rule_ == UpdateRule::kAdagrad || rule_ == UpdateRule::kRmsprop ||
                  rule_ == UpdateRule::kAdam) {
  for (const bool has : {has_first_, has_second_})
    if (has) state_.slots.emplace_back(storage);
}

template <class T>
void Optimizer<T>::begin_step(double learning_rate) {
  ++state_.steps;
  double rate = learning_rate, momentum = options_.momentum, square_decay = options_.decay;
  double root = 1, keep = 1;
  if (rule_ == UpdateRule::kAdam) {
    const auto steps = static_cast<double>(state_.steps);
    momentum = options_.beta1;
    square_decay = options_.beta2;
    rate = learning_rate / (1.0 - std::pow(options_.beta1, steps));
    root = 1.0 / std::sqrt(1.0 - std::pow(options_.beta2, steps));
    if (options_.algorithm == Algorithm::kAdamw) keep = 1.0 - learning_rate * options_.weight_decay;
  }
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
  const auto slot = [&](std::size_t index) { return state_.slots[index].data() + first; };
  kernels::current<T>().update[static_cast<std::size_t>(rule_)](
      constants, {.nabla = nabla.data(),
                  .parameters = parameters.data(),
                  .first = has_first_ ? slot(0) : nullptr,
                  .second = has_second_ ? slot(has_first_ ? 1 : 0) : nullptr,
                  .size = parameters.size()});
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
