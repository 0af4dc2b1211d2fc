// SPDX-License-Identifier: MIT
#include "engine/step.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "data/gather.h"
#include "math/elementwise.h"
#include "model/parameter_layout.h"

namespace nabla {

template <class P>
Step<P>::Step(const Topology& topology, Objective objective, const Dataset& data,
              const Preprocess& preprocess, StepPlan plan, const StepOptions& options,
              Executor& executor)
    : Step(topology, plan.entries > 0 ? topology.input_major() : topology, std::move(objective),
           data, preprocess, std::move(plan), options, executor) {}

template <class P>
Step<P>::Step(const Topology& topology, const Topology& own, Objective objective,
              const Dataset& data, const Preprocess& preprocess, StepPlan plan,
              const StepOptions& options, Executor& executor)
    : data_(data),
      plan_(std::move(plan)),
      topology_(topology),
      own_(plan_.entries > 0 ? std::optional<Network<T>>(own) : std::nullopt),
      serial_(plan_.worth_threads ? nullptr : make_serial_executor()),
      executor_(serial_ ? *serial_ : executor),
      workspace_(own, plan_.batch_size, !objective.row_weights.empty(), plan_.entries),
      dropout_(options.dropout, options.seed),
      augmentation_(make_augmentation(options.augment, data, options.seed)),
      batch_norm_(own, plan_.batch_size, plan_.shards),
      pass_(own, std::move(objective), data, preprocess, plan_, dropout_,
            augmentation_ ? &*augmentation_ : nullptr, batch_norm_),
      update_(own, plan_, options.optimizer, options.penalty, options.bounds, batch_norm_,
              executor_.threads()),
      clock_(std::max(plan_.first_slot(plan_.shards), plan_.tiles.size()), executor_.threads()) {
  pass_.append(update_.shard_stages());
  workspace_.set_sparse_block(plan_.input_block);
  for (std::size_t i = 0; i < topology.layers().size(); ++i)
    workspace_.set_scale(i, static_cast<T>(dropout_.scale(i)));
}

template <class P>
void Step<P>::take_weights(const Network<T>& network, double factor) {
  if (own_) {
    copy_parameters(topology_, network.parameters(), own_->topology(), own_->parameters());
    update_.set_weight_factor(factor);
    workspace_.set_weight_factor(static_cast<T>(factor));
  }
  workspace_.round_weights(own_ ? *own_ : network);
}

template <class P>
void Step<P>::give_weights(Network<T>& network) const {
  if (!own_) return;
  copy_parameters(own_->topology(), std::as_const(*own_).parameters(), topology_,
                  network.parameters());
  const auto factor = static_cast<T>(update_.weight_factor());
  if (factor == T(1)) return;
  const MatrixView<T> weight = network.weight(0);
  for (std::size_t r = 0; r < weight.rows; ++r)
    elementwise::axpby<T>(factor, weight.row(r), T(0), weight.row(r));
}

namespace {

/// Copies an array that is laid out as the parameters of the one topology, and is given memory if
/// it has none.
template <class T>
void copy_array(const Topology& from_topology, std::span<const T> from, const Topology& to_topology,
                AlignedArray<T>& to) {
  if (to.size() != to_topology.storage()) to = AlignedArray<T>(to_topology.storage());
  copy_parameters(from_topology, from, to_topology, to.span());
}

}  // namespace

template <class P>
void Step<P>::copy_state(StepState<T>& to) const {
  const Topology& from = own_ ? own_->topology() : topology_;
  const auto& optimizer = update_.optimizer().state();
  if (own_) copy_array<T>(from, std::as_const(*own_).parameters(), topology_, to.parameters);
  to.weight_factor = update_.weight_factor();
  to.optimizer_steps = optimizer.steps;
  to.slots.resize(optimizer.slots.size());
  for (std::size_t i = 0; i < optimizer.slots.size(); ++i)
    copy_array<T>(from, optimizer.slots[i].span(), topology_, to.slots[i]);
}

template <class P>
void Step<P>::restore_optimizer(const StepState<T>& state) {
  const Topology& own = own_ ? own_->topology() : topology_;
  typename Optimizer<T>::State taken{.steps = state.optimizer_steps, .slots = {}};
  for (const AlignedArray<T>& slot : state.slots) {
    taken.slots.emplace_back();
    // One of another size is refused below.
    if (slot.size() == topology_.storage())
      copy_array<T>(topology_, slot.span(), own, taken.slots.back());
  }
  update_.optimizer().restore(std::move(taken));
}

template <class P>
BatchResult Step<P>::run(Network<T>& given, std::span<const std::uint32_t> rows,
                         const StepPoint& point, std::span<const std::uint32_t> next) {
  Network<T>& network = own_ ? *own_ : given;
  assert(!rows.empty() && rows.size() <= plan_.batch_size);
  const PhaseTasks tasks{executor_, clock_};
  clock_.begin_step();
  prefetch_third(next, 0);
  dropout_.begin_step(point.epoch, point.batch);
  pass_.run(network, workspace_, {rows, point.epoch}, tasks);
  prefetch_third(next, 1);
  batch_norm_.update_running_statistics(network);
  update_.run(network, workspace_, rows.size(), point.learning_rate, tasks);
  prefetch_third(next, 2);
  clock_.end_step();
  return result(rows.size());
}

template <class P>
BatchResult Step<P>::evaluate(const Network<T>& given, std::span<const std::uint32_t> rows,
                              const StepPoint& point) {
  const Network<T>& network = own_ ? *own_ : given;
  clock_.begin_step();
  dropout_.begin_step(point.epoch, point.batch);
  pass_.run(network, workspace_, {rows, point.epoch}, {executor_, clock_});
  clock_.end_step();
  return result(rows.size());
}

template <class P>
BatchResult Step<P>::result(std::size_t rows) {
  BatchResult result;
  for (const double cost : workspace_.cost({0, rows})) result.cost += cost;
  for (const double misfit : workspace_.misfit({0, rows})) result.misfit += misfit;
  return result;
}

/// Asks the cache for a third of the next rows: more requests at once would wait for each other and
/// hold up the arithmetic. It does so only if a step is so short that the rows' way from memory
/// shows.
template <class P>
void Step<P>::prefetch_third(std::span<const std::uint32_t> next, std::size_t third) const {
  if (plan_.worth_threads) return;
  const RowRange part = divide_rows({0, next.size()}, 3, third);
  prefetch_inputs(data_, next.subspan(part.first, part.count));
}

template class Step<Float32>;
template class Step<Bfloat16>;
template class Step<Float64>;

}  // namespace nabla
