// SPDX-License-Identifier: MIT
#include "nabla/train/importance.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <variant>

#include "nabla/base/matrix.h"
#include "nabla/train/evaluation.h"

#include "base/random.h"
#include "data/epoch_order.h"
#include "data/input_names.h"
#include "train/checked_rows.h"

namespace nabla {

namespace {

/// The inputs that are made of one column.
struct ColumnInputs {
  std::string name;
  std::size_t first;
  std::size_t count;
};

std::vector<ColumnInputs> columns_of(const Dataset& data) {
  std::vector<ColumnInputs> result;
  std::size_t input = 0;
  auto category = data.one_hot.columns.begin();
  for (const std::string& name : feature_names(data)) {
    const bool is_category =
        category != data.one_hot.columns.end() && category->feature == result.size();
    const std::size_t count = is_category ? (category++)->categories.size() : 1;
    result.push_back({name, input, count});
    input += count;
  }
  return result;
}

/// A copy of the features of some rows, in which one column at a time is permuted.
template <class Features>
class PermutedRows;

template <class Feature>
class PermutedRows<FeatureMatrix<Feature>> {
 public:
  PermutedRows(const Dataset& data, const FeatureMatrix<Feature>& features)
      : features_(features), copy_(features.rows(), features.cols()), rows_(data) {
    for (std::size_t row = 0; row < features.rows(); ++row)
      std::ranges::copy(features.row(row), copy_.row(row).begin());
    rows_.features = FeatureMatrix<Feature>(std::as_const(copy_).view(), nullptr);
    order_.resize(features.rows());
    restore_order();
  }

  const Dataset& rows() const { return rows_; }

  void permute(const ColumnInputs& column, Random random) {
    restore_order();
    shuffle(order_, random);
    take_from_order(column);
  }

  void restore(const ColumnInputs& column) {
    restore_order();
    take_from_order(column);
  }

 private:
  void restore_order() { std::iota(order_.begin(), order_.end(), 0U); }

  void take_from_order(const ColumnInputs& column) {
    for (std::size_t row = 0; row < order_.size(); ++row)
      std::ranges::copy(features_.row(order_[row]).subspan(column.first, column.count),
                        copy_.row(row).subspan(column.first).begin());
  }

  const FeatureMatrix<Feature>& features_;
  Matrix<Feature> copy_;
  Dataset rows_;
  std::vector<std::uint32_t> order_;
};

/// Sparse rows are put together anew for each permutation.
template <class Feature>
class PermutedRows<SparseMatrix<Feature>> {
 public:
  PermutedRows(const Dataset& data, const SparseMatrix<Feature>& features)
      : features_(features), rows_(data), order_(features.rows()) {
    std::iota(order_.begin(), order_.end(), 0U);
  }

  const Dataset& rows() const { return rows_; }

  void permute(const ColumnInputs& column, Random random) {
    std::iota(order_.begin(), order_.end(), 0U);
    shuffle(order_, random);
    std::vector<std::size_t> starts = {0};
    std::vector<std::uint32_t> columns;
    std::vector<Feature> values;
    const auto add = [&](const SparseRow<Feature>& row, std::size_t first, std::size_t end) {
      for (std::size_t k = 0; k < row.size(); ++k)
        if (row.columns[k] >= first && row.columns[k] < end) {
          columns.push_back(row.columns[k]);
          values.push_back(row.value(k));
        }
    };
    const std::size_t end = column.first + column.count;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      add(features_.row(i), 0, column.first);
      add(features_.row(order_[i]), column.first, end);
      add(features_.row(i), end, features_.cols());
      starts.push_back(columns.size());
    }
    rows_.features =
        SparseMatrix<Feature>(starts, std::move(columns), std::move(values), features_.cols());
  }

  void restore(const ColumnInputs&) { rows_.features = features_; }

 private:
  const SparseMatrix<Feature>& features_;
  Dataset rows_;
  std::vector<std::uint32_t> order_;
};

ColumnImportance importance_of(std::string name, const std::vector<double>& falls) {
  const auto repeats = static_cast<double>(falls.size());
  const double mean = std::accumulate(falls.begin(), falls.end(), 0.0) / repeats;
  double squares = 0;
  for (const double fall : falls) squares += (fall - mean) * (fall - mean);
  return {std::move(name), mean, std::sqrt(squares / repeats)};
}

}  // namespace

template <class T>
std::vector<ColumnImportance> permutation_importance(const Model<T>& model, const Dataset& data,
                                                     const ImportanceOptions& options,
                                                     Executor& executor, Ranks& ranks) {
  require_usable(model, data, kRowsToEvaluate);
  const auto goodness_of = [&](const Dataset& rows) {
    const CheckedEvaluation checked = evaluate_checked<T>(model, rows, executor, {}, ranks);
    require_finite_rows(checked.not_finite, data, kRowsToEvaluate);
    return checked.evaluation.score.goodness;
  };
  const double intact = goodness_of(data);
  std::vector<ColumnImportance> result;
  std::visit(
      [&]<class Features>(const Features& features) {
        PermutedRows<Features> permuted(data, features);
        for (const ColumnInputs& column : columns_of(data)) {
          const auto number = static_cast<std::uint32_t>(result.size());
          std::vector<double> falls;
          for (std::size_t repeat = 0; repeat < options.repeats; ++repeat) {
            permuted.permute(column, Random(options.seed, Stream::kImportance, number,
                                            static_cast<std::uint32_t>(repeat)));
            falls.push_back(intact - goodness_of(permuted.rows()));
          }
          permuted.restore(column);
          result.push_back(importance_of(column.name, falls));
        }
      },
      data.features);
  return result;
}

std::vector<ColumnImportance> permutation_importance(const AnyModel& model, const Dataset& data,
                                                     const ImportanceOptions& options,
                                                     const ParallelOptions& parallel) {
  const auto executor = make_executor(parallel);
  return std::visit(
      [&](const auto& typed) { return permutation_importance(typed, data, options, *executor); },
      model);
}

template std::vector<ColumnImportance> permutation_importance(const Model<float>&, const Dataset&,
                                                              const ImportanceOptions&, Executor&,
                                                              Ranks&);
template std::vector<ColumnImportance> permutation_importance(const Model<double>&, const Dataset&,
                                                              const ImportanceOptions&, Executor&,
                                                              Ranks&);

}  // namespace nabla
