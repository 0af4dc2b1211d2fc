// SPDX-License-Identifier: MIT
#include "data/input_transform.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "data/missing_values.h"
#include "math/bfloat16.h"
#include "math/elementwise.h"
#include "math/gemm.h"

namespace nabla {

namespace {

/// So many features of a block of rows are centred, and multiplied by so many components, at once;
/// both blocks are on the stack.
constexpr std::size_t kBlockFeatures = 256;
constexpr std::size_t kBlockComponents = 64;

/// Has compute(piece, at) write numbers in T, to[at] being the first of the piece, which are
/// rounded while they are in the cache if `to` is bfloat16_t.
template <class T, class Y, class Compute>
void write_pieces(std::span<Y> to, Compute compute) {
  if constexpr (std::is_same_v<Y, bfloat16_t>) {
    alignas(kAlignment) T storage[kBlockFeatures];
    for (std::size_t at = 0; at < to.size(); at += kBlockFeatures) {
      const std::size_t n = std::min(kBlockFeatures, to.size() - at);
      compute(std::span(storage, n), at);
      elementwise::round_to_bfloat16({storage, 1, n}, {to.data() + at, 1, n});
    }
  } else {
    compute(to, 0);
  }
}

}  // namespace

template <class T>
InputTransform<T>::InputTransform(const Preprocess& preprocess)
    : missing_(preprocess.missing),
      binary_(preprocess.binary),
      formula_(traits_of(preprocess.kind).formula),
      scale_(preprocess.scale()),
      shift_(preprocess.shift),
      divisor_(preprocess.divisor) {
  if (preprocess.components.empty()) return;
  components_ = Matrix<double>(preprocess.outputs(shift_.size()), shift_.size());
  std::ranges::copy(preprocess.components, components_.elements().begin());
}

/// Calls use(x, at, n) for pieces of the features [first, first + count) of a row, one behind the
/// other: x[0] … x[n − 1] are the features from `at` on, missing ones filled.
template <class T>
template <class S, class Use>
void InputTransform<T>::for_pieces(const S* row, std::size_t first, std::size_t count,
                                   Use use) const {
  if (missing_.is_identity()) return use(row + first, first, count);
  double filled[kBlockFeatures];
  for (std::size_t at = first; at < first + count; at += kBlockFeatures) {
    const std::size_t n = std::min(kBlockFeatures, first + count - at);
    fill_missing(missing_, row, missing_.values.size(), at, n, filled);
    use(static_cast<const double*>(filled), at, n);
  }
}

/// The same of a sparse row, whose zeros are among the pieces.
template <class T>
template <class S, class Use>
void InputTransform<T>::for_pieces(const SparseRow<S>& row, std::size_t first, std::size_t count,
                                   Use use) const {
  double piece[kBlockFeatures];
  auto k =
      static_cast<std::size_t>(std::ranges::lower_bound(row.columns, first) - row.columns.begin());
  for (std::size_t at = first; at < first + count; at += kBlockFeatures) {
    const std::size_t n = std::min(kBlockFeatures, first + count - at);
    std::fill_n(piece, n, 0.0);
    for (; k < row.size() && row.columns[k] < at + n; ++k)
      piece[row.columns[k] - at] = filled_entry(row, k);
    for (std::size_t i = 0; i < missing_.indicators.size(); ++i)
      if (const std::size_t j = missing_.values.size() + i; at <= j && j < at + n)
        piece[j - at] = lacks(row, missing_.indicators[i]) ? 1 : 0;
    use(static_cast<const double*>(piece), at, n);
  }
}

template <class T>
template <class S>
double InputTransform<T>::filled_entry(const SparseRow<S>& row, std::size_t k) const {
  const S x = row.value(k);
  return !missing_.is_identity() && is_missing(x) ? missing_.values[row.columns[k]]
                                                  : static_cast<double>(x);
}

template <class T>
template <class Row, class Y>
void InputTransform<T>::scale_row(const Row& row, std::span<Y> to) const {
  for_pieces(row, 0, to.size(), [&](const auto* x, std::size_t at, std::size_t n) {
    write_pieces<T>(to.subspan(at, n),
                    [&](std::span<T> piece, std::size_t first) { scale(x + first, piece); });
  });
  keep_binary(row, to);
}

/// Binary inputs are left out; a row of zeros has length 1.
template <class T>
template <class Row>
std::pair<double, double> InputTransform<T>::length_of(const Row& row, std::size_t count) const {
  const double sum = sum_of_squares(row, count, 1);
  constexpr double kLowest = 1e-280, kHighest = 1e300;
  if (sum > kLowest && sum < kHighest) return {1, std::sqrt(sum)};
  // The squares overflow or vanish in double, so the elements are divided by the largest first.
  double largest = 0;
  for_free_numbers(row, count, [&](double x) { largest = std::max(largest, std::abs(x)); });
  if (!std::isnormal(largest)) return {1, 1};
  return {largest, std::sqrt(sum_of_squares(row, count, largest))};
}

/// to ← x / ‖x‖₂.
template <class T>
template <class Row, class Y>
void InputTransform<T>::unit_row(const Row& row, std::span<Y> to) const {
  const std::pair<double, double> length = length_of(row, to.size());
  for_pieces(row, 0, to.size(), [&](const auto* x, std::size_t at, std::size_t n) {
    write_pieces<T>(to.subspan(at, n), [&](std::span<T> piece, std::size_t first) {
      for (std::size_t j = 0; j < piece.size(); ++j)
        piece[j] = static_cast<T>(static_cast<double>(x[first + j]) / length.first / length.second);
    });
  });
  keep_binary(row, to);
}

/// Calls use(x) for the features of a row, missing ones filled, that are not binary.
template <class T>
template <class S, class Use>
void InputTransform<T>::for_free_numbers(const S* row, std::size_t count, Use use) const {
  for_pieces(row, 0, count, [&](const auto* x, std::size_t at, std::size_t n) {
    for (std::size_t j = 0; j < n; ++j)
      if (!is_binary(at + j)) use(static_cast<double>(x[j]));
  });
}

/// The same of a sparse row, without its zeros. Indicators are binary.
template <class T>
template <class S, class Use>
void InputTransform<T>::for_free_numbers(const SparseRow<S>& row, std::size_t, Use use) const {
  for (std::size_t k = 0; k < row.size(); ++k)
    if (!is_binary(row.columns[k])) use(filled_entry(row, k));
}

/// Returns Σ (x / unit)² over the features of a row that are not binary.
template <class T>
template <class Row>
double InputTransform<T>::sum_of_squares(const Row& row, std::size_t count, double unit) const {
  if constexpr (std::is_same_v<Row, const float*> || std::is_same_v<Row, const double*>)
    if (unit == 1 && binary_.empty() && missing_.is_identity())
      return elementwise::sum_of_squares<std::remove_const_t<std::remove_pointer_t<Row>>>(
          {row, count});
  double sum = 0;
  for_free_numbers(row, count, [&](double x) { sum += (x / unit) * (x / unit); });
  return sum;
}

template <class T>
bool InputTransform<T>::is_binary(std::size_t input) const {
  return std::ranges::binary_search(binary_, input);
}

/// Sets the inputs that are 0 or 1 by their making to these features.
template <class T>
template <class Row, class Y>
void InputTransform<T>::keep_binary(const Row& row, std::span<Y> to) const {
  for (const std::size_t j : binary_)
    for_pieces(row, j, 1, [&](const auto* x, std::size_t, std::size_t) {
      write_pieces<T>(to.subspan(j, 1),
                      [&](std::span<T> piece, std::size_t) { piece[0] = static_cast<T>(*x); });
    });
}

/// Centres and divides features [first, first + to.size()) of a row.
template <class T>
template <class Row, class Y>
void InputTransform<T>::affine_part(const Row& row, std::size_t first, std::span<Y> to) const {
  for_pieces(row, first, to.size(), [&](const auto* x, std::size_t at, std::size_t n) {
    write_pieces<T>(to.subspan(at - first, n), [&](auto piece, std::size_t begin) {
      apply_affine(x + begin, at + begin, piece);
    });
  });
}

template <class T>
template <class S>
void InputTransform<T>::scale(const S* from, std::span<T> to) const {
  if constexpr (std::is_same_v<S, std::uint8_t>) {
    elementwise::convert_bytes({from, to.size()}, static_cast<T>(scale_), to);
  } else if (scale_ == 1) {
    for (std::size_t j = 0; j < to.size(); ++j) to[j] = static_cast<T>(from[j]);
  } else if constexpr (std::is_same_v<S, T>) {
    const auto factor = static_cast<T>(scale_);
    for (std::size_t j = 0; j < to.size(); ++j) to[j] = factor * from[j];
  } else {
    for (std::size_t j = 0; j < to.size(); ++j)
      to[j] = static_cast<T>(scale_ * static_cast<double>(from[j]));
  }
}

template <class T>
template <class S, class Y>
void InputTransform<T>::apply_affine(const S* x, std::size_t first, std::span<Y> to) const {
  const double* const shift = shift_.data() + first;
  Y* const y = to.data();
  if (divisor_.empty()) {
    for (std::size_t j = 0; j < to.size(); ++j)
      y[j] = static_cast<Y>(static_cast<double>(x[j]) - shift[j]);
  } else {
    const double* const divisor = divisor_.data() + first;
    for (std::size_t j = 0; j < to.size(); ++j)
      y[j] = static_cast<Y>((static_cast<double>(x[j]) - shift[j]) / divisor[j]);
  }
}

template <class T>
template <class Row, class Y>
void InputTransform<T>::rotate(std::span<const Row> rows, MatrixView<Y> inputs) const {
  alignas(kAlignment) double centred_storage[kBlockRows * kBlockFeatures];
  alignas(kAlignment) double rotated_storage[kBlockRows * kBlockComponents];
  const std::size_t features = components_.cols();
  for (std::size_t row = 0; row < rows.size(); row += kBlockRows) {
    const std::size_t count = std::min(kBlockRows, rows.size() - row);
    for (std::size_t k = 0; k < components_.rows(); k += kBlockComponents) {
      const std::size_t outputs = std::min(kBlockComponents, components_.rows() - k);
      const MatrixView<double> rotated(rotated_storage, count, outputs, kBlockComponents);
      for (std::size_t first = 0; first < features; first += kBlockFeatures) {
        const std::size_t width = std::min(kBlockFeatures, features - first);
        const MatrixView<double> centred(centred_storage, count, width, kBlockFeatures);
        for (std::size_t i = 0; i < count; ++i) affine_part(rows[row + i], first, centred.row(i));
        const MatrixView<const double> part(&components_(k, first), outputs, width, features);
        // rotated [rows × components] (+)= centred · partᵀ: M = rows, N = components, K = width
        gemm<double>(Op::kNone, Op::kTranspose, 1, centred, part, first == 0 ? 0 : 1, rotated);
      }
      for (std::size_t i = 0; i < count; ++i)
        write_pieces<T>(
            inputs.row(row + i).subspan(k, outputs), [&](std::span<T> piece, std::size_t first) {
              std::ranges::transform(rotated.row(i).subspan(first, piece.size()), piece.begin(),
                                     [](double y) { return static_cast<T>(y); });
            });
    }
  }
}

template <class T>
template <class Row, class Y>
void InputTransform<T>::apply(std::span<const Row> rows, MatrixView<Y> inputs) const {
  assert(inputs.rows == rows.size());
  switch (formula_) {
    case InputFormula::kScaled:
      for (std::size_t i = 0; i < rows.size(); ++i) scale_row(rows[i], inputs.row(i));
      break;
    case InputFormula::kShifted:
    case InputFormula::kAffine:
      assert(inputs.cols == shift_.size());
      for (std::size_t i = 0; i < rows.size(); ++i) affine_part(rows[i], 0, inputs.row(i));
      break;
    case InputFormula::kUnitLength:
      for (std::size_t i = 0; i < rows.size(); ++i) unit_row(rows[i], inputs.row(i));
      break;
    case InputFormula::kRotated:
      assert(inputs.cols == components_.rows());
      rotate(rows, inputs);
      break;
  }
}

template <class T>
template <class S>
SparseRow<T> InputTransform<T>::apply_entries(const SparseRow<S>& row, std::uint32_t* columns,
                                              T* values, bool may_be_borrowed) const {
  const bool is_scaled = formula_ == InputFormula::kScaled;
  if (is_scaled && binary_.empty() && missing_.is_identity() && !row.values.empty()) {
    if constexpr (std::is_same_v<S, T>)
      if (scale_ == 1 && may_be_borrowed) return row;
    scale(row.values.data(), std::span(values, row.size()));
    return {row.columns, {values, row.size()}};
  }
  const std::pair<double, double> length = formula_ == InputFormula::kUnitLength
                                               ? length_of(row, row.size())
                                               : std::pair<double, double>(1, 1);
  const auto input_of = [&](std::size_t j, double x) {
    if (is_binary(j)) return x;
    if (formula_ == InputFormula::kScaled) return scale_ * x;
    if (formula_ == InputFormula::kUnitLength) return x / length.first / length.second;
    return (x - shift_[j]) / (divisor_.empty() ? 1 : divisor_[j]);
  };
  std::size_t count = 0;
  const auto add = [&](std::size_t j, double x) {
    columns[count] = static_cast<std::uint32_t>(j);
    values[count++] = static_cast<T>(input_of(j, x));
  };
  for (std::size_t k = 0; k < row.size(); ++k) add(row.columns[k], filled_entry(row, k));
  for (std::size_t i = 0; i < missing_.indicators.size(); ++i)
    if (lacks(row, missing_.indicators[i])) add(missing_.values.size() + i, 1);
  return {{columns, count}, {values, count}};
}

template class InputTransform<float>;
template class InputTransform<double>;
template void InputTransform<float>::apply(std::span<const std::uint8_t* const>,
                                           MatrixView<float>) const;
template void InputTransform<float>::apply(std::span<const SparseRow<std::uint8_t>>,
                                           MatrixView<float>) const;
template void InputTransform<float>::apply(std::span<const std::uint8_t* const>,
                                           MatrixView<bfloat16_t>) const;
template void InputTransform<float>::apply(std::span<const SparseRow<std::uint8_t>>,
                                           MatrixView<bfloat16_t>) const;
template SparseRow<float> InputTransform<float>::apply_entries(const SparseRow<std::uint8_t>&,
                                                               std::uint32_t*, float*, bool) const;
template void InputTransform<float>::apply(std::span<const float* const>, MatrixView<float>) const;
template void InputTransform<float>::apply(std::span<const SparseRow<float>>,
                                           MatrixView<float>) const;
template void InputTransform<float>::apply(std::span<const float* const>,
                                           MatrixView<bfloat16_t>) const;
template void InputTransform<float>::apply(std::span<const SparseRow<float>>,
                                           MatrixView<bfloat16_t>) const;
template SparseRow<float> InputTransform<float>::apply_entries(const SparseRow<float>&,
                                                               std::uint32_t*, float*, bool) const;
template void InputTransform<float>::apply(std::span<const double* const>, MatrixView<float>) const;
template void InputTransform<float>::apply(std::span<const SparseRow<double>>,
                                           MatrixView<float>) const;
template void InputTransform<float>::apply(std::span<const double* const>,
                                           MatrixView<bfloat16_t>) const;
template void InputTransform<float>::apply(std::span<const SparseRow<double>>,
                                           MatrixView<bfloat16_t>) const;
template SparseRow<float> InputTransform<float>::apply_entries(const SparseRow<double>&,
                                                               std::uint32_t*, float*, bool) const;
template void InputTransform<double>::apply(std::span<const std::uint8_t* const>,
                                            MatrixView<double>) const;
template void InputTransform<double>::apply(std::span<const SparseRow<std::uint8_t>>,
                                            MatrixView<double>) const;
template SparseRow<double> InputTransform<double>::apply_entries(const SparseRow<std::uint8_t>&,
                                                                 std::uint32_t*, double*,
                                                                 bool) const;
template void InputTransform<double>::apply(std::span<const float* const>,
                                            MatrixView<double>) const;
template void InputTransform<double>::apply(std::span<const SparseRow<float>>,
                                            MatrixView<double>) const;
template SparseRow<double> InputTransform<double>::apply_entries(const SparseRow<float>&,
                                                                 std::uint32_t*, double*,
                                                                 bool) const;
template void InputTransform<double>::apply(std::span<const double* const>,
                                            MatrixView<double>) const;
template void InputTransform<double>::apply(std::span<const SparseRow<double>>,
                                            MatrixView<double>) const;
template SparseRow<double> InputTransform<double>::apply_entries(const SparseRow<double>&,
                                                                 std::uint32_t*, double*,
                                                                 bool) const;

}  // namespace nabla
