// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "nabla/base/matrix.h"
#include "nabla/data/preprocess.h"
#include "nabla/data/sparse_matrix.h"

#include "data/normalization.h"

namespace nabla {

/// A Preprocess made ready for networks in T. Computes in double and rounds to T once, but bytes
/// and numbers in T, deformed bytes among them, are scaled in T. Constant, so that one may serve
/// many threads; allocates in its constructor only.
template <class T>
class InputTransform {
 public:
  explicit InputTransform(const Preprocess& preprocess);

  /// inputs(i, ·) ← the preprocessed features of rows[i], as many as the preprocessing was fitted
  /// on; rows.size() = inputs.rows. Row is a pointer to the features, which are std::uint8_t, float
  /// or double, or a SparseRow of them; Y is T or, if T is float, bfloat16_t, to which the inputs
  /// are rounded (to_bfloat16). The inputs of a row depend on that row alone if the product of
  /// `components` with kBlockRows rows is one of nabla's own (see gemm), and else on the row's
  /// place in `rows`, too.
  template <class Row, class Y>
  void apply(std::span<const Row> rows, MatrixView<Y> inputs) const;

  /// Returns the inputs that a sparse row's entries become, by ascending columns; all other inputs
  /// are 0: only for a preprocessing that keeps_zeros of such rows. They lie in `columns` and
  /// `values`, which have room for row.size() + added_entries() of them; columns, and if they
  /// `may_be_borrowed` values, that stay as they are are those of the row itself.
  template <class S>
  SparseRow<T> apply_entries(const SparseRow<S>& row, std::uint32_t* columns, T* values,
                             bool may_be_borrowed) const;
  /// The entries that may come to those of a row: indicators of missing features.
  std::size_t added_entries() const { return missing_.indicators.size(); }

  /// So many rows are multiplied at once by the components.
  static constexpr std::size_t kBlockRows = 16;

 private:
  template <class S, class Use>
  void for_pieces(const S* row, std::size_t first, std::size_t count, Use use) const;
  template <class S, class Use>
  void for_pieces(const SparseRow<S>& row, std::size_t first, std::size_t count, Use use) const;
  template <class Row, class Y>
  void scale_row(const Row& row, std::span<Y> to) const;
  template <class S>
  void scale(const S* from, std::span<T> to) const;
  template <class Row, class Y>
  void unit_row(const Row& row, std::span<Y> to) const;
  template <class S, class Use>
  void for_free_numbers(const S* row, std::size_t count, Use use) const;
  template <class S, class Use>
  void for_free_numbers(const SparseRow<S>& row, std::size_t count, Use use) const;
  template <class Row>
  double sum_of_squares(const Row& row, std::size_t count, double unit) const;
  template <class Row, class Y>
  void affine_part(const Row& row, std::size_t first, std::span<Y> to) const;
  /// to[j] ← (x[j] − shift) / divisor, or x[j] − shift if there are no divisors, of feature
  /// first + j.
  template <class S, class Y>
  void apply_affine(const S* x, std::size_t first, std::span<Y> to) const;
  template <class Row, class Y>
  void rotate(std::span<const Row> rows, MatrixView<Y> inputs) const;
  bool is_binary(std::size_t input) const;
  /// Returns entry k of a row, the value that it becomes if it is missing.
  template <class S>
  double filled_entry(const SparseRow<S>& row, std::size_t k) const;
  template <class Row, class Y>
  void keep_binary(const Row& row, std::span<Y> to) const;
  /// Returns the length by which kUnitLength divides a row, as a product of two numbers, so that it
  /// does not overflow.
  template <class Row>
  std::pair<double, double> length_of(const Row& row, std::size_t count) const;

  MissingFill missing_;
  std::vector<std::size_t> binary_;
  InputFormula formula_;
  double scale_;
  std::vector<double> shift_;    ///< [features], or none
  std::vector<double> divisor_;  ///< [features], or none
  Matrix<double> components_;    ///< [outputs × features], or none
};

}  // namespace nabla
