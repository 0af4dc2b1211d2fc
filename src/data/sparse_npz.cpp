// SPDX-License-Identifier: MIT
#include "data/sparse_npz.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/data/sparse_matrix.h"

#include "base/mapped_file.h"
#include "base/stored_number.h"
#include "data/csv_cell.h"
#include "data/label_file.h"
#include "data/numpy_array.h"
#include "data/row_targets.h"

namespace nabla {

namespace {

/// Rows and columns that a matrix may have, however few its entries are; a row more is 24 bytes, a
/// column more some numbers of each description and the weights of the first layer.
constexpr std::size_t kFreeRows = std::size_t{1} << 18;
constexpr std::size_t kRowsPerEntry = 64;
constexpr std::size_t kFreeColumns = std::size_t{1} << 24;

/// Numbers in memory that they own or share with an array.
template <class T>
struct SharedNumbers {
  std::span<const T> numbers;
  std::shared_ptr<const void> owner;
};

template <class T>
SharedNumbers<T> own(std::vector<T> numbers) {
  auto owner = std::make_shared<const std::vector<T>>(std::move(numbers));
  const std::span<const T> span = *owner;
  return {span, std::move(owner)};
}

/// Returns whether the elements lie in memory as numbers of T do, which have their size.
template <class T>
bool lies_as(const NumpyArray& array) {
  return sizeof(T) == array.type.size &&
         (sizeof(T) == 1 || array.type.big_endian == (std::endian::native == std::endian::big)) &&
         reinterpret_cast<std::uintptr_t>(array.elements.data()) % alignof(T) == 0;
}

std::size_t length_of(const NumpyArray& array) {
  if (array.type.is_text() || array.shape.size() != 1)
    throw DataError(array.name + ": found " + (array.type.is_text() ? "text" : "numbers") +
                    " of the shape " + shape_text(array.shape) +
                    "; expected numbers in one dimension");
  return array.shape.front();
}

/// Calls use(i, number) for each of the array's numbers, which are integers of at least 0 and below
/// `end`. `what` is a row, a column or an entry, for errors.
template <class Use>
void for_each_index(const NumpyArray& array, std::uint64_t end, const std::string& what, Use use) {
  const std::size_t length = length_of(array);
  if (array.type.kind != NumpyType::Kind::kSigned && array.type.kind != NumpyType::Kind::kUnsigned)
    throw DataError(array.name + ": found numbers of another type; expected integers");
  with_numpy_type(array.type, [&](auto example) {
    using Stored = decltype(example);
    for (std::size_t i = 0; i < length; ++i) {
      const auto stored =
          value_of(load_number<Stored>(&array.elements[i * sizeof(Stored)], array.type.big_endian));
      if constexpr (std::is_integral_v<decltype(stored)>) {
        if (stored < 0 || static_cast<std::uint64_t>(stored) >= end)
          throw DataError(array.name + "[" + std::to_string(i) + "]: found " +
                          std::to_string(stored) + "; expected " + what + " from 0 to " +
                          std::to_string(end - 1));
        use(i, static_cast<std::uint64_t>(stored));
      }
    }
  });
}

/// Returns the indices, each below `end`.
SharedNumbers<std::uint32_t> read_indices(const NumpyArray& array, std::size_t end,
                                          const std::string& what) {
  if (lies_as<std::uint32_t>(array)) {
    for_each_index(array, end, what, [](std::size_t, std::uint64_t) {});
    return {{reinterpret_cast<const std::uint32_t*>(array.elements.data()), length_of(array)},
            array.owner};
  }
  std::vector<std::uint32_t> indices(length_of(array));
  for_each_index(array, end, what, [&](std::size_t i, std::uint64_t index) {
    indices[i] = static_cast<std::uint32_t>(index);
  });
  return own(std::move(indices));
}

struct SparseShape {
  std::size_t rows;
  std::size_t cols;
};

SparseShape read_shape(const NpzFile& file) {
  const NumpyArray array = file.read("shape");
  if (length_of(array) != 2)
    throw DataError(file.name() + ": the array shape has the length " +
                    std::to_string(length_of(array)) + "; expected 2: rows and columns");
  std::vector<std::size_t> sizes;
  for_each_index(array, std::uint64_t{1} << 32, "a size",
                 [&](std::size_t, std::uint64_t size) { sizes.push_back(size); });
  if (sizes[0] == 0 || sizes[1] == 0)
    throw DataError(file.name() + ": found a matrix of shape " + shape_text(sizes) +
                    "; expected rows and columns");
  return {sizes[0], sizes[1]};
}

void require_plausible(const SparseShape& shape, std::size_t entries, const std::string& name) {
  const auto require = [&](std::size_t found, std::size_t most, const std::string& what) {
    if (found > most)
      throw DataError(name + ": found " + std::to_string(found) + " " + what + " and only " +
                      std::to_string(entries) + " entries; expected at most " +
                      std::to_string(most) + " " + what + " for so few");
  };
  require(shape.rows, kFreeRows + kRowsPerEntry * entries, "rows");
  require(shape.cols, std::max(kFreeColumns, entries), "columns");
}

/// Entries by rows; the columns of a row are in any order.
template <class V>
struct Entries {
  std::vector<std::size_t> starts;  ///< [rows + 1]
  SharedNumbers<std::uint32_t> columns;
  SharedNumbers<V> values;
};

/// Returns the starts of csr's rows or csc's columns, of which there are `count`.
std::vector<std::size_t> read_starts(const NpzFile& file, std::size_t count, std::size_t entries) {
  const NumpyArray array = file.read("indptr");
  if (length_of(array) != count + 1)
    throw DataError(array.name + ": found " + std::to_string(length_of(array)) +
                    " numbers; expected " + std::to_string(count + 1) +
                    ", one more than the shape says");
  std::vector<std::size_t> starts(count + 1);
  for_each_index(array, std::uint64_t{entries} + 1, "a place among the entries",
                 [&](std::size_t i, std::uint64_t start) {
                   starts[i] = start;
                   if (i == 0 ? start != 0 : start < starts[i - 1])
                     throw DataError(array.name + "[" + std::to_string(i) + "]: found " +
                                     std::to_string(start) + "; expected " +
                                     (i == 0 ? "0" : std::to_string(starts[i - 1]) + " or more"));
                 });
  return starts;
}

/// Returns the entries with these rows in the order of the rows, those of a row as they were.
template <class V>
Entries<V> sorted_by_rows(std::size_t rows, std::span<const std::uint32_t> row_of_entry,
                          std::span<const std::uint32_t> columns, std::span<const V> values) {
  Entries<V> result;
  result.starts.resize(rows + 1);
  for (const std::uint32_t row : row_of_entry) ++result.starts[row + 1];
  std::partial_sum(result.starts.begin(), result.starts.end(), result.starts.begin());
  std::vector<std::size_t> next(result.starts.begin(), result.starts.end() - 1);
  std::vector<std::uint32_t> sorted_columns(columns.size());
  std::vector<V> sorted_values(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::size_t place = next[row_of_entry[i]]++;
    sorted_columns[place] = columns[i];
    sorted_values[place] = values[i];
  }
  result.columns = own(std::move(sorted_columns));
  result.values = own(std::move(sorted_values));
  return result;
}

/// Reads the entries by the file's format, whose name is "csr", "csc" or "coo".
template <class V>
Entries<V> read_entries(const NpzFile& file, const std::string& format, const SparseShape& shape,
                        SharedNumbers<V> values) {
  const std::size_t count = values.numbers.size();
  const auto require_count = [&](const NumpyArray& array) {
    if (length_of(array) != count)
      throw DataError(array.name + ": found " + std::to_string(length_of(array)) +
                      " indices; expected " + std::to_string(count) + ", one for each of data");
  };
  const auto indices_of = [&](const char* name, std::size_t end, const char* what) {
    const NumpyArray array = file.read(name);
    require_count(array);
    return read_indices(array, end, what);
  };
  if (format == "coo") {
    const auto rows = indices_of("row", shape.rows, "a row");
    const auto columns = indices_of("col", shape.cols, "a column");
    return sorted_by_rows<V>(shape.rows, rows.numbers, columns.numbers, values.numbers);
  }
  const bool is_csr = format == "csr";
  std::vector<std::size_t> starts = read_starts(file, is_csr ? shape.rows : shape.cols, count);
  auto indices =
      indices_of("indices", is_csr ? shape.cols : shape.rows, is_csr ? "a column" : "a row");
  if (is_csr) return {std::move(starts), std::move(indices), std::move(values)};
  std::vector<std::uint32_t> columns(starts.back());
  for (std::size_t column = 0; column < shape.cols; ++column)
    std::fill(columns.begin() + static_cast<std::ptrdiff_t>(starts[column]),
              columns.begin() + static_cast<std::ptrdiff_t>(starts[column + 1]),
              static_cast<std::uint32_t>(column));
  return sorted_by_rows<V>(shape.rows, indices.numbers.first(starts.back()), columns,
                           values.numbers.first(starts.back()));
}

/// Returns the sum in the numbers' own type, integers modulo the power of two, as SciPy adds. The
/// sum of bools is whether one is true.
template <class V>
V added(V a, V b, bool is_bool) {
  if constexpr (std::is_floating_point_v<V>) {
    return a + b;
  } else {
    using Unsigned = std::make_unsigned_t<V>;
    const auto sum = static_cast<Unsigned>(static_cast<Unsigned>(a) + static_cast<Unsigned>(b));
    return is_bool ? static_cast<V>(a | b) : static_cast<V>(sum);
  }
}

/// Returns whether the columns ascend within each row and no value is 0.
template <class V>
bool is_canonical(const Entries<V>& entries) {
  for (std::size_t row = 0; row + 1 < entries.starts.size(); ++row)
    for (std::size_t i = entries.starts[row]; i < entries.starts[row + 1]; ++i) {
      if (entries.values.numbers[i] == 0) return false;
      if (i > entries.starts[row] && entries.columns.numbers[i] <= entries.columns.numbers[i - 1])
        return false;
    }
  return true;
}

/// Makes the columns ascend, adds up the values of a place and leaves out zeros.
template <class V>
void make_canonical(Entries<V>& entries, bool is_bool) {
  if (is_canonical(entries)) return;
  std::vector<std::uint32_t> columns;
  std::vector<V> values;
  columns.reserve(entries.starts.back());
  values.reserve(entries.starts.back());
  std::vector<std::size_t> order;
  std::size_t first = 0;
  for (std::size_t row = 0; row + 1 < entries.starts.size(); ++row) {
    order.resize(entries.starts[row + 1] - first);
    std::iota(order.begin(), order.end(), first);
    first = entries.starts[row + 1];
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return entries.columns.numbers[i]; });
    for (std::size_t i = 0; i < order.size();) {
      const std::uint32_t column = entries.columns.numbers[order[i]];
      V sum = entries.values.numbers[order[i]];
      for (++i; i < order.size() && entries.columns.numbers[order[i]] == column; ++i)
        sum = added(sum, entries.values.numbers[order[i]], is_bool);
      if (sum == 0) continue;
      columns.push_back(column);
      values.push_back(sum);
    }
    entries.starts[row + 1] = columns.size();
  }
  entries.columns = own(std::move(columns));
  entries.values = own(std::move(values));
}

/// Returns the place of an entry, with which errors begin: "a.npz: data[3, 17]".
template <class V>
std::string entry_place(const Entries<V>& entries, std::size_t entry, const std::string& name) {
  const auto after = std::ranges::upper_bound(entries.starts, entry);
  return name + "[" + std::to_string(after - entries.starts.begin() - 1) + ", " +
         std::to_string(entries.columns.numbers[entry]) + "]";
}

/// Returns the matrix of T, which holds each value exactly, or missing ones as NaN.
template <class T, class V>
SparseMatrix<T> matrix_of(Entries<V> entries, std::size_t cols) {
  const std::span<const V> used = entries.values.numbers.first(entries.starts.back());
  if (std::ranges::all_of(used, [](V x) { return x == 1; }))
    return {entries.starts, entries.columns.numbers.data(), nullptr, cols, entries.columns.owner};
  SharedNumbers<T> values;
  if constexpr (std::is_same_v<T, V>)
    values = std::move(entries.values);
  else
    values = own(std::vector<T>(used.begin(), used.end()));
  using Owners = std::pair<std::shared_ptr<const void>, std::shared_ptr<const void>>;
  auto owners = std::make_shared<const Owners>(entries.columns.owner, values.owner);
  return {entries.starts, entries.columns.numbers.data(), values.numbers.data(), cols,
          std::move(owners)};
}

/// Returns the matrix in the smallest type that holds its values.
template <class V>
Dataset::Features smallest_matrix(Entries<V> entries, std::size_t cols, bool is_bool,
                                  const std::string& name) {
  const std::span<const V> used = entries.values.numbers.first(entries.starts.back());
  for (std::size_t i = 0; i < used.size(); ++i) {
    if constexpr (std::is_floating_point_v<V>) {
      if (std::isinf(used[i]))
        throw DataError(entry_place(entries, i, name) + ": found " + std::to_string(used[i]) +
                        "; expected finite numbers");
    } else if (!holds_exactly<double>(used[i])) {
      throw DataError(entry_place(entries, i, name) + ": found " + std::to_string(used[i]) +
                      "; expected integers that double holds exactly, as it does to 53 bits");
    }
  }
  if constexpr (std::is_same_v<V, std::uint8_t>)
    if (!is_bool) return matrix_of<std::uint8_t>(std::move(entries), cols);
  if constexpr (std::is_same_v<V, double>) {
    return matrix_of<double>(std::move(entries), cols);
  } else if constexpr (std::is_same_v<V, float>) {
    return matrix_of<float>(std::move(entries), cols);
  } else {
    if (std::ranges::all_of(used, [](V x) { return holds_exactly<float>(x); }))
      return matrix_of<float>(std::move(entries), cols);
    return matrix_of<double>(std::move(entries), cols);
  }
}

/// Returns the values as V, the type of their elements, or float for half precision. Bools are 0
/// and 1.
template <class Stored, class V>
SharedNumbers<V> read_values(const NumpyArray& array) {
  const bool is_bool = array.type.kind == NumpyType::Kind::kBool;
  const std::size_t length = length_of(array);
  if constexpr (std::is_same_v<Stored, V>)
    if (!is_bool && lies_as<V>(array))
      return {{reinterpret_cast<const V*>(array.elements.data()), length}, array.owner};
  std::vector<V> values(length);
  for (std::size_t i = 0; i < length; ++i) {
    values[i] =
        value_of(load_number<Stored>(&array.elements[i * sizeof(Stored)], array.type.big_endian));
    if (is_bool) values[i] = values[i] != 0 ? V(1) : V(0);
  }
  return own(std::move(values));
}

void require_format(const std::string& format, const NpzFile& file) {
  if (format != "csr" && format != "csc" && format != "coo")
    throw DataError(file.name() + ": found a sparse matrix of format " + quote_cell(format) +
                    "; expected csr, csc or coo, as matrix.tocsr() makes it");
  const std::vector<std::string> wanted =
      format == "coo" ? std::vector<std::string>{"row", "col", "data"}
                      : std::vector<std::string>{"indices", "indptr", "data"};
  for (const std::string& array : wanted)
    if (!file.has(array))
      throw DataError(file.name() + ": the array " + array + " is missing; expected it for a " +
                      format + " matrix");
}

}  // namespace

bool is_sparse_npz(const NpzFile& file) {
  // Files of other arrays may have a format and a shape as well.
  return file.has("format") && file.has("shape") && file.has("data");
}

Dataset read_sparse_npz(const NpzFile& file) {
  const std::string format = numpy_text(file.read("format"));
  require_format(format, file);
  const SparseShape shape = read_shape(file);
  NumpyArray data = file.read("data");
  require_plausible(shape, length_of(data), file.name());
  Dataset dataset;
  const NumpyType type = data.type;
  dataset.features = with_numpy_type(type, [&](auto example) -> Dataset::Features {
    using Stored = decltype(example);
    using V = decltype(value_of(example));
    const bool is_bool = type.kind == NumpyType::Kind::kBool;
    SharedNumbers<V> values = read_values<Stored, V>(data);
    const std::string name = data.name;
    data = {};  // frees the elements if they were converted
    Entries<V> entries = read_entries<V>(file, format, shape, std::move(values));
    make_canonical(entries, is_bool);
    return smallest_matrix(std::move(entries), shape.cols, is_bool, name);
  });
  return dataset;
}

namespace {

/// Reads a sparse matrix and its labels, whose file the option `key` + "-labels" names.
Dataset read_labelled(const NpzFile& file, const std::string& key,
                      const std::filesystem::path& labels, TaskChoice task,
                      const std::vector<std::string>& classes) {
  if (labels.empty())
    throw ConfigError(key + "-labels", "missing, but " + file.name() +
                                           " is one sparse matrix, which has no targets, expected "
                                           "the file of its labels");
  Dataset dataset = read_sparse_npz(file);
  RowTargets targets = read_label_file(labels);
  if (targets.rows() != dataset.rows())
    throw DataError(labels.string() + ": found " + std::to_string(targets.rows()) +
                    " labels; expected " + std::to_string(dataset.rows()) +
                    ", one for each row of " + file.name());
  set_targets(std::move(targets), task, classes, dataset);
  return dataset;
}

}  // namespace

SourceRows read_sparse_npz_source(const DataOptions& options, const NpzFile& train) {
  const auto in_folder = [&](const std::filesystem::path& file) {
    return file.empty() ? file : options.dir / file;
  };
  SourceRows rows;
  rows.train = read_labelled(train, "data.train", in_folder(options.train_labels), options.csv.task,
                             options.csv.classes);
  rows.train_name = train.name();
  if (options.test.empty()) return rows;
  const std::filesystem::path path = options.dir / options.test.front();
  const NpzFile test(map_file(path), path.string());
  if (!is_sparse_npz(test))
    throw DataError(test.name() + ": no sparse matrix; expected one, as " + train.name() + " is");
  rows.test = read_labelled(test, "data.test", in_folder(options.test_labels),
                            chosen_task(rows.train.task), rows.train.classes);
  rows.test_name = test.name();
  return rows;
}

}  // namespace nabla
