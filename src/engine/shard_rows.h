// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "nabla/base/matrix.h"
#include "nabla/engine/ranks.h"

#include "engine/plan.h"

namespace nabla {

/// The shards of each rank: ascending ranges of those of the plan.
class ShardRows {
 public:
  /// Plan and ranks are referred to.
  ShardRows(const StepPlan& plan, Ranks& ranks) : plan_(plan), ranks_(ranks) {}

  /// The shards of this rank in a mini-batch of so many shards: none if it is ragged and they would
  /// be at its end.
  RowRange own(std::size_t shards) const { return of_rank(shards, ranks_.rank()); }

  /// Where the rows of this rank's shards lie in a mini-batch of so many rows.
  RowRange own_rows(std::size_t batch_rows) const {
    return rows_of_rank(batch_rows, ranks_.rank());
  }

  /// Gives all ranks a matrix that has a row for each shard, of which each has its own.
  template <class T>
  void gather(Matrix<T>& of_shards, std::size_t shards) const {
    gather(of_shards.view(), [&](std::size_t q) { return of_rank(shards, q); });
  }

  /// The same for a matrix that has the rows of a mini-batch.
  template <class T>
  void gather_rows(MatrixView<T> of_batch) const {
    gather(of_batch, [&](std::size_t q) { return rows_of_rank(of_batch.rows, q); });
  }

  Ranks& ranks() const { return ranks_; }

 private:
  RowRange of_rank(std::size_t shards, std::size_t rank) const;
  RowRange rows_of_rank(std::size_t batch_rows, std::size_t rank) const;

  template <class T, class RowsOf>
  void gather(MatrixView<T> matrix, RowsOf rows_of) const {
    if (ranks_.size() == 1) return;
    std::vector<BytesRange> parts(ranks_.size());
    const std::size_t row = matrix.stride * sizeof(T);
    for (std::size_t q = 0; q < parts.size(); ++q)
      parts[q] = {rows_of(q).first * row, rows_of(q).count * row};
    ranks_.gather(std::as_writable_bytes(std::span(matrix.data, matrix.rows * matrix.stride)),
                  parts);
  }

  const StepPlan& plan_;
  Ranks& ranks_;
};

}  // namespace nabla
