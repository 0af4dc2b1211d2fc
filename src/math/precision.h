// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>

#include "math/bfloat16.h"

namespace nabla {

/// The types of the numbers of a training.
template <class P, class O, class S>
struct PrecisionTypes {
  using Parameter = P;  ///< weights and biases, and what the optimiser keeps of them
  using Operand = O;    ///< both factors of each matrix product of feedforward and backprop
  using Sum = S;        ///< results of the products, and everything that is computed from them
};

/// All numbers are of one type.
template <class T>
using Uniform = PrecisionTypes<T, T, T>;

using Float32 = Uniform<float>;
using Float64 = Uniform<double>;
/// Products take operands rounded to bfloat16 and sum in float32 (mixed precision).
using Bfloat16 = PrecisionTypes<float, bfloat16_t, float>;

template <class Precision>
using ParameterOf = typename Precision::Parameter;
template <class Precision>
using OperandOf = typename Precision::Operand;
template <class Precision>
using SumOf = typename Precision::Sum;

/// Whether operands of products are images of numbers that are kept in another type besides.
template <class Precision>
inline constexpr bool kHasImages = !std::is_same_v<OperandOf<Precision>, SumOf<Precision>>;

}  // namespace nabla
