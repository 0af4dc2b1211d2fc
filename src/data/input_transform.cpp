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

/// So many features of a block are centred and multiplied at once; the block is on the stack.
constexpr std::size_t kBlockFeatures = 256;

template <class S, class T>
void convert_row(const S* from, T scale, std::span<T> to) {
  if constexpr (std::is_same_v<S, std::uint8_t>) {
    elementwise::convert_bytes({from, to.size()}, scale, to);
  } else {
    for (std::size_t j = 0; j < to.size(); ++j) to[j] = scale * static_cast<T>(from[j]);
  }
}

template <class T>
void divide(std::span<T> row, double divisor) {
  for (T& x : row) x = static_cast<T>(static_cast<double>(x) / divisor);
}

/// Divides a row by its L2 norm; a row of zeros stays.
template <class T>
void to_unit_length(std::span<T> row) {
  double sum = elementwise::sum_of_squares<T>(row);
  // The squares overflow or vanish in double, so the elements are divided by the largest first.
  constexpr double kLowest = 1e-280, kHighest = 1e300;
  if (!(sum > kLowest && sum < kHighest)) {
    double largest = 0;
    for (const T x : row) largest = std::max(largest, std::abs(static_cast<double>(x)));
    if (!std::isnormal(largest)) return;
    divide(row, largest);
    sum = elementwise::sum_of_squares<T>(row);
  }
  divide(row, std::sqrt(sum));
}

}  // namespace

template <class T>
InputTransform<T>::InputTransform(const Preprocess& preprocess)
    : missing_(preprocess.missing),
      formula_(traits_of(preprocess.kind).formula),
      scale_(static_cast<T>(preprocess.scale())),
      narrow_(preprocess),
      wide_(preprocess) {
  if (preprocess.components.empty()) return;
  const std::size_t features = preprocess.shift.size();
  components_ = Matrix<T>(preprocess.outputs(features), features);
  std::ranges::transform(preprocess.components, components_.elements().begin(),
                         [](double x) { return static_cast<T>(x); });
}

/// Reads features [first, first + to.size()) of a row.
template <class T>
template <class S>
void InputTransform<T>::apply_affine(const S* from, std::size_t first, std::span<T> to) const {
  using A = std::conditional_t<std::is_same_v<S, std::uint8_t>, T, double>;
  const Affine<A>* affine = nullptr;
  if constexpr (std::is_same_v<A, T>)
    affine = &narrow_;
  else
    affine = &wide_;
  const S* const x = from + first;
  const A* const shift = affine->shift.data() + first;
  T* const y = to.data();
  if (affine->divisor.empty()) {
    for (std::size_t j = 0; j < to.size(); ++j)
      y[j] = static_cast<T>(static_cast<A>(x[j]) - shift[j]);
  } else {
    const A* const divisor = affine->divisor.data() + first;
    for (std::size_t j = 0; j < to.size(); ++j)
      y[j] = static_cast<T>((static_cast<A>(x[j]) - shift[j]) / divisor[j]);
  }
}

template <class T>
template <class S>
void InputTransform<T>::rotate(std::span<const S* const> rows, MatrixView<T> inputs) const {
  alignas(kAlignment) T storage[kBlockRows * kBlockFeatures];
  const std::size_t features = components_.cols();
  for (std::size_t row = 0; row < rows.size(); row += kBlockRows) {
    const std::size_t count = std::min(kBlockRows, rows.size() - row);
    const MatrixView<T> outputs = inputs.row_range(row, count);
    for (std::size_t first = 0; first < features; first += kBlockFeatures) {
      const std::size_t width = std::min(kBlockFeatures, features - first);
      const MatrixView<T> block(storage, count, width, kBlockFeatures);
      for (std::size_t i = 0; i < count; ++i) apply_affine(rows[row + i], first, block.row(i));
      const MatrixView<const T> part(components_.data() + first, components_.rows(), width,
                                     features);
      // outputs [rows × components] (+)= block · partᵀ: M = rows, N = components, K = width
      gemm<T>(Op::kNone, Op::kTranspose, 1, block, part, first == 0 ? T(0) : T(1), outputs);
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
      for (std::size_t i = 0; i < rows.size(); ++i) convert_row(rows[i], scale_, inputs.row(i));
      break;
    case InputFormula::kShifted:
    case InputFormula::kAffine:
      assert(inputs.cols == wide_.shift.size());
      for (std::size_t i = 0; i < rows.size(); ++i) apply_affine(rows[i], 0, inputs.row(i));
      break;
    case InputFormula::kUnitLength:
      for (std::size_t i = 0; i < rows.size(); ++i) {
        convert_row(rows[i], T(1), inputs.row(i));
        to_unit_length(inputs.row(i));
      }
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
