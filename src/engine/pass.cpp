// SPDX-License-Identifier: MIT
#include "engine/pass.h"

#include "data/gather.h"
#include "data/gather_augmented.h"
#include "model/backprop.h"
#include "model/feedforward.h"
#include "model/output_layer.h"

namespace nabla {

template <class T>
void Pass<T>::run_shard(const Network<T>& network, Workspace<T>& workspace,
                        std::span<const std::uint32_t> rows, std::size_t epoch, std::size_t shard,
                        const PhaseTasks& tasks) const {
  const RowRange range = plan_.shard_rows(rows.size(), shard);
  const std::size_t slot = plan_.first_slot(shard);
  /// work(RowRange) for the row blocks of the shard.
  const auto for_each_row_block = [&](Phase phase, auto work) {
    tasks.run(phase, slot, plan_.row_blocks, [&](std::size_t b) {
      const RowRange part = divide_rows(range, plan_.row_blocks, b);
      if (part.count > 0) work(part);
    });
  };
  /// work(Neurons) for the blocks of one width of the network, 0 being the inputs.
  const auto for_each_block = [&](Phase phase, std::size_t width, auto work) {
    tasks.run(phase, slot, plan_.blocks[width].size(),
              [&](std::size_t b) { work(plan_.blocks[width][b]); });
  };

  for_each_row_block(Phase::kGather, [&](RowRange part) {
    const auto data_rows = rows.subspan(part.first, part.count);
    const auto inputs = workspace.activation(0, part);
    if (augmentation_ == nullptr)
      gather_inputs(data_, transform_, data_rows, inputs);
    else
      gather_augmented_inputs(data_, *augmentation_, epoch, transform_, data_rows, inputs);
    dropout_.apply(workspace, 0, part, {0, network.topology().inputs()});
    gather_targets(data_, data_rows, workspace.target(part), scaling_);
  });
  for (std::size_t i = 0; i < network.layers(); ++i)
    for_each_block(Phase::kFeedforward, i + 1, [&](Neurons neurons) {
      feedforward_layer(network, workspace, i, range, neurons);
      dropout_.apply(workspace, i + 1, range, neurons);
    });
  for_each_row_block(Phase::kFeedforward, [&](RowRange part) {
    output_layer(network, cost_, data_.task, workspace, part, scaling_.divisor);
  });
  for (std::size_t i = network.layers() - 1; i > 0; --i)
    for_each_block(Phase::kBackprop, i,
                   [&](Neurons neurons) { backprop_layer(network, workspace, i, range, neurons); });
}

template class Pass<float>;
template class Pass<double>;

}  // namespace nabla
