// SPDX-License-Identifier: MIT
#include "engine/nabla_sums.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "model/backprop.h"
#include "model/padding.h"

namespace nabla {

namespace {

/// The topology of the nabla that is kept: without that of an input-major first layer, which then
/// has one input.
Topology nabla_topology(const Topology& topology) {
  if (!topology.layers().front().input_major) return topology;
  std::vector<std::size_t> widths = topology.widths();
  widths.front() = 1;
  return {widths, topology.activations(), topology.batch_norm()};
}

/// Elements of each thread's scratch: of the buffers for a sum over shards, and of a band that is
/// kept nowhere else.
std::size_t scratch_elements(const SumPlan& sums, bool has_bands_in_cache) {
  const std::size_t buffers = sums.buffers() + (has_bands_in_cache ? 1 : 0);
  std::size_t most = 0;
  for (const Band& band : sums.bands)
    most = std::max(most, buffers * buffer_storage(band.all, band.all.neurons.count));
  return most;
}

}  // namespace

std::size_t buffer_storage(const Tile& tile, std::size_t neurons) {
  return round_to_lines(tile.inputs.count) * neurons + round_to_lines(neurons);
}

template <class T>
TilePart<T> part_in(std::span<T> buffer, const Tile& tile, bool has_biases) {
  const std::size_t count = tile.neurons.count, stride = round_to_lines(tile.inputs.count);
  return {{buffer.data() + round_to_lines(count), count, tile.inputs.count, stride},
          has_biases ? buffer.first(count) : std::span<T>()};
}

template <class P>
void form_nabla(Workspace<P>& workspace, RowRange rows, const Tile& tile,
                const TilePart<SumOf<P>>& nabla) {
  using T = SumOf<P>;
  accumulate_nabla_w(workspace, tile, rows, T(1), T(0), nabla.w);
  if (!nabla.b.empty()) accumulate_nabla_b(workspace, tile, rows, T(1), T(0), nabla.b);
}

template <class P>
NablaSums<P>::NablaSums(const Topology& topology, const StepPlan& plan, std::span<const Tile> tiles,
                        SumPlan sums, const ShardRows& shard_rows, bool are_kept,
                        std::size_t threads)
    : topology_(nabla_topology(topology)),
      plan_(plan),
      tiles_(tiles),
      sums_(std::move(sums)),
      shard_rows_(shard_rows),
      nablas_(are_kept ? sums_.parts : 0, Network<T>(topology_)) {
  const bool has_bands_in_cache = !are_kept || shard_rows.ranks().size() > 1;
  if (const std::size_t size = scratch_elements(sums_, has_bands_in_cache); size > 0)
    scratch_.emplace(threads, AlignedArray<T>(size));
}

template <class P>
double NablaSums<P>::bytes(const Topology& topology, const SumPlan& sums, bool are_kept,
                           std::size_t threads) {
  const double nabla = static_cast<double>(nabla_topology(topology).storage());
  const std::size_t scratch = threads * scratch_elements(sums, !are_kept);
  return sizeof(T) *
         (static_cast<double>(are_kept ? sums.parts : 0) * nabla + static_cast<double>(scratch));
}

template <class P>
void NablaSums<P>::begin(std::size_t rows) {
  batch_rows_ = rows;
  if (plan_.reduction != Reduction::kPerShard) return;
  const std::size_t shards = plan_.shards_of(rows);
  if (!tree_ || tree_->shards() != shards)
    tree_.emplace(shards, plan_.shards, shard_rows_.ranks().size(), sums_.at_once);
}

template <class P>
void NablaSums<P>::form(Workspace<P>& workspace, std::size_t part, const Band& band) {
  const TilePart<T> to = part_of(nablas_[part], band.all);
  if (!scratch_) return add_shards(workspace, band.all, parts()[part], to, {});
  typename ScratchPool<AlignedArray<T>>::Loan loan(*scratch_);
  add_shards(workspace, band.all, parts()[part], to, loan->span());
}

template <class P>
void NablaSums<P>::form_all(Workspace<P>& workspace, const PhaseTasks& tasks, TaskRef then) {
  if (plan_.reduction == Reduction::kTiled) {
    tasks.run(Phase::kReduceStep, 0, tiles_.size(), [&](std::size_t t) {
      form_nabla(workspace, {0, batch_rows_}, tiles_[t], kept(tiles_[t]));
      then(t);
    });
    return;
  }
  const std::size_t bands = sums_.bands.size();
  tasks.run(Phase::kReduceStep, 0, parts().size() * bands,
            [&](std::size_t n) { form(workspace, n / bands, sums_.bands[n % bands]); });
  tasks.run(Phase::kReduceStep, 0, tiles_.size(), [&](std::size_t t) {
    for (const Addition& addition : tree_->additions(0))
      add_part(part_of(nablas_[tree_->part(addition.from)], tiles_[t]),
               part_of(nablas_[tree_->part(addition.to)], tiles_[t]));
    then(t);
  });
}

/// The rows of a shard in the workspace.
template <class P>
RowRange NablaSums<P>::rows_of_shard(std::size_t shard) const {
  RowRange rows = plan_.shard_rows(batch_rows_, shard);
  // With sparse rows the workspace has those of all ranks.
  if (plan_.entries == 0) rows.first -= shard_rows_.own_rows(batch_rows_).first;
  return rows;
}

/// The sum of a band's nablas over some shards, which are a subtree: that of its two halves (see
/// add_pairwise). `buffers` has one for each level of the tree below.
template <class P>
void NablaSums<P>::add_shards(Workspace<P>& workspace, const Tile& band, RowRange shards,
                              const TilePart<T>& to, std::span<T> buffers) const {
  if (shards.count == 1) return form_nabla(workspace, rows_of_shard(shards.first), band, to);
  const std::size_t half = std::bit_floor(shards.count - 1);
  const std::size_t size = buffer_storage(band, band.neurons.count);
  add_shards(workspace, band, {shards.first, half}, to, buffers);
  const TilePart<T> second = part_in(buffers.first(size), band, !to.b.empty());
  add_shards(workspace, band, {shards.first + half, shards.count - half}, second,
             buffers.subspan(size));
  add_part(second, to);
}

template TilePart<float> part_in(std::span<float>, const Tile&, bool);
template TilePart<double> part_in(std::span<double>, const Tile&, bool);
template void form_nabla(Workspace<Float32>&, RowRange, const Tile&, const TilePart<float>&);
template void form_nabla(Workspace<Bfloat16>&, RowRange, const Tile&, const TilePart<float>&);
template void form_nabla(Workspace<Float64>&, RowRange, const Tile&, const TilePart<double>&);
template class NablaSums<Float32>;
template class NablaSums<Bfloat16>;
template class NablaSums<Float64>;

}  // namespace nabla
