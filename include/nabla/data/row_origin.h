// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace nabla {

/// Where the rows of a data set come from: their places among the rows that were read, and in
/// files. A value; copies share their memory, which is 4 bytes per row if rows were selected, else
/// next to none.
class RowOrigin {
 public:
  /// Rows on lines that follow each other, up to the first row of the next run.
  struct Run {
    std::size_t first_row = 0;
    std::size_t line = 1;  ///< of the first row, from 1
  };
  /// The rows of a file, up to the first row of the next file.
  struct File {
    std::string name = {};
    std::size_t first_row = 0;
    /// By ascending row, the first from first_row on; empty if the file has no lines.
    std::vector<Run> runs = {};
  };

  /// Rows from memory, which stand in no file.
  RowOrigin() = default;
  /// The files of all rows, the first from row 0 on.
  explicit RowOrigin(std::vector<File> files);

  /// The origin of the rows from `first` on.
  RowOrigin slice(std::size_t first) const;
  /// The origin of the named rows, in that order.
  RowOrigin select(const std::vector<std::uint32_t>& rows) const;

  /// Returns the files of all rows that were read; none if the rows stand in no file.
  std::span<const File> files() const { return files_ ? *files_ : std::span<const File>(); }
  /// Returns whether the rows stand in no file.
  bool empty() const { return files_ == nullptr; }
  /// Returns the place of a row among those that were read, from 0, before any was taken away or
  /// moved.
  std::size_t index(std::size_t row) const { return rows_ ? (*rows_)[first_ + row] : first_ + row; }
  /// Returns "flowers.csv:18", or "images.npz: row 17" if the file has no lines; "row 17" for row
  /// 16 of rows from memory.
  std::string place(std::size_t row) const;
  /// Returns the same, but "the test rows: row 17" for rows from memory, which have that name.
  std::string place(std::size_t row, const std::string& name) const;

 private:
  std::shared_ptr<const std::vector<File>> files_;
  std::size_t first_ = 0;
  /// The rows selected before `first_` counts; null: all, in order.
  std::shared_ptr<const std::vector<std::uint32_t>> rows_;
};

}  // namespace nabla
