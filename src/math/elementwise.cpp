// SPDX-License-Identifier: MIT
#include "nabla/math/elementwise.h"

#include <atomic>
#include <cassert>
#include <type_traits>

#include "math/elementwise_table.h"

namespace nabla::elementwise {
namespace {

/// The table of that name where this CPU and its operating system can run it, else null.
const KernelTable* find_table(std::string_view name) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (name == kAvx512Kernels.name) {
    const bool supported = __builtin_cpu_supports("avx512f") &&
                           __builtin_cpu_supports("avx512bw") &&
                           __builtin_cpu_supports("avx512dq") &&
                           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
    return supported ? &kAvx512Kernels : nullptr;
  }
  if (name == kAvx2Kernels.name) {
    const bool supported = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    return supported ? &kAvx2Kernels : nullptr;
  }
#endif
  return name == kBaselineKernels.name ? &kBaselineKernels : nullptr;
}

const KernelTable* best_table() {
  for (const char* name : {"avx512", "avx2"}) {
    if (const KernelTable* table = find_table(name)) return table;
  }
  return &kBaselineKernels;
}

/// The table in use; it changes in tests and benchmarks only.
std::atomic<const KernelTable*>& current_table() {
  static std::atomic<const KernelTable*> table = best_table();
  return table;
}

}  // namespace

template <class T>
const Kernels<T>& current_kernels() {
  const KernelTable& table = *current_table().load(std::memory_order_relaxed);
  if constexpr (std::is_same_v<T, float>) {
    return table.single_precision;
  } else {
    return table.double_precision;
  }
}

template const Kernels<float>& current_kernels();
template const Kernels<double>& current_kernels();

namespace {

template <class T>
const T* data_or_null(std::span<const T> values, [[maybe_unused]] std::size_t size) {
  assert(values.empty() || values.size() == size);
  return values.empty() ? nullptr : values.data();
}

}  // namespace

template <class T>
void add_bias_apply(Function function, std::span<const T> bias, MatrixView<T> z) {
  const T* const bias_data = data_or_null(bias, z.cols);
  if (function == Function::kIdentity && bias_data == nullptr) return;
  current_kernels<T>().add_bias_apply[static_cast<std::size_t>(function)](bias_data, z.data,
                                                                          z.stride, z.rows, z.cols);
}

template <class T>
void multiply_derivative(Function function, MatrixView<const T> a, MatrixView<T> delta) {
  assert(a.rows == delta.rows && a.cols == delta.cols);
  if (function == Function::kIdentity) return;
  current_kernels<T>().multiply_derivative[static_cast<std::size_t>(function)](
      a.data, a.stride, delta.data, delta.stride, delta.rows, delta.cols);
}

template <class T>
void add_bias_softmax(std::span<const T> bias, MatrixView<T> z, std::span<T> log_sum) {
  assert(log_sum.empty() || log_sum.size() == z.rows);
  current_kernels<T>().add_bias_softmax(data_or_null(bias, z.cols), z.data, z.stride, z.rows,
                                        z.cols, log_sum.empty() ? nullptr : log_sum.data());
}

template <class T>
void sigmoid_cross_entropy(MatrixView<const T> z, MatrixView<const T> y,
                           std::span<double> row_cost) {
  assert(z.rows == y.rows && z.cols == y.cols && row_cost.size() == z.rows);
  current_kernels<T>().sigmoid_cross_entropy(z.data, z.stride, y.data, y.stride, z.rows, z.cols,
                                             row_cost.data());
}

template <class T>
void softmax_cross_entropy(MatrixView<const T> z, MatrixView<const T> y,
                           std::span<double> row_cost) {
  assert(z.rows == y.rows && z.cols == y.cols && row_cost.size() == z.rows);
  current_kernels<T>().softmax_cross_entropy(z.data, z.stride, y.data, y.stride, z.rows, z.cols,
                                             row_cost.data());
}

template <class T>
void column_sums(T alpha, MatrixView<const T> delta, T beta, std::span<T> sums) {
  assert(sums.size() == delta.cols);
  current_kernels<T>().column_sums(alpha, delta.data, delta.stride, delta.rows, delta.cols, beta,
                                   sums.data());
}

template <class T>
void convert_bytes(std::span<const std::uint8_t> bytes, T scale, std::span<T> out) {
  assert(out.size() == bytes.size());
  current_kernels<T>().convert_bytes(bytes.data(), bytes.size(), scale, out.data());
}

template <class T>
void axpby(T alpha, std::span<const T> x, T beta, std::span<T> y) {
  assert(x.size() == y.size());
  current_kernels<T>().axpby(alpha, x.data(), beta, y.data(), y.size());
}

template <class T>
void add(std::span<const T> x, std::span<T> y) {
  assert(x.size() == y.size());
  current_kernels<T>().add(x.data(), y.data(), y.size());
}

template <class T>
double sum_of_squares(std::span<const T> x) {
  return current_kernels<T>().sum_of_squares(x.data(), x.size());
}

template <class T>
bool all_finite(std::span<const T> x) {
  return current_kernels<T>().all_finite(x.data(), x.size());
}

std::string_view instruction_set() { return current_table().load()->name; }

bool select_instruction_set(std::string_view name) {
  const KernelTable* const table = find_table(name);
  if (table != nullptr) current_table().store(table);
  return table != nullptr;
}

template void add_bias_apply(Function, std::span<const float>, MatrixView<float>);
template void multiply_derivative(Function, MatrixView<const float>, MatrixView<float>);
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

template void add_bias_apply(Function, std::span<const double>, MatrixView<double>);
template void multiply_derivative(Function, MatrixView<const double>, MatrixView<double>);
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

}  // namespace nabla::elementwise
