// SPDX-License-Identifier: MIT
#include "engine/step.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "data/gather.h"

namespace nabla {

template <class P>
Step<P>::Step(const Topology& topology, Objective objective, const Dataset& data,
              const Preprocess& preprocess, StepPlan plan, const StepOptions& options,
              Executor& executor)
    : data_(data),
      plan_(std::move(plan)),
      serial_(plan_.worth_threads ? nullptr : make_serial_executor()),
      executor_(serial_ ? *serial_ : executor),
      workspace_(topology, plan_.batch_size, !objective.row_weights.empty()),
      dropout_(options.dropout, options.seed),
      augmentation_(make_augmentation(options.augment, data, options.seed)),
      batch_norm_(topology, plan_.batch_size, plan_.shards),
      pass_(topology, std::move(objective), data, preprocess, plan_, dropout_,
            augmentation_ ? &*augmentation_ : nullptr, batch_norm_),
      update_(topology, plan_, options.optimizer, options.penalty, options.bounds, batch_norm_,
              executor_.threads()),
      clock_(std::max(plan_.first_slot(plan_.shards), plan_.tiles.size()), executor_.threads()) {
  pass_.append(update_.shard_stages());
  for (std::size_t i = 0; i < topology.layers().size(); ++i)
    workspace_.set_scale(i, static_cast<T>(dropout_.scale(i)));
}

template <class P>
BatchResult Step<P>::run(Network<T>& network, std::span<const std::uint32_t> rows,
                         const StepPoint& point, std::span<const std::uint32_t> next) {
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
BatchResult Step<P>::evaluate(const Network<T>& network, std::span<const std::uint32_t> rows,
                              const StepPoint& point) {
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
