// SPDX-License-Identifier: MIT
#include "engine/step.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "nabla/math/elementwise.h"

#include "data/gather.h"
#include "model/backprop.h"
#include "model/feedforward.h"
#include "model/output_layer.h"

namespace nabla {

namespace {

/// Tasks that run side by side within one shard, at the most.
std::size_t slots_per_shard(const StepPlan& plan) {
  std::size_t slots = plan.row_blocks;
  for (const auto& blocks : plan.blocks) slots = std::max(slots, blocks.size());
  return slots;
}

}  // namespace

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
      slots_per_shard_(slots_per_shard(plan_)),
      clock_(std::max({plan_.shards * slots_per_shard_, plan_.tiles.size(), plan_.ranges.size()}),
             executor_.threads()) {
  if (plan_.reduction == Reduction::kPerShard) nablas_.assign(plan_.shards, Network<T>(topology));
}

template <class T>
BatchResult Step<T>::run(Network<T>& network, std::span<const std::uint32_t> rows, StepSize size,
                         std::span<const std::uint32_t> next) {
  assert(!rows.empty() && rows.size() <= plan_.batch_size);
  batch_rows_ = rows.size();
  const auto pass = [&](std::size_t s) { pass_shard(network, rows, s); };
  const auto reduce_tile = [&](std::size_t t) {
    clock_.measure(Phase::kReduceStep, t, [&] { step_tile(network, plan_.tiles[t], size); });
  };
  const auto reduce_range = [&](std::size_t r) {
    clock_.measure(Phase::kReduceStep, r, [&] { step_range(network, plan_.ranges[r], size); });
  };

  clock_.begin_step();
  prefetch_third(next, 0);
  executor_.run(shards(), pass);
  prefetch_third(next, 1);
  if (plan_.reduction == Reduction::kTiled)
    executor_.run(plan_.tiles.size(), reduce_tile);
  else
    executor_.run(plan_.ranges.size(), reduce_range);
  prefetch_third(next, 2);
  clock_.end_step();

  BatchResult result;
  for (const double cost : workspace_.cost({0, rows.size()})) result.cost += cost;
  for (const double miss : workspace_.miss({0, rows.size()})) result.miss += miss;
  return result;
}

/// Asks the cache for a third of the next rows: more requests at once would wait for each other and
/// hold up the arithmetic. Only where a step is so short that the rows' way from memory shows.
template <class T>
void Step<T>::prefetch_third(std::span<const std::uint32_t> next, std::size_t third) const {
  if (plan_.worth_threads) return;
  const RowRange part = divide_rows({0, next.size()}, 3, third);
  prefetch_inputs(data_, next.subspan(part.first, part.count));
}

/// Shards of the current mini-batch: a ragged one may have fewer rows than the plan has shards.
template <class T>
std::size_t Step<T>::shards() const {
  return std::min(plan_.shards, batch_rows_);
}

template <class T>
RowRange Step<T>::shard_rows(std::size_t shard) const {
  return divide_rows({0, batch_rows_}, plan_.shards, shard);
}

/// gather → feedforward → backprop for one shard, in blocks that threads without a shard can take.
template <class T>
void Step<T>::pass_shard(const Network<T>& network, std::span<const std::uint32_t> rows,
                         std::size_t shard) {
  const RowRange range = shard_rows(shard);
  for_each_row_block(Phase::kGather, shard, [&](RowRange part) {
    const auto data_rows = rows.subspan(part.first, part.count);
    gather_inputs(data_, preprocess_, data_rows, workspace_.activation(0, part));
    gather_targets(data_, data_rows, workspace_.target(part));
  });
  for (std::size_t i = 0; i < network.layers(); ++i)
    for_each_block(Phase::kFeedforward, shard, i + 1, [&](Neurons neurons) {
      feedforward_layer(network, workspace_, i, range, neurons);
    });
  for_each_row_block(Phase::kFeedforward, shard, [&](RowRange part) {
    output_layer(network, cost_, data_.task, workspace_, part);
  });
  for (std::size_t i = network.layers() - 1; i > 0; --i)
    for_each_block(Phase::kBackprop, shard, i, [&](Neurons neurons) {
      backprop_layer(network, workspace_, i, range, neurons);
    });
  if (plan_.reduction == Reduction::kPerShard) form_nabla(shard);
}

/// Runs work(RowRange) for the row blocks of one shard.
template <class T>
template <class Work>
void Step<T>::for_each_row_block(Phase phase, std::size_t shard, Work work) {
  executor_.run(plan_.row_blocks, [&](std::size_t b) {
    const RowRange rows = divide_rows(shard_rows(shard), plan_.row_blocks, b);
    if (rows.count == 0) return;
    clock_.measure(phase, shard * slots_per_shard_ + b, [&] { work(rows); });
  });
}

/// Runs work(Neurons) for the blocks of one width of the network, 0 being the inputs.
template <class T>
template <class Work>
void Step<T>::for_each_block(Phase phase, std::size_t shard, std::size_t width, Work work) {
  const std::span<const Neurons> blocks = plan_.blocks[width];
  executor_.run(blocks.size(), [&](std::size_t b) {
    clock_.measure(phase, shard * slots_per_shard_ + b, [&] { work(blocks[b]); });
  });
}

/// One shard's own nabla_w and nabla_b, summed over its rows.
template <class T>
void Step<T>::form_nabla(std::size_t shard) {
  Network<T>& nabla = nablas_[shard];
  const RowRange rows = shard_rows(shard);
  for (std::size_t i = 0; i < nabla.layers(); ++i)
    for_each_block(Phase::kBackprop, shard, i + 1, [&](Neurons neurons) {
      const Neurons inputs{0, nabla.weight(i).cols};
      accumulate_nabla_w(workspace_, i, rows, neurons, inputs, T(1), T(0),
                         nabla.weight(i).row_range(neurons.first, neurons.count));
      accumulate_nabla_b(workspace_, i, rows, neurons, T(1), T(0),
                         nabla.bias(i).subspan(neurons.first, neurons.count));
    });
}

/// w ← (1 − η·l2) w − η/m Σ_rows ∇C_w and b ← b − η/m Σ_rows ∇C_b for one tile. The shards lie one
/// behind another in the workspace, so their sum in ascending order is one product over all rows.
template <class T>
void Step<T>::step_tile(Network<T>& network, const Tile& tile, StepSize size) {
  const T alpha = static_cast<T>(-size.learning_rate / static_cast<double>(batch_rows_));
  const T decay = static_cast<T>(1.0 - size.learning_rate * size.l2);
  const auto [i, neurons, inputs] = tile;
  const RowRange all{0, batch_rows_};
  accumulate_nabla_w(workspace_, i, all, neurons, inputs, alpha, decay,
                     columns(network.weight(i), inputs).row_range(neurons.first, neurons.count));
  if (inputs.first == 0)
    accumulate_nabla_b(workspace_, i, all, neurons, alpha, T(1),
                       network.bias(i).subspan(neurons.first, neurons.count));
}

/// The same from the nablas of the shards, added in ascending order, for one range of parameters.
template <class T>
void Step<T>::step_range(Network<T>& network, const ParameterRange& range, StepSize size) {
  const T alpha = static_cast<T>(-size.learning_rate / static_cast<double>(batch_rows_));
  const T decay = range.weights ? static_cast<T>(1.0 - size.learning_rate * size.l2) : T(1);
  const std::size_t count = range.last - range.first;
  const std::span<T> sum = nablas_.front().parameters().subspan(range.first, count);
  for (std::size_t s = 1; s < shards(); ++s)
    elementwise::add<T>(nablas_[s].parameters().subspan(range.first, count), sum);
  elementwise::axpby<T>(alpha, sum, decay, network.parameters().subspan(range.first, count));
}

template class Step<float>;
template class Step<double>;

}  // namespace nabla
