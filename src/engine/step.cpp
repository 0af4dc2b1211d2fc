// SPDX-License-Identifier: MIT
#include "engine/step.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "nabla/math/elementwise.h"

#include "data/gather.h"
#include "engine/merge_probe.h"
#include "model/backprop.h"
#include "model/feedforward.h"
#include "model/output_layer.h"

namespace nabla {

template <class T>
Step<T>::Step(const Topology& topology, Cost cost, const Dataset& data,
              const Preprocess& preprocess, StepPlan plan, Executor& executor)
    : cost_(cost),
      data_(data),
      preprocess_(preprocess),
      plan_(std::move(plan)),
      serial_(plan_.worth_threads ? nullptr : make_serial_executor()),
      executor_(serial_ ? *serial_ : executor),
      workspace_(topology, plan_.batch_size),
      shards_(plan_.shards),
      clock_(std::max({plan_.shards, plan_.tiles.size(), plan_.ranges.size()}),
             executor_.threads()) {
  if (plan_.reduction == Reduction::kPerShard) nablas_.assign(plan_.shards, Network<T>(topology));
  plan_groups(topology);
}

/// Consecutive shards that one task passes together may share their products where BLAS allows
/// it. As many groups as threads, so that products are as large as they can be.
template <class T>
void Step<T>::plan_groups(const Topology& topology) {
  const std::size_t threads = executor_.threads();
  const bool equal = plan_.batch_size % plan_.shards == 0;
  const std::size_t count = equal ? std::min(plan_.shards, threads) : plan_.shards;
  std::vector<std::size_t> sizes;
  for (std::size_t g = 0; g < count; ++g) {
    const RowRange shards = shard_rows(plan_.shards, count, g);
    groups_.push_back({shards.first, shards.end()});
    if (std::ranges::find(sizes, shards.count) == sizes.end()) sizes.push_back(shards.count);
  }
  if (!equal || count == plan_.shards) return;
  MergeFlags flags = probe_merging<T>(topology, plan_.batch_size / plan_.shards, sizes);
  merge_forward_ = std::move(flags.forward);
  merge_backward_ = std::move(flags.backward);
}

template <class T>
BatchResult Step<T>::run(Network<T>& network, std::span<const std::uint32_t> rows, StepSize size) {
  assert(!rows.empty() && rows.size() <= plan_.batch_size);
  divide(rows.size());
  const auto pass_group = [&](std::size_t g) { pass(network, rows, g); };
  const auto reduce_tile = [&](std::size_t t) { step_tile(network, t, size); };
  const auto reduce_range = [&](std::size_t r) { step_range(network, r, size); };

  clock_.begin_step();
  executor_.run(groups_.size(), pass_group);
  if (plan_.reduction == Reduction::kTiled)
    executor_.run(plan_.tiles.size(), reduce_tile);
  else
    executor_.run(plan_.ranges.size(), reduce_range);
  clock_.end_step();

  BatchResult result;
  for (const double cost : workspace_.cost({0, rows.size()})) result.cost += cost;
  for (const double miss : workspace_.miss({0, rows.size()})) result.miss += miss;
  return result;
}

/// Cuts a mini-batch of this many rows into the plan's shards.
template <class T>
void Step<T>::divide(std::size_t rows) {
  if (rows == batch_rows_) return;
  batch_rows_ = rows;
  for (std::size_t s = 0; s < shards_.size(); ++s) shards_[s] = shard_rows(rows, shards_.size(), s);
}

/// gather → feedforward → backprop for the shards of one group.
template <class T>
void Step<T>::pass(const Network<T>& network, std::span<const std::uint32_t> rows,
                   std::size_t group) {
  const auto [first, last] = groups_[group];
  std::span<const RowRange> shards = std::span(shards_).subspan(first, last - first);
  // Shards without rows come last: a ragged mini-batch may have fewer rows than shards.
  while (!shards.empty() && shards.back().count == 0) shards = shards.first(shards.size() - 1);
  if (shards.empty()) return;
  Pass pass{shards, {}, {}};
  if (batch_rows_ == plan_.batch_size) pass = {shards, merge_forward_, merge_backward_};

  PhaseClock::Lap lap(clock_, group);
  const RowRange all = pass.rows();
  const auto data_rows = rows.subspan(all.first, all.count);
  gather_inputs(data_, preprocess_, data_rows, workspace_.activation(0, all));
  gather_targets(data_, data_rows, workspace_.target(all));
  lap.spent_in(Phase::kGather);
  feedforward(network, workspace_, pass);
  output_layer(network, cost_, data_.task, workspace_, all);
  lap.spent_in(Phase::kFeedforward);
  backprop(network, workspace_, pass);
  if (plan_.reduction == Reduction::kPerShard)
    for (std::size_t s = first; s < first + shards.size(); ++s) form_nabla(s);
  lap.spent_in(Phase::kBackprop);
}

/// One shard's own nabla_w and nabla_b, summed over its rows.
template <class T>
void Step<T>::form_nabla(std::size_t shard) {
  Network<T>& nabla = nablas_[shard];
  for (std::size_t i = 0; i < nabla.layers(); ++i) {
    const Neurons all{0, nabla.bias(i).size()};
    accumulate_nabla_w(workspace_, i, shards_[shard], all, T(1), T(0), nabla.weight(i));
    accumulate_nabla_b(workspace_, i, shards_[shard], all, T(1), T(0), nabla.bias(i));
  }
}

/// w ← (1 − η·l2) w − η/m Σ_rows ∇C_w and b ← b − η/m Σ_rows ∇C_b for one tile. The shards lie one
/// behind another in the workspace, so their sum in ascending order is one product over all rows.
template <class T>
void Step<T>::step_tile(Network<T>& network, std::size_t index, StepSize size) {
  PhaseClock::Lap lap(clock_, index);
  const T alpha = static_cast<T>(-size.learning_rate / static_cast<double>(batch_rows_));
  const T decay = static_cast<T>(1.0 - size.learning_rate * size.l2);
  const auto [i, neurons] = plan_.tiles[index];
  accumulate_nabla_w(workspace_, i, {0, batch_rows_}, neurons, alpha, decay,
                     network.weight(i).row_range(neurons.first, neurons.count));
  accumulate_nabla_b(workspace_, i, {0, batch_rows_}, neurons, alpha, T(1),
                     network.bias(i).subspan(neurons.first, neurons.count));
  lap.spent_in(Phase::kReduceStep);
}

/// The same from the nablas of the shards, added in ascending order, for one range of parameters.
template <class T>
void Step<T>::step_range(Network<T>& network, std::size_t index, StepSize size) {
  PhaseClock::Lap lap(clock_, index);
  const ParameterRange& range = plan_.ranges[index];
  const T alpha = static_cast<T>(-size.learning_rate / static_cast<double>(batch_rows_));
  const T decay = range.weights ? static_cast<T>(1.0 - size.learning_rate * size.l2) : T(1);
  const std::size_t count = range.last - range.first;
  const std::span<T> sum = nablas_.front().parameters().subspan(range.first, count);
  for (std::size_t s = 1; s < shards_.size() && shards_[s].count > 0; ++s)
    elementwise::add<T>(nablas_[s].parameters().subspan(range.first, count), sum);
  elementwise::axpby<T>(alpha, sum, decay, network.parameters().subspan(range.first, count));
  lap.spent_in(Phase::kReduceStep);
}

template class Step<float>;
template class Step<double>;

}  // namespace nabla
