// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace nabla {

/// Where the rows of a data set stand in files, for errors. A value; copies share their memory,
/// which is 4 bytes per row if rows were selected, else next to none.
class RowOrigin {
 public:
  /// Rows that follow each other in one file, up to the first row of the next run.
  struct Run {
    std::size_t first_row = 0;
    std::string file = {};
    /// The line of the first row, or if there are no lines its number in the file, from 1.
    std::size_t number = 1;
    bool has_lines = false;
  };

  /// Rows from memory, which stand in no file.
  RowOrigin() = default;
  /// The runs of all rows, the first from row 0 on.
  explicit RowOrigin(std::vector<Run> runs);

  /// The origin of the rows from `first` on.
  RowOrigin slice(std::size_t first) const;
  /// The origin of the named rows, in that order.
  RowOrigin select(const std::vector<std::uint32_t>& rows) const;

  /// Returns whether the rows stand in no file.
  bool empty() const { return runs_ == nullptr; }
  /// Returns "flowers.csv:18", or "images.npz: row 17" if the file has no lines; "row 17" for rows
  /// from memory.
  std::string place(std::size_t row) const;

 private:
  std::shared_ptr<const std::vector<Run>> runs_;
  std::size_t first_ = 0;
  /// The rows selected before `first_` counts; null: all, in order.
  std::shared_ptr<const std::vector<std::uint32_t>> rows_;
};

}  // namespace nabla
