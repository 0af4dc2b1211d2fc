// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "nabla/base/matrix.h"

/// Vectorised elementwise kernels, compiled for x86-64 baseline, AVX2 and AVX-512 and chosen once
/// at run time. The result of an element depends on its inputs only, never on its position, the
/// number of rows or the alignment, so splitting a matrix into shards never changes a bit. T is
/// float or double. NaN passes through every kernel. None allocates.
namespace nabla::elementwise {

/// Activations that need no parameter; the slope of leaky-relu is 0.01, elu's alpha 1, softplus's
/// beta 1, gelu is the exact one (erf).
enum class Function { kIdentity, kSigmoid, kTanh, kRelu, kLeakyRelu, kElu, kSoftplus, kGelu };

/// z ← f(z + bias), the bias (one element per column) added to every row.
template <class T>
void add_bias_apply(Function function, std::span<const T> bias, MatrixView<T> z);

/// delta ← delta ⊙ f'(z), where a = f(z) is given (for all functions but gelu the derivative is a
/// function of a: sigmoid a(1−a), tanh 1−a², relu a > 0, leaky a > 0 ? 1 : 0.01, elu a > 0 ? 1 :
/// a+1, softplus 1−exp(−a)); for gelu `a` holds z itself.
template <class T>
void multiply_derivative(Function function, MatrixView<const T> a, MatrixView<T> delta);

/// Each row of z ← softmax(z + bias), shifted by its maximum. log_sum[row] receives the row's
/// log-sum-exp of z + bias.
template <class T>
void add_bias_softmax(std::span<const T> bias, MatrixView<T> z, std::span<T> log_sum);

/// Row sums in a fixed order of the cross-entropy of sigmoid outputs from the weighted inputs z:
/// Σ_j softplus(z_j) − y_j z_j.
template <class T>
void sigmoid_cross_entropy(MatrixView<const T> z, MatrixView<const T> y,
                           std::span<double> row_cost);

/// Column sums: sums[j] ← beta · sums[j] + alpha · Σ_r delta(r, j), rows added in ascending order.
template <class T>
void column_sums(T alpha, MatrixView<const T> delta, T beta, std::span<T> sums);

/// out(r, j) ← scale · float(bytes[j]) for one row of bytes.
template <class T>
void convert_bytes(std::span<const std::uint8_t> bytes, T scale, std::span<T> out);

/// The instruction set chosen: "x86-64", "avx2" or "avx512".
std::string_view instruction_set();

/// Makes the kernels of one instruction set current, for tests and benchmarks; returns false where
/// this CPU lacks it. Not to be called while kernels run.
bool select_instruction_set(std::string_view name);

}  // namespace nabla::elementwise
