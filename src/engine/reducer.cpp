// SPDX-License-Identifier: MIT
#include "engine/reducer.h"

#include "engine/pairwise.h"
#include "math/elementwise.h"

namespace nabla {

namespace {

/// Adds to a part of the first shard the same part of the others.
template <class T>
void add_shards(std::span<Network<T>> shards, std::span<T> part) {
  const auto first = static_cast<std::size_t>(part.data() - shards.front().parameters().data());
  const auto part_in = [&](std::size_t s) {
    return shards[s].parameters().subspan(first, part.size());
  };
  add_pairwise(shards.size(), [&](std::size_t to, std::size_t from) {
    elementwise::add<T>(part_in(from), part_in(to));
  });
}

template <class T>
class LocalReducer : public Reducer<T> {
 public:
  explicit LocalReducer(std::span<const Tile> tiles) : tiles_(tiles) {}

  std::span<const Tile> tiles() const override { return tiles_; }

  void sum(std::span<Network<T>> shards, const PhaseTasks& tasks, TaskRef then) override {
    tasks.run(Phase::kReduceStep, 0, tiles_.size(), [&](std::size_t t) {
      const TilePart<T> sum = part_of(shards.front(), tiles_[t]);
      // Row by row, so that the sums stay in the cache.
      for (std::size_t r = 0; r < sum.w.rows; ++r) add_shards(shards, sum.w.row(r));
      if (!sum.b.empty()) add_shards(shards, sum.b);
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
