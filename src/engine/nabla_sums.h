// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "nabla/base/matrix.h"
#include "nabla/model/network.h"
#include "nabla/model/topology.h"

#include "engine/bands.h"
#include "engine/phase_clock.h"
#include "engine/plan.h"
#include "engine/scratch_pool.h"
#include "engine/shard_rows.h"
#include "engine/shard_tree.h"
#include "engine/tile_part.h"
#include "model/units.h"
#include "model/workspace.h"

namespace nabla {

/// Elements of a buffer for the nabla of so many neurons of a tile.
std::size_t buffer_storage(const Tile& tile, std::size_t neurons);

/// The nabla of a tile, with biases or not, in a buffer.
template <class T>
TilePart<T> part_in(std::span<T> buffer, const Tile& tile, bool has_biases);

/// Forms nabla_w and nabla_b of a tile, summed over the rows, which may be those of several shards.
template <class P>
void form_nabla(Workspace<P>& workspace, RowRange rows, const Tile& tile,
                const TilePart<SumOf<P>>& nabla);

/// nabla_w and nabla_b of a mini-batch, summed over its rows or, with kPerShard, pairwise over the
/// shards of this rank. They are kept, or are there only while a band of them is in the cache. A
/// first layer fed by sparse rows is left out.
template <class P>
class NablaSums {
  using T = SumOf<P>;

 public:
  /// All but topology and sums are referred to and must outlive this. `tiles` are those of which
  /// the nabla is formed, `sums` their plan.
  NablaSums(const Topology& topology, const StepPlan& plan, std::span<const Tile> tiles,
            SumPlan sums, const ShardRows& shard_rows, bool are_kept, std::size_t threads);

  /// Bytes that they take in a lone process.
  static double bytes(const Topology& topology, const SumPlan& sums, bool are_kept,
                      std::size_t threads);

  const SumPlan& plan() const { return sums_; }

  /// To be called before the pass of a mini-batch of so many rows.
  void begin(std::size_t rows);

  /// kPerShard: of the mini-batch.
  const ShardTree& tree() const { return *tree_; }
  /// The subtrees of it that this rank has, whose nablas are kept apart.
  const std::vector<RowRange>& parts() const { return tree_->parts(shard_rows_.ranks().rank()); }

  /// Where the nablas of the parts are kept; without kPerShard there is one.
  std::span<Network<T>> kept() { return nablas_; }
  /// What is kept of a tile or band in the first.
  TilePart<T> kept(const Tile& tile) { return part_of(nablas_.front(), tile); }

  /// Forms a band of a part's nabla where it is kept. Bands may be formed side by side.
  void form(Workspace<P>& workspace, std::size_t part, const Band& band);

  /// Forms a band of the first part's nabla in the cache and calls use(nabla). If nablas are kept,
  /// nabla_b is formed there. Bands may be formed side by side.
  template <class Use>
  void form_in_cache(Workspace<P>& workspace, const Band& band, Use use) {
    typename ScratchPool<AlignedArray<T>>::Loan loan(*scratch_);
    const std::size_t size = buffer_storage(band.all, band.all.neurons.count);
    const bool biases = has_biases(topology_, band.all);
    TilePart<T> sum = part_in(loan->span().first(size), band.all, biases && nablas_.empty());
    if (biases && !nablas_.empty()) sum.b = kept(band.all).b;
    add_shards(workspace, band.all, parts().front(), sum, loan->span().subspan(size));
    use(sum);
  }

  /// In a lone process: makes kept(tile) the sum over all rows, and calls then(t) for tile t as
  /// soon as that is there.
  void form_all(Workspace<P>& workspace, const PhaseTasks& tasks, TaskRef then);

 private:
  RowRange rows_of_shard(std::size_t shard) const;
  void add_shards(Workspace<P>& workspace, const Tile& band, RowRange shards, const TilePart<T>& to,
                  std::span<T> buffers) const;

  const Topology topology_;  ///< of what is kept
  const StepPlan& plan_;
  const std::span<const Tile> tiles_;
  const SumPlan sums_;
  const ShardRows& shard_rows_;
  std::size_t batch_rows_ = 0;
  std::optional<ShardTree> tree_;
  std::vector<Network<T>> nablas_;
  std::optional<ScratchPool<AlignedArray<T>>> scratch_;  ///< kPerShard: buffers of a band
};

}  // namespace nabla
