// SPDX-License-Identifier: MIT
#include "data/input_transform.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "data/missing_values.h"
#include "math/elementwise.h"
#include "math/gemm.h"

namespace nabla {

namespace {

/// So many features of a block of rows are centred, and multiplied by so many components, at once;
/// both blocks are on the stack.
constexpr std::size_t kBlockFeatures = 256;
constexpr std::size_t kBlockComponents = 64;

/// Returns Σ (x / unit)².
template <class S>
double sum_of_squares(std::span<const S> row, double unit) {
  double sum = 0;
  for (const S x : row) {
    const double part = static_cast<double>(x) / unit;
    sum += part * part;
  }
  return sum;
}

/// to ← x / ‖x‖₂; a row of zeros stays.
template <class S, class T>
void to_unit_length(std::span<const S> row, std::span<T> to) {
  double unit = 1;
  double sum = 0;
  if constexpr (std::is_same_v<S, std::uint8_t>)
    sum = sum_of_squares(row, unit);
  else
    sum = elementwise::sum_of_squares<S>(row);
  // The squares overflow or vanish in double, so the elements are divided by the largest first.
  constexpr double kLowest = 1e-280, kHighest = 1e300;
  if (!(sum > kLowest && sum < kHighest)) {
    double largest = 0;
    for (const S x : row) largest = std::max(largest, std::abs(static_cast<double>(x)));
    if (std::isnormal(largest)) {
      unit = largest;
      sum = sum_of_squares(row, unit);
    } else {
      sum = 1;
    }
  }
  const double length = std::sqrt(sum);
  for (std::size_t j = 0; j < to.size(); ++j)
    to[j] = static_cast<T>(static_cast<double>(row[j]) / unit / length);
}

}  // namespace

template <class T>
InputTransform<T>::InputTransform(const Preprocess& preprocess)
    : missing_(preprocess.missing),
      formula_(traits_of(preprocess.kind).formula),
      scale_(preprocess.scale()),
      shift_(preprocess.shift),
      divisor_(preprocess.divisor) {
  if (preprocess.components.empty()) return;
  components_ = Matrix<double>(preprocess.outputs(shift_.size()), shift_.size());
  std::ranges::copy(preprocess.components, components_.elements().begin());
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
void InputTransform<T>::apply_affine(const S* from, std::size_t first, std::span<Y> to) const {
  const S* const x = from + first;
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
template <class S>
void InputTransform<T>::rotate(std::span<const S* const> rows, MatrixView<T> inputs) const {
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
        for (std::size_t i = 0; i < count; ++i) apply_affine(rows[row + i], first, centred.row(i));
        const MatrixView<const double> part(&components_(k, first), outputs, width, features);
        // rotated [rows × components] (+)= centred · partᵀ: M = rows, N = components, K = width
        gemm<double>(Op::kNone, Op::kTranspose, 1, centred, part, first == 0 ? 0 : 1, rotated);
      }
      for (std::size_t i = 0; i < count; ++i)
        std::ranges::transform(rotated.row(i), inputs.row(row + i).data() + k,
                               [](double y) { return static_cast<T>(y); });
    }
  }
}

template <class T>
template <class S>
void InputTransform<T>::apply(std::span<const S* const> rows, MatrixView<T> inputs) const {
  if (missing_.is_identity()) return transform(rows, inputs);
  const std::size_t features = missing_.values.size();
  const std::size_t width = features + missing_.indicators.size();
  Matrix<double> filled(std::min(kBlockRows, rows.size()), width);
  std::array<const double*, kBlockRows> addresses;
  for (std::size_t first = 0; first < rows.size(); first += kBlockRows) {
    const std::size_t count = std::min(kBlockRows, rows.size() - first);
    for (std::size_t i = 0; i < count; ++i) {
      fill_missing(missing_, rows[first + i], features, 0, width, filled.row(i).data());
      addresses[i] = filled.row(i).data();
    }
    transform(std::span<const double* const>(addresses).first(count),
              inputs.row_range(first, count));
  }
}

template <class T>
template <class S>
void InputTransform<T>::transform(std::span<const S* const> rows, MatrixView<T> inputs) const {
  assert(inputs.rows == rows.size());
  switch (formula_) {
    case InputFormula::kScaled:
      for (std::size_t i = 0; i < rows.size(); ++i) scale(rows[i], inputs.row(i));
      break;
    case InputFormula::kShifted:
    case InputFormula::kAffine:
      assert(inputs.cols == shift_.size());
      for (std::size_t i = 0; i < rows.size(); ++i) apply_affine(rows[i], 0, inputs.row(i));
      break;
    case InputFormula::kUnitLength:
      for (std::size_t i = 0; i < rows.size(); ++i)
        to_unit_length<S, T>({rows[i], inputs.cols}, inputs.row(i));
      break;
    case InputFormula::kRotated:
      assert(inputs.cols == components_.rows());
      rotate(rows, inputs);
      break;
  }
}

template class InputTransform<float>;
template class InputTransform<double>;
template void InputTransform<float>::apply(std::span<const std::uint8_t* const>,
                                           MatrixView<float>) const;
template void InputTransform<float>::apply(std::span<const float* const>, MatrixView<float>) const;
template void InputTransform<float>::apply(std::span<const double* const>, MatrixView<float>) const;
template void InputTransform<double>::apply(std::span<const std::uint8_t* const>,
                                            MatrixView<double>) const;
template void InputTransform<double>::apply(std::span<const float* const>,
                                            MatrixView<double>) const;
template void InputTransform<double>::apply(std::span<const double* const>,
                                            MatrixView<double>) const;

}  // namespace nabla
