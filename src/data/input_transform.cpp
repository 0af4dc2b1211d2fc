// SPDX-License-Identifier: MIT
#include "data/input_transform.h"

#include <algorithm>
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
      binary_(preprocess.binary),
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

template <class T>
template <class S>
void InputTransform<T>::scale_row(const S* row, std::span<T> to) const {
  for_pieces(row, 0, to.size(), [&](const auto* x, std::size_t at, std::size_t n) {
    convert_row(x, scale_, to.subspan(at, n));
  });
  keep_binary(row, to);
}

template <class T>
template <class S>
void InputTransform<T>::unit_row(const S* row, std::span<T> to) const {
  for_pieces(row, 0, to.size(), [&](const auto* x, std::size_t at, std::size_t n) {
    convert_row(x, T(1), to.subspan(at, n));
  });
  for (const std::size_t j : binary_) to[j] = 0;
  to_unit_length(to);
  keep_binary(row, to);
}

/// Sets the inputs that are 0 or 1 by their making to these features.
template <class T>
template <class S>
void InputTransform<T>::keep_binary(const S* row, std::span<T> to) const {
  for (const std::size_t j : binary_)
    for_pieces(row, j, 1,
               [&](const auto* x, std::size_t, std::size_t) { to[j] = static_cast<T>(*x); });
}

/// Centres and divides features [first, first + to.size()) of a row.
template <class T>
template <class S>
void InputTransform<T>::affine_part(const S* row, std::size_t first, std::span<T> to) const {
  using A = std::conditional_t<std::is_same_v<S, std::uint8_t>, T, double>;
  for_pieces(row, first, to.size(), [&](const auto* x, std::size_t at, std::size_t n) {
    apply_affine<A>(x, at, to.subspan(at - first, n));
  });
}

/// Does so with x[0] … for the features from `first` on, in the arithmetic of A.
template <class T>
template <class A, class S>
void InputTransform<T>::apply_affine(const S* x, std::size_t first, std::span<T> to) const {
  const Affine<A>* affine = nullptr;
  if constexpr (std::is_same_v<A, T>)
    affine = &narrow_;
  else
    affine = &wide_;
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
      for (std::size_t i = 0; i < count; ++i) affine_part(rows[row + i], first, block.row(i));
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
  assert(inputs.rows == rows.size());
  switch (formula_) {
    case InputFormula::kScaled:
      for (std::size_t i = 0; i < rows.size(); ++i) scale_row(rows[i], inputs.row(i));
      break;
    case InputFormula::kShifted:
    case InputFormula::kAffine:
      assert(inputs.cols == wide_.shift.size());
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
