// SPDX-License-Identifier: MIT
#include "data/describe.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <span>
#include <type_traits>
#include <variant>

#include "data/missing_values.h"
#include "data/normalization.h"
#include "data/row_entries.h"

namespace nabla {

namespace {

/// So small a factor keeps the sum of 2³² numbers finite, and that of the squares of their
/// distances.
constexpr double kShrink = 0x1p-540;

std::uint64_t hash_of(const Dataset& data, std::size_t row) {
  return std::visit(
      [&](const auto& features) {
        std::uint64_t hash = 0xcbf29ce484222325;
        const auto take = [&](std::uint64_t bits) {
          hash ^= bits;
          hash *= 0x9e3779b97f4a7c15;
          hash ^= hash >> 32;
        };
        // A row has the same hash whether its zeros, −0 among them, are stored or not.
        for_each_entry(features.row(row), [&](std::size_t j, auto x) {
          if (x == 0) return;
          take(j);
          take(std::bit_cast<std::uint64_t>(static_cast<double>(x)));
        });
        return hash;
      },
      data.features);
}

bool are_equal(const Dataset& a, std::size_t row_a, const Dataset& b, std::size_t row_b) {
  return std::visit(
      [&](const auto& left, const auto& right) {
        const auto are_same = [](auto x, auto y) {
          // Missing numbers are equal, so that a row equals itself.
          return static_cast<double>(x) == static_cast<double>(y) ||
                 (is_missing(x) && is_missing(y));
        };
        constexpr bool kLeft = kIsSparse<std::remove_cvref_t<decltype(left)>>;
        constexpr bool kRight = kIsSparse<std::remove_cvref_t<decltype(right)>>;
        if constexpr (kLeft && kRight)
          return have_same_numbers(left.row(row_a), right.row(row_b), are_same);
        else if constexpr (kLeft || kRight)
          return std::ranges::equal(row_of_features(a, row_a), row_of_features(b, row_b), are_same);
        else
          return std::ranges::equal(left.row(row_a), right.row(row_b), are_same);
      },
      a.features, b.features);
}

/// Finds rows by their features, which are compared as numbers whatever their stored type. Keeps 16
/// bytes per row and refers to the data set, which must outlive it.
class RowIndex {
 public:
  explicit RowIndex(const Dataset& data);

  /// Returns the first row whose features are those of row `row` of `other`, or nullopt if there is
  /// none. `other` has the same number of features.
  std::optional<std::size_t> find(const Dataset& other, std::size_t row) const;

 private:
  using Entry = std::pair<std::uint64_t, std::size_t>;  ///< hash and row

  const Dataset& data_;
  std::vector<Entry> entries_;  ///< ascending
};

RowIndex::RowIndex(const Dataset& data) : data_(data) {
  entries_.reserve(data.rows());
  for (std::size_t row = 0; row < data.rows(); ++row)
    entries_.emplace_back(hash_of(data, row), row);
  std::ranges::sort(entries_);
}

std::optional<std::size_t> RowIndex::find(const Dataset& other, std::size_t row) const {
  const std::uint64_t hash = hash_of(other, row);
  for (auto entry = std::ranges::lower_bound(entries_, hash, {}, &Entry::first);
       entry != entries_.end() && entry->first == hash; ++entry)
    if (are_equal(data_, entry->second, other, row)) return entry->second;
  return std::nullopt;
}

/// Returns the mean over the rows of value(row), a finite number times kShrink.
template <class Value>
double shrunk_mean(const Dataset& data, std::size_t column, Value value) {
  double sum = 0;
  std::visit(
      [&](const auto& features) {
        for (std::size_t i = 0; i < features.rows(); ++i)
          sum += value(static_cast<double>(number_at(features, i, column)) * kShrink);
      },
      data.features);
  return sum / static_cast<double>(data.rows());
}

/// Undoes kShrink. Rounding may have made a mean a little larger than all numbers.
double enlarged(double mean) {
  constexpr double kMost = std::numeric_limits<double>::max() * kShrink;
  return std::clamp(mean, -kMost, kMost) / kShrink;
}

double mean_of_large(const Dataset& data, std::size_t column) {
  return enlarged(shrunk_mean(data, column, [](double x) { return x; }));
}

double deviation_of_large(const Dataset& data, std::size_t column, double mean) {
  const double shrunk = mean * kShrink;
  return enlarged(
      std::sqrt(shrunk_mean(data, column, [&](double x) { return (x - shrunk) * (x - shrunk); })));
}

std::vector<ColumnSummary> summarize(const Dataset& data) {
  std::vector<ColumnSummary> columns(data.inputs());
  const auto [lowest, highest] = column_bounds(data);
  for (std::size_t j = 0; j < columns.size(); ++j) {
    columns[j].lowest = lowest[j];
    columns[j].highest = highest[j];
  }
  std::vector<double> means = column_means(data);
  for (std::size_t j = 0; j < columns.size(); ++j)
    if (!std::isfinite(means[j])) means[j] = mean_of_large(data, j);
  const std::vector<double> deviations = column_deviations(data, means);
  for (std::size_t j = 0; j < columns.size(); ++j) {
    columns[j].mean = means[j];
    columns[j].deviation =
        std::isfinite(deviations[j]) ? deviations[j] : deviation_of_large(data, j, means[j]);
  }
  return columns;
}

std::vector<ColumnSummary> summarize(Matrix<double> values) {
  if (values.rows() == 0) return {};
  Dataset columns;
  columns.features = std::move(values);
  return summarize(columns);
}

/// Summarizes the features by the values that are there.
std::vector<ColumnSummary> summarize_features(const Dataset& data) {
  std::vector<ColumnSummary> columns = summarize(data);
  const auto summarize_present = [&](std::size_t feature, std::span<double> values) {
    Matrix<double> column(values.size(), 1);
    std::ranges::copy(values, column.data());
    columns[feature] = values.empty() ? ColumnSummary{} : summarize(std::move(column)).front();
    columns[feature].missing = data.rows() - values.size();
  };
  for_present_values(data, incomplete_features(data), summarize_present);
  return columns;
}

bool have_other_target(const Dataset& a, std::size_t row_a, const Dataset& b, std::size_t row_b) {
  if (a.task == Task::kClassification) return a.labels[row_a] != b.labels[row_b];
  return !std::ranges::equal(a.targets.row(row_a), b.targets.row(row_b));
}

RepeatedRows count_duplicates(const Dataset& data, const RowIndex& index) {
  RepeatedRows result;
  for (std::size_t row = 0; row < data.rows(); ++row) {
    const std::size_t first = *index.find(data, row);
    if (first == row) continue;
    ++result.rows;
    result.conflicts += have_other_target(data, first, data, row) ? 1 : 0;
  }
  return result;
}

RepeatedRows count_seen(const Dataset& data, const Dataset& train, const RowIndex& train_index) {
  RepeatedRows result;
  for (std::size_t row = 0; row < data.rows(); ++row) {
    const auto first = train_index.find(data, row);
    if (!first) continue;
    ++result.rows;
    result.conflicts += have_other_target(train, *first, data, row) ? 1 : 0;
  }
  return result;
}

/// Bytes of the numbers of a row, and of the columns that they stand in.
template <class T>
std::size_t stored_bytes(const SparseRow<T>& row) {
  return row.columns.size_bytes() + row.values.size_bytes();
}
template <class T>
std::size_t stored_bytes(std::span<const T> row) {
  return row.size_bytes();
}

/// Counts the numbers that are not 0, and marks their columns.
void count_entries_of(const Dataset& data, std::vector<bool>& has_entry, PartDescription& part) {
  std::visit(
      [&](const auto& features) {
        for (std::size_t i = 0; i < features.rows(); ++i) {
          const auto row = features.row(i);
          const std::size_t before = part.entries;
          for_each_entry(row, [&](std::size_t j, auto x) {
            if (x == 0) return;
            ++part.entries;
            has_entry[j] = true;
          });
          if (part.entries == before) ++part.empty_rows;
          part.bytes += stored_bytes(row);
        }
      },
      data.features);
}

PartDescription describe_part(const Dataset& data, const RowIndex& index) {
  PartDescription part;
  part.rows = data.rows();
  std::vector<bool> has_entry(data.inputs());
  count_entries_of(data, has_entry, part);
  part.empty_features = static_cast<std::size_t>(std::ranges::count(has_entry, false));
  if (data.task == Task::kClassification) {
    part.class_rows.resize(data.classes.size());
    for (const std::uint32_t label : data.labels) ++part.class_rows[label];
  }
  part.duplicates = count_duplicates(data, index);
  part.is_mapped =
      std::visit([](const auto& features) { return features.is_mapped(); }, data.features);
  return part;
}

PartDescription describe_held_out(const Dataset& data, const Dataset& train,
                                  const RowIndex& train_index) {
  PartDescription part = describe_part(data, RowIndex(data));
  part.seen = count_seen(data, train, train_index);
  return part;
}

}  // namespace

ElementType element_type(const Dataset& data) {
  return std::visit(
      []<class Features>(const Features&) -> ElementType {
        using T = ElementOf<Features>;
        if constexpr (std::is_same_v<T, std::uint8_t>) return {"uint8", sizeof(T)};
        if constexpr (std::is_same_v<T, float>) return {"float32", sizeof(T)};
        return {"float64", sizeof(T)};
      },
      data.features);
}

std::vector<std::size_t> DataDescription::constant_features() const {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < features.size(); ++i)
    if (features[i].is_constant()) result.push_back(i);
  return result;
}

DataDescription describe(const DataSplit& data) {
  const Dataset& train = data.train;
  DataDescription result;
  result.task = train.task;
  result.classes = train.classes;
  result.inputs = train.inputs();
  result.type = element_type(train).name;
  result.is_sparse = is_sparse(train);
  result.image_height = train.image_height;
  result.image_width = train.image_width;
  const RowIndex index(train);
  result.train = describe_part(train, index);
  result.validation = describe_held_out(data.validation, train, index);
  result.test = describe_held_out(data.test, train, index);
  result.features = summarize_features(train);
  result.targets = summarize(train.targets);
  if (!train.weights.empty()) {
    Matrix<double> weights(train.weights.size(), 1);
    std::ranges::copy(train.weights, weights.data());
    result.weights = summarize(std::move(weights));
  }
  return result;
}

}  // namespace nabla
