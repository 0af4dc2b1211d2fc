// SPDX-License-Identifier: MIT
#include "math/elementwise.h"

#include <cassert>
#include <cstddef>

#include "math/kernel_table.h"

namespace nabla::elementwise {

namespace {

template <class T>
const T* data_or_null(std::span<const T> values, [[maybe_unused]] std::size_t size) {
  assert(values.empty() || values.size() == size);
  return values.empty() ? nullptr : values.data();
}

}  // namespace

template <class T>
void add_bias_apply(Activation activation, std::span<const T> bias, MatrixView<T> z) {
  assert(traits_of(activation).is_elementwise());
  const T* const bias_data = data_or_null(bias, z.cols);
  if (activation == Activation::kIdentity && bias_data == nullptr) return;
  kernels::current<T>().add_bias_apply[activation](bias_data, z.data, z.stride, z.rows, z.cols);
}

template <class T>
void add_bias_keep_apply(Activation activation, std::span<const T> bias, MatrixView<T> z,
                         MatrixView<T> a) {
  assert(traits_of(activation).needs_z && a.rows == z.rows && a.cols == z.cols);
  kernels::current<T>().add_bias_keep_apply[activation](data_or_null(bias, z.cols), z.data,
                                                        z.stride, a.data, a.stride, z.rows, z.cols);
}

template <class T>
void multiply_derivative(Activation activation, MatrixView<const T> a_or_z, MatrixView<T> delta) {
  assert(traits_of(activation).is_elementwise());
  assert(a_or_z.rows == delta.rows && a_or_z.cols == delta.cols);
  if (activation == Activation::kIdentity) return;
  kernels::current<T>().multiply_derivative[activation](a_or_z.data, a_or_z.stride, delta.data,
                                                        delta.stride, delta.rows, delta.cols);
}

template <class T>
void add_bias_softmax(std::span<const T> bias, MatrixView<T> z, std::span<T> log_sum) {
  assert(log_sum.empty() || log_sum.size() == z.rows);
  kernels::current<T>().add_bias_softmax(data_or_null(bias, z.cols), z.data, z.stride, z.rows,
                                         z.cols, log_sum.empty() ? nullptr : log_sum.data());
}

template <class T>
void sigmoid_cross_entropy(MatrixView<const T> z, MatrixView<const T> y,
                           std::span<double> row_cost) {
  assert(z.rows == y.rows && z.cols == y.cols && row_cost.size() == z.rows);
  kernels::current<T>().sigmoid_cross_entropy(z.data, z.stride, y.data, y.stride, z.rows, z.cols,
                                              row_cost.data());
}

template <class T>
void softmax_cross_entropy(MatrixView<const T> z, MatrixView<const T> y,
                           std::span<double> row_cost) {
  assert(z.rows == y.rows && z.cols == y.cols && row_cost.size() == z.rows);
  kernels::current<T>().softmax_cross_entropy(z.data, z.stride, y.data, y.stride, z.rows, z.cols,
                                              row_cost.data());
}

template <class T>
void column_sums(T alpha, MatrixView<const T> delta, T beta, std::span<T> sums) {
  assert(sums.size() == delta.cols);
  kernels::current<T>().column_sums(alpha, delta.data, delta.stride, delta.rows, delta.cols, beta,
                                    sums.data());
}

template <class T>
void convert_bytes(std::span<const std::uint8_t> bytes, T scale, std::span<T> out) {
  assert(out.size() == bytes.size());
  kernels::current<T>().convert_bytes(bytes.data(), bytes.size(), scale, out.data());
}

template <class T>
void axpby(T alpha, std::span<const T> x, T beta, std::span<T> y) {
  assert(x.size() == y.size());
  kernels::current<T>().axpby(alpha, x.data(), beta, y.data(), y.size());
}

template <class T>
void add(std::span<const T> x, std::span<T> y) {
  assert(x.size() == y.size());
  kernels::current<T>().add(x.data(), y.data(), y.size());
}

void round_to_bfloat16(MatrixView<const float> x, MatrixView<bfloat16_t> to) {
  assert(to.rows == x.rows && to.cols == x.cols);
  kernels::current_bfloat16().round(x.data, x.stride, to.data, to.stride, x.rows, x.cols);
}

template <class T>
double sum_of_squares(std::span<const T> x) {
  return kernels::current<T>().sum_of_squares(x.data(), x.size());
}

template <class T>
bool all_finite(std::span<const T> x) {
  return kernels::current<T>().all_finite(x.data(), x.size());
}

template <class T>
void correlate(std::span<const T> weights, std::span<const T> x, std::size_t stride,
               std::span<T> out) {
  assert(!weights.empty() && x.size() >= out.size() + (weights.size() - 1) * stride);
  kernels::current<T>().correlate(weights.data(), weights.size(), x.data(), stride, out.data(),
                                  out.size());
}

std::string_view instruction_set() { return kernels::current_name(); }

std::string_view best_instruction_set() { return kernels::best(); }

bool select_instruction_set(std::string_view name) { return kernels::select(name); }

template void add_bias_apply(Activation, std::span<const float>, MatrixView<float>);
template void add_bias_keep_apply(Activation, std::span<const float>, MatrixView<float>,
                                  MatrixView<float>);
template void multiply_derivative(Activation, MatrixView<const float>, MatrixView<float>);
template void add_bias_softmax(std::span<const float>, MatrixView<float>, std::span<float>);
template void sigmoid_cross_entropy(MatrixView<const float>, MatrixView<const float>,
                                    std::span<double>);
template void softmax_cross_entropy(MatrixView<const float>, MatrixView<const float>,
                                    std::span<double>);
template void column_sums(float, MatrixView<const float>, float, std::span<float>);
template void convert_bytes(std::span<const std::uint8_t>, float, std::span<float>);
template void axpby(float, std::span<const float>, float, std::span<float>);
template void add(std::span<const float>, std::span<float>);
template double sum_of_squares(std::span<const float>);
template bool all_finite(std::span<const float>);
template void correlate(std::span<const float>, std::span<const float>, std::size_t,
                        std::span<float>);

template void add_bias_apply(Activation, std::span<const double>, MatrixView<double>);
template void add_bias_keep_apply(Activation, std::span<const double>, MatrixView<double>,
                                  MatrixView<double>);
template void multiply_derivative(Activation, MatrixView<const double>, MatrixView<double>);
template void add_bias_softmax(std::span<const double>, MatrixView<double>, std::span<double>);
template void sigmoid_cross_entropy(MatrixView<const double>, MatrixView<const double>,
                                    std::span<double>);
template void softmax_cross_entropy(MatrixView<const double>, MatrixView<const double>,
                                    std::span<double>);
template void column_sums(double, MatrixView<const double>, double, std::span<double>);
template void convert_bytes(std::span<const std::uint8_t>, double, std::span<double>);
template void axpby(double, std::span<const double>, double, std::span<double>);
template void add(std::span<const double>, std::span<double>);
template double sum_of_squares(std::span<const double>);
template bool all_finite(std::span<const double>);
template void correlate(std::span<const double>, std::span<const double>, std::size_t,
                        std::span<double>);

}  // namespace nabla::elementwise
