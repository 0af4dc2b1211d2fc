// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "nabla/base/matrix.h"
#include "nabla/data/preprocess.h"

#include "data/normalization.h"

namespace nabla {

/// A Preprocess made ready for networks in T. Computes in double and rounds to T once, but bytes
/// and numbers in T, deformed bytes among them, are scaled in T. Constant, so that one may serve
/// many threads; allocates in its constructor only.
template <class T>
class InputTransform {
 public:
  explicit InputTransform(const Preprocess& preprocess);

  /// inputs(i, ·) ← the preprocessed features that rows[i] points to, as many as the preprocessing
  /// was fitted on; rows.size() = inputs.rows. S is std::uint8_t, float or double. The inputs of a
  /// row depend on that row alone if the product of `components` with kBlockRows rows is one of
  /// nabla's own (see gemm), and else on the row's place in `rows`, too.
  template <class S>
  void apply(std::span<const S* const> rows, MatrixView<T> inputs) const;

  /// So many rows are multiplied at once by the components.
  static constexpr std::size_t kBlockRows = 16;

 private:
  template <class S, class Use>
  void for_pieces(const S* row, std::size_t first, std::size_t count, Use use) const;
  template <class S>
  void scale_row(const S* row, std::span<T> to) const;
  template <class S>
  void scale(const S* from, std::span<T> to) const;
  template <class S>
  void unit_row(const S* row, std::span<T> to) const;
  template <class S>
  double sum_of_squares(const S* row, std::size_t count, double unit) const;
  template <class S, class Y>
  void affine_part(const S* row, std::size_t first, std::span<Y> to) const;
  /// to[j] ← (x[j] − shift) / divisor, or x[j] − shift if there are no divisors, of feature
  /// first + j.
  template <class S, class Y>
  void apply_affine(const S* x, std::size_t first, std::span<Y> to) const;
  template <class S>
  void rotate(std::span<const S* const> rows, MatrixView<T> inputs) const;
  bool is_binary(std::size_t input) const;
  template <class S>
  void keep_binary(const S* row, std::span<T> to) const;

  MissingFill missing_;
  std::vector<std::size_t> binary_;
  InputFormula formula_;
  double scale_;
  std::vector<double> shift_;    ///< [features], or none
  std::vector<double> divisor_;  ///< [features], or none
  Matrix<double> components_;    ///< [outputs × features], or none
};

}  // namespace nabla
