// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/engine/executor.h"
#include "nabla/model/model.h"

#include "base/row_range.h"
#include "data/entry_counts.h"
#include "data/gather.h"
#include "engine/blas_guard.h"
#include "engine/gather_inputs.h"
#include "engine/stages.h"
#include "model/batch_norm.h"
#include "model/parameter_layout.h"
#include "model/workspace.h"
#include "train/with_precision.h"

namespace nabla {

/// Rows that one task passes through the network, and tasks whose rows are in memory at once.
inline constexpr std::size_t kTaskRows = 64;
inline constexpr std::size_t kWaveTasks = 16;

/// Whether the model reads these rows as entries. It reads them whole if a feature without an entry
/// would become an input other than 0.
template <class T>
bool reads_entries(const Model<T>& model, const Dataset& data) {
  return model.sparse && keeps_zeros(model.preprocess, data);
}

/// for_each_wave in one precision.
template <class P, class T, class Task, class After>
void for_each_wave_in(const Model<T>& model, const Dataset& data, RowRange part, Executor& executor,
                      Task task, After after) {
  require_safe_blas(executor);
  std::optional<Network<T>> folded;
  if (model.network.topology().batch_norm()) folded = fold_batch_norm(model.network);
  const Network<T>& given = folded ? *folded : model.network;
  const InputTransform<T> transform(model.preprocess);
  const std::size_t wave_rows = std::min(kTaskRows * kWaveTasks, part.count);
  const bool sparse = reads_entries(model, data);
  std::optional<Network<T>> input_major;
  if (sparse) input_major = to_input_major(given);
  const Network<T>& network = sparse ? *input_major : given;
  Workspace<P> workspace(
      network.topology(), wave_rows, false,
      sparse ? most_entries(data, transform, part.first, part.count, wave_rows) : 0);
  workspace.round_weights(network);
  const std::vector<Stage<P>> layers = feedforward_stages<P>(network.topology());
  std::vector<std::uint32_t> indices(data.rows());
  std::iota(indices.begin(), indices.end(), 0U);
  const std::size_t end = part.first + part.count;
  for (std::size_t first = part.first; first < end; first += wave_rows) {
    const std::size_t count = std::min(wave_rows, end - first);
    if (sparse)
      workspace.sparse_inputs().begin(
          count, [&](std::size_t r) { return most_entries(data, transform, first + r); });
    executor.run((count + kTaskRows - 1) / kTaskRows, [&](std::size_t i) {
      const RowRange rows{i * kTaskRows, std::min(kTaskRows, count - i * kTaskRows)};
      const auto data_rows = std::span(indices).subspan(first + rows.first, rows.count);
      gather_into(workspace, data, transform, data_rows, rows);
      run_stages<P>(layers, network, workspace, rows);
      task(workspace, rows, data_rows);
    });
    after(workspace, first, RowRange{0, count});
  }
}

/// Passes rows of the data, from the start of a task on, through the network in waves, in the
/// model's precision: task(workspace, rows, data_rows) for disjoint ranges of a wave in parallel,
/// then after(workspace, first, rows) for the whole wave on the calling thread. `first` is the data
/// row that lies in row 0 of the workspace.
template <class T, class Task, class After>
void for_each_wave(const Model<T>& model, const Dataset& data, RowRange part, Executor& executor,
                   Task task, After after) {
  if (part.count == 0) return;
  with_precision(model, [&]<class P>(PrecisionTag<P>) {
    for_each_wave_in<P>(model, data, part, executor, task, after);
  });
}

/// The same for all rows.
template <class T, class Task, class After>
void for_each_wave(const Model<T>& model, const Dataset& data, Executor& executor, Task task,
                   After after) {
  for_each_wave(model, data, RowRange{0, data.rows()}, executor, task, after);
}

}  // namespace nabla
