// SPDX-License-Identifier: MIT
#include "engine/reducer.h"

#include <numeric>

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
class LocalReducer final : public Reducer<T> {
 public:
  explicit LocalReducer(std::span<const Tile> tiles) : tiles_(tiles), places_(tiles.size()) {
    std::iota(places_.begin(), places_.end(), std::size_t{0});
  }

  std::span<const std::size_t> tiles() const override { return places_; }

  void begin(std::size_t shards, std::span<Network<T>> nablas) override {
    nablas_ = nablas.first(shards);
  }

  void take_layer(std::size_t) override {}

  /// All layers at once: the tiles of a small one would not occupy all threads.
  void sum(const PhaseTasks& tasks, TaskRef then, TaskRef after_layer) override {
    tasks.run(Phase::kReduceStep, 0, tiles_.size(), [&](std::size_t t) {
      const TilePart<T> sum = sum_of(t);
      // Row by row, so that the sums stay in the cache.
      for (std::size_t r = 0; r < sum.w.rows; ++r) add_shards(nablas_, sum.w.row(r));
      if (!sum.b.empty()) add_shards(nablas_, sum.b);
      then(t);
    });
    for (std::size_t i = nablas_.front().layers(); i-- > 0;) after_layer(i);
  }

  TilePart<T> sum_of(std::size_t tile) override { return part_of(nablas_.front(), tiles_[tile]); }

  void share_layer(Network<T>&, std::size_t) override {}
  void finish_sharing(Network<T>&, const PhaseTasks&) override {}
  void share_numbers(std::span<double>) override {}

 private:
  std::span<const Tile> tiles_;
  std::vector<std::size_t> places_;
  std::span<Network<T>> nablas_;
};

}  // namespace

template <class T>
std::unique_ptr<Reducer<T>> make_local_reducer(const std::vector<Tile>& tiles) {
  return std::make_unique<LocalReducer<T>>(tiles);
}

template std::unique_ptr<Reducer<float>> make_local_reducer(const std::vector<Tile>&);
template std::unique_ptr<Reducer<double>> make_local_reducer(const std::vector<Tile>&);

}  // namespace nabla
