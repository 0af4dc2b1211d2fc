// SPDX-License-Identifier: MIT
#include "engine/step.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

#include "data/gather.h"
#include "math/elementwise.h"
#include "model/parameter_layout.h"

namespace nabla {

namespace {

/// Rows that this rank has in its workspace: all if the first layer's weights move by the entries
/// of all, else those of its shards.
std::size_t workspace_rows(const StepPlan& plan, const ShardRows& shard_rows) {
  return plan.entries > 0 ? plan.batch_size : shard_rows.own_rows(plan.batch_size).count;
}

}  // namespace

template <class P>
Step<P>::Step(const Topology& topology, Objective objective, const Dataset& data,
              const Preprocess& preprocess, StepPlan plan, const StepOptions& options,
              Executor& executor, Ranks& ranks)
    : Step(topology, plan.entries > 0 ? topology.input_major() : topology, std::move(objective),
           data, preprocess, std::move(plan), options, executor, ranks) {}

template <class P>
Step<P>::Step(const Topology& topology, const Topology& own, Objective objective,
              const Dataset& data, const Preprocess& preprocess, StepPlan plan,
              const StepOptions& options, Executor& executor, Ranks& ranks)
    : data_(data),
      plan_(std::move(plan)),
      topology_(topology),
      own_(plan_.entries > 0 ? std::optional<Network<T>>(own) : std::nullopt),
      serial_(plan_.worth_threads ? nullptr : make_serial_executor()),
      executor_(serial_ ? *serial_ : executor),
      shard_rows_(plan_, ranks),
      workspace_(own, workspace_rows(plan_, shard_rows_), !objective.row_weights.empty(),
                 plan_.entries),
      dropout_(options.dropout, options.seed),
      augmentation_(make_augmentation(options.augment, data, options.seed)),
      batch_norm_(own, workspace_.rows(), plan_.shards),
      update_(own, plan_, options.optimizer, options.penalty, options.bounds, batch_norm_,
              shard_rows_, executor_),
      pass_(
          own, std::move(objective), data, preprocess, plan_, dropout_,
          augmentation_ ? &*augmentation_ : nullptr, batch_norm_, shard_rows_,
          [this](std::size_t layer) { return update_.arrival_stages(layer); },
          [this](std::size_t layer) { return update_.exchange_stages(layer); }),
      shard_results_(plan_.shards, 2),
      clock_(std::max(plan_.first_slot(plan_.shards), update_.most_tasks()), executor_.threads()) {
  assert(ranks.size() == 1 ||
         (plan_.reduction == Reduction::kPerShard && ranks.size() <= plan_.shards));
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
void Step<P>::give_weights(Network<T>& network) {
  update_.finish(own_ ? *own_ : network, workspace_);
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

/// Gives the first rank the parts of the others in an array that is laid out as the parameters.
template <class T>
void gather_at_first(const Topology& topology, const ParameterShares& shares, Ranks& ranks,
                     std::span<T> array) {
  for (std::size_t i = 0; i < topology.layers().size(); ++i) {
    const Layer& layer = topology.layers()[i];
    if (!shares.is_dealt(i)) continue;
    const std::span<T> weights =
        array.subspan(layer.weight_offset, layer.outputs * layer.weight_stride);
    ranks.gather_at_first(std::as_writable_bytes(weights),
                          shares.parts(i, layer.weight_stride * sizeof(T)));
    ranks.gather_at_first(std::as_writable_bytes(array.subspan(layer.bias_offset, layer.outputs)),
                          shares.parts(i, sizeof(T)));
  }
}

}  // namespace

template <class P>
void Step<P>::copy_state(StepState<T>& to) const {
  const Topology& from = own_ ? own_->topology() : topology_;
  const Optimizer<T>& optimizer = update_.optimizer();
  Ranks& ranks = shard_rows_.ranks();
  if (own_ && ranks.rank() == 0)
    copy_array<T>(from, std::as_const(*own_).parameters(), topology_, to.parameters);
  to.weight_factor = update_.weight_factor();
  to.optimizer_steps = optimizer.state().steps;
  to.slots.resize(optimizer.state().slots.size());
  for (std::size_t i = 0; i < to.slots.size(); ++i) {
    const AlignedArray<T>& slot = optimizer.state().slots[i];
    if (ranks.size() == 1) {
      copy_array<T>(from, slot.span(), topology_, to.slots[i]);
      continue;
    }
    AlignedArray<T> all(from.storage());
    std::size_t place = 0;
    for (const ParameterRange& range : optimizer.places().ranges()) {
      std::ranges::copy(slot.span().subspan(place, range.count), all.data() + range.first);
      place += range.count;
    }
    gather_at_first(from, update_.shares(), ranks, all.span());
    if (ranks.rank() == 0) copy_array<T>(from, all.span(), topology_, to.slots[i]);
  }
}

template <class P>
void Step<P>::restore_optimizer(const StepState<T>& state) {
  const Topology& own = own_ ? own_->topology() : topology_;
  typename Optimizer<T>::State taken{.steps = state.optimizer_steps, .slots = {}};
  for (const AlignedArray<T>& slot : state.slots) {
    taken.slots.emplace_back();
    // One of another size is refused below.
    if (slot.size() != topology_.storage()) continue;
    AlignedArray<T> all;
    copy_array<T>(topology_, slot.span(), own, all);
    const ParameterPlaces& places = update_.optimizer().places();
    taken.slots.back() = AlignedArray<T>(places.storage());
    T* to = taken.slots.back().data();
    for (const ParameterRange& range : places.ranges())
      to = std::ranges::copy(all.span().subspan(range.first, range.count), to).out;
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
  run_pass(network, rows, point, plan_.worth_threads ? next : std::span<const std::uint32_t>());
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
  run_pass(network, rows, point);
  clock_.end_step();
  return result(rows.size());
}

template <class P>
void Step<P>::run_pass(const Network<T>& network, std::span<const std::uint32_t> rows,
                       const StepPoint& point, std::span<const std::uint32_t> next) {
  const RowRange shards = shard_rows_.own(plan_.shards_of(rows.size()));
  const std::size_t first_row =
      workspace_.is_sparse() ? 0 : shard_rows_.own_rows(rows.size()).first;
  dropout_.begin_step(point.epoch, point.batch, first_row);
  update_.begin(rows.size());
  pass_.run(network, workspace_, {rows, point.epoch, shards, first_row, next}, {executor_, clock_});
  if (workspace_.is_sparse() && shard_rows_.ranks().size() > 1)
    shard_rows_.gather_rows(workspace_.delta(0, {0, rows.size()}));
}

template <class P>
BatchResult Step<P>::result(std::size_t rows) {
  const std::size_t shards = plan_.shards_of(rows);
  const RowRange own = shard_rows_.own(shards);
  const std::size_t first_row = workspace_.is_sparse() ? 0 : shard_rows_.own_rows(rows).first;
  const auto sum = [](std::span<const double> numbers) {
    return std::accumulate(numbers.begin(), numbers.end(), 0.0);
  };
  for (std::size_t s = own.first; s < own.first + own.count; ++s) {
    RowRange of_shard = plan_.shard_rows(rows, s);
    of_shard.first -= first_row;
    shard_results_(s, 0) = sum(workspace_.cost(of_shard));
    shard_results_(s, 1) = sum(workspace_.misfit(of_shard));
  }
  shard_rows_.gather(shard_results_, shards);
  BatchResult result;
  for (std::size_t s = 0; s < shards; ++s) {
    result.cost += shard_results_(s, 0);
    result.misfit += shard_results_(s, 1);
  }
  return result;
}

/// Asks the cache for a third of the next rows: more requests at once would wait for each other and
/// hold up the arithmetic. A step that is worth threads has its tasks do so.
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
