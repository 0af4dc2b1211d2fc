// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "nabla/base/matrix.h"
#include "nabla/math/activation.h"

#include "math/bfloat16.h"

/// Vectorised elementwise kernels, compiled for x86-64 baseline, AVX2 and AVX-512 and chosen once
/// at run time. The result of an element depends on its inputs only, never on its position, the
/// number of rows or the alignment, so splitting a matrix into shards never changes a bit; it may
/// differ between instruction sets in the last bits. T is float or double. Activations and their
/// derivatives are accurate to 4 units in the last place (measured in
/// tests/math/elementwise_test.cpp); results below the smallest normal number, for derivatives of
/// activations that need z below 16 times it, may become zero. NaN passes through every kernel.
/// None allocates. All may be called from several threads at once.
namespace nabla::elementwise {

/// z ← f(z + bias), the bias (one element per column) added to every row, f an elementwise
/// activation. An empty bias adds nothing.
template <class T>
void add_bias_apply(Activation activation, std::span<const T> bias, MatrixView<T> z);

/// z ← z + bias and a ← f(z) in one pass, f an activation that needs z. The same bits as
/// add_bias_apply. An empty bias adds nothing; z and a do not overlap.
template <class T>
void add_bias_keep_apply(Activation activation, std::span<const T> bias, MatrixView<T> z,
                         MatrixView<T> a);

/// delta ← delta ⊙ f'(z) for an elementwise activation. `a_or_z` holds z if the activation needs
/// it, otherwise a = f(z): sigmoid a(1−a), tanh 1−a², relu a > 0, leaky-relu a > 0 ? 1 : 0.01, elu
/// a > 0 ? 1 : a+1, softplus 1−exp(−a).
template <class T>
void multiply_derivative(Activation activation, MatrixView<const T> a_or_z, MatrixView<T> delta);

/// Each row of z ← softmax(z + bias), shifted by its maximum. log_sum[row] receives the row's
/// log-sum-exp of z + bias. Either span may be empty: no bias, log-sum-exp not wanted.
template <class T>
void add_bias_softmax(std::span<const T> bias, MatrixView<T> z, std::span<T> log_sum);

/// Row sums in a fixed order of the cross-entropy of sigmoid outputs from the weighted inputs z:
/// Σ_j softplus(z_j) − y_j z_j.
template <class T>
void sigmoid_cross_entropy(MatrixView<const T> z, MatrixView<const T> y,
                           std::span<double> row_cost);

/// Row sums in a fixed order of the cross-entropy of softmax outputs from the weighted inputs z
/// (bias included): Σ_j y_j (L − z_j), L the row's log-sum-exp. To be called before the softmax
/// overwrites z.
template <class T>
void softmax_cross_entropy(MatrixView<const T> z, MatrixView<const T> y,
                           std::span<double> row_cost);

/// Column sums: sums[j] ← beta · sums[j] + alpha · Σ_r delta(r, j), rows added in ascending order.
/// With beta = 0 the old sums are not read.
template <class T>
void column_sums(T alpha, MatrixView<const T> delta, T beta, std::span<T> sums);

/// out[j] ← scale · bytes[j].
template <class T>
void convert_bytes(std::span<const std::uint8_t> bytes, T scale, std::span<T> out);

/// y ← alpha · x + beta · y. With beta = 0 the old y is not read. Equal sizes; x and y are the same
/// array or do not overlap.
template <class T>
void axpby(T alpha, std::span<const T> x, T beta, std::span<T> y);

/// y ← y + x. Equal sizes; x and y are the same array or do not overlap.
template <class T>
void add(std::span<const T> x, std::span<T> y);

/// to(r, j) ← x(r, j), rounded as to_bfloat16 does.
void round_to_bfloat16(MatrixView<const float> x, MatrixView<bfloat16_t> to);

/// Σ x_i², squared and added in double in an order that depends on the size only and is the same
/// for all instruction sets.
template <class T>
double sum_of_squares(std::span<const T> x);

/// Whether no element is NaN or infinite.
template <class T>
bool all_finite(std::span<const T> x);

/// out[i] ← Σ_k weights[k] · x[i + k · stride], in ascending order of k and the same bits for all
/// instruction sets. x has out.size() + (weights.size() − 1) · stride elements and does not overlap
/// out.
template <class T>
void correlate(std::span<const T> weights, std::span<const T> x, std::size_t stride,
               std::span<T> out);

/// The instruction set chosen, "x86-64", "avx2", "avx512" or "avx512bf16": the one that the
/// environment variable NABLA_INSTRUCTION_SET names, else the best that this CPU has. Throws
/// ConfigError if the variable names another one. The products of nabla's own kernels follow it,
/// too.
std::string_view instruction_set();

/// The best instruction set that this CPU has, whatever was chosen.
std::string_view best_instruction_set();

/// Makes the kernels of one instruction set current, for tests and benchmarks; returns false if
/// this CPU lacks it. Not to be called while kernels run.
bool select_instruction_set(std::string_view name);

}  // namespace nabla::elementwise
