// SPDX-License-Identifier: MIT
#pragma once

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

template <class Precision>
using ParameterOf = typename Precision::Parameter;
template <class Precision>
using OperandOf = typename Precision::Operand;
template <class Precision>
using SumOf = typename Precision::Sum;

}  // namespace nabla
