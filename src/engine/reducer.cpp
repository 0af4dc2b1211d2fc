// SPDX-License-Identifier: MIT
#include "engine/reducer.h"

#include "nabla/math/elementwise.h"

namespace nabla {

namespace {

/// To the first shard's nabla the others', in ascending order.
template <class T>
void add_shards(std::span<Network<T>> shards, const Tile& tile) {
  const TilePart<T> sum = part_of(shards.front(), tile);
  for (std::size_t r = 0; r < sum.w.rows; ++r)
    for (Network<T>& shard : shards.subspan(1))
      elementwise::add<T>(part_of(shard, tile).w.row(r), sum.w.row(r));
  if (sum.b.empty()) return;
  for (Network<T>& shard : shards.subspan(1)) elementwise::add<T>(part_of(shard, tile).b, sum.b);
}

template <class T>
class LocalReducer : public Reducer<T> {
 public:
  explicit LocalReducer(std::span<const Tile> tiles) : tiles_(tiles) {}

  std::span<const Tile> tiles() const override { return tiles_; }

  void sum(std::span<Network<T>> shards, const PhaseTasks& tasks, TaskRef then) override {
    tasks.run(Phase::kReduceStep, 0, tiles_.size(), [&](std::size_t t) {
      add_shards(shards, tiles_[t]);
      then(t);
    });
  }

 private:
  std::span<const Tile> tiles_;
};

}  // namespace

template <class T>
std::unique_ptr<Reducer<T>> make_local_reducer(const std::vector<Tile>& tiles) {
  return std::make_unique<LocalReducer<T>>(tiles);
}

template std::unique_ptr<Reducer<float>> make_local_reducer(const std::vector<Tile>&);
template std::unique_ptr<Reducer<double>> make_local_reducer(const std::vector<Tile>&);

}  // namespace nabla
