// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>
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
#include "math/precision.h"
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

/// RowWaves in one precision.
template <class P, class T>
class RowWavesIn {
 public:
  explicit RowWavesIn(const Model<T>& model) : model_(model) {
    if (model.network.topology().batch_norm()) folded_ = fold_batch_norm(model.network);
  }

  template <class Task, class After>
  void run(const InputTransform<T>& transform, const Dataset& data, RowRange part,
           Executor& executor, Task task, After after) {
    require_safe_blas(executor);
    const std::size_t wave_rows = std::min(kTaskRows * kWaveTasks, part.count);
    const bool sparse = reads_entries(model_, data);
    prepare(sparse, wave_rows,
            sparse ? most_entries(data, transform, part.first, part.count, wave_rows) : 0);
    Workspace<P>& workspace = *workspace_;
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
        run_stages<P>(layers_, network(sparse), workspace, rows);
        task(workspace, rows, data_rows);
      });
      after(workspace, first, RowRange{0, count});
    }
  }

 private:
  /// Returns the network as its products read it.
  const Network<T>& network(bool sparse) const {
    if (sparse) return *input_major_;
    return folded_ ? *folded_ : model_.network;
  }

  /// Makes a workspace for so many rows with so many entries, unless there is one.
  void prepare(bool sparse, std::size_t rows, std::size_t entries) {
    if (workspace_ && workspace_->is_sparse() == sparse && workspace_->rows() >= rows &&
        entries_ >= entries)
      return;
    if (sparse && !input_major_) input_major_ = to_input_major(network(false));
    const Topology& topology = network(sparse).topology();
    layers_ = feedforward_stages<P>(topology);
    workspace_.emplace(topology, rows, false, entries);
    workspace_->round_weights(network(sparse));
    entries_ = entries;
  }

  const Model<T>& model_;
  std::optional<Network<T>> folded_;
  std::optional<Network<T>> input_major_;
  std::vector<Stage<P>> layers_;
  std::optional<Workspace<P>> workspace_;
  std::size_t entries_ = 0;  ///< for which the workspace has room
};

/// Passes the rows of data sets through a model in waves, in the model's precision. Keeps all that
/// it makes of the model, so that it is made once for many data sets. The model must outlive it and
/// stay as it is.
template <class T>
class RowWaves {
 public:
  explicit RowWaves(const Model<T>& model)
      : transform_(model.preprocess), waves_(with_precision(model, [&]<class P>(PrecisionTag<P>) {
          return AnyWaves(std::in_place_type<RowWavesIn<P, T>>, model);
        })) {}

  const InputTransform<T>& transform() const { return transform_; }

  /// task(workspace, rows, data_rows) for disjoint ranges of a wave in parallel, then
  /// after(workspace, first, rows) for the whole wave on the calling thread. `first` is the data
  /// row that lies in row 0 of the workspace.
  template <class Task, class After>
  void run(const Dataset& data, Executor& executor, Task task, After after) {
    run(data, RowRange{0, data.rows()}, executor, task, after);
  }
  /// The same for some rows, from the start of a task on.
  template <class Task, class After>
  void run(const Dataset& data, RowRange part, Executor& executor, Task task, After after) {
    if (part.count == 0) return;
    std::visit([&](auto& waves) { waves.run(transform_, data, part, executor, task, after); },
               waves_);
  }

 private:
  using AnyWaves =
      std::conditional_t<std::is_same_v<T, float>,
                         std::variant<RowWavesIn<Uniform<T>, T>, RowWavesIn<Bfloat16, T>>,
                         std::variant<RowWavesIn<Uniform<T>, T>>>;

  InputTransform<T> transform_;
  AnyWaves waves_;
};

/// Passes all rows of one data set through the model, see RowWaves.
template <class T, class Task, class After>
void for_each_wave(const Model<T>& model, const Dataset& data, Executor& executor, Task task,
                   After after) {
  RowWaves<T>(model).run(data, executor, task, after);
}

/// Passes some rows of one data set, from the start of a task on.
template <class T, class Task, class After>
void for_each_wave(const Model<T>& model, const Dataset& data, RowRange part, Executor& executor,
                   Task task, After after) {
  RowWaves<T>(model).run(data, part, executor, task, after);
}

}  // namespace nabla
