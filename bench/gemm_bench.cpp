// SPDX-License-Identifier: MIT
//
// gemm/<product>/<outputs>x<inputs>/rows:<rows> makes the matrix products of a layer on one thread,
// as the engine asks for them; blas/… makes the same by BLAS, whatever their size. Both report
// GFLOP/s.
#include <benchmark/benchmark.h>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "machine.h"
#include "math/gemm.h"
#include "model/padding.h"
#include "workloads.h"

namespace nabla::bench {

namespace {

constexpr std::size_t kBatchRows[] = {10, 16, 32, 64, 128, 256, 512};

using Multiply = decltype(&gemm<float>);

/// C ← alpha · op(A) · op(B) + beta · C
struct Product {
  const char* name;
  Op op_a;
  Op op_b;
  float alpha;
  float beta;
};
// z = a · Wᵀ; δ^{i-1} = δ · W; W ← W − η/m · δᵀ · a
constexpr Product kForward{"forward", Op::kNone, Op::kTranspose, 1.0F, 0.0F};
constexpr Product kDelta{"delta", Op::kNone, Op::kNone, 1.0F, 0.0F};
constexpr Product kNabla{"nabla", Op::kTranspose, Op::kNone, -1e-6F, 1.0F};

/// Returns whether some elements of a first product equal dot products in double.
bool is_right(const Product& product, MatrixView<const float> a, MatrixView<const float> b,
              MatrixView<const float> c) {
  const std::size_t k = product.op_a == Op::kNone ? a.cols : a.rows;
  for (const std::size_t i : {std::size_t{0}, c.rows / 2, c.rows - 1}) {
    for (const std::size_t j : {std::size_t{0}, c.cols / 3, c.cols - 1}) {
      double sum = 0;
      for (std::size_t l = 0; l < k; ++l)
        sum += static_cast<double>(product.op_a == Op::kNone ? a(i, l) : a(l, i)) *
               static_cast<double>(product.op_b == Op::kNone ? b(l, j) : b(j, l));
      const double alpha = static_cast<double>(product.alpha);
      const double error = std::abs(static_cast<double>(c(i, j)) - alpha * sum);
      if (!(error <= 1e-6 * static_cast<double>(k) * std::abs(alpha))) return false;
    }
  }
  return true;
}

/// A is [m × k] and B is [k × n], transposed before if the product wants them so.
void run_product(benchmark::State& state, Multiply multiply, const Product& product, std::size_t m,
                 std::size_t n, std::size_t k) {
  const bool a_plain = product.op_a == Op::kNone, b_plain = product.op_b == Op::kNone;
  const Matrix<float> a = random_matrix<float>(a_plain ? m : k, a_plain ? k : m);
  const Matrix<float> b = random_matrix<float>(b_plain ? k : n, b_plain ? n : k);
  Matrix<float> c(m, n, padded_stride(n));
  const auto run = [&] {
    multiply(product.op_a, product.op_b, product.alpha, a.view(), b.view(), product.beta, c.view());
  };
  run();
  if (!is_right(product, a.view(), b.view(), c.view()))
    return state.SkipWithError("differs from dot products");

  for (auto _ : state) {
    run();
    benchmark::ClobberMemory();
  }
  const double flops = 2.0 * static_cast<double>(m * n * k);
  state.counters["GFLOP/s"] =
      benchmark::Counter(flops * 1e-9, benchmark::Counter::kIsIterationInvariantRate);
}

void register_layer(std::size_t outputs, std::size_t inputs, std::size_t rows) {
  const auto add = [&](const Product& product, std::size_t m, std::size_t n, std::size_t k) {
    const std::string name = std::string(product.name) + "/" + std::to_string(outputs) + "x" +
                             std::to_string(inputs) + "/rows:" + std::to_string(rows);
    const auto add_by = [&](const std::string& by, Multiply multiply) {
      benchmark::RegisterBenchmark((by + name).c_str(), [=](benchmark::State& state) {
        run_product(state, multiply, product, m, n, k);
      })->UseRealTime();
    };
    add_by("gemm/", &gemm<float>);
    add_by("blas/", &blas_gemm<float>);
  };
  add(kForward, rows, outputs, inputs);
  add(kDelta, rows, inputs, outputs);
  add(kNabla, outputs, inputs, rows);
}

[[maybe_unused]] const bool gemm_registered = [] {
  std::set<std::pair<std::size_t, std::size_t>> shapes;
  for (const Workload& workload : workloads())
    for (std::size_t i = 0; i + 1 < workload.widths.size(); ++i)
      shapes.emplace(workload.widths[i + 1], workload.widths[i]);
  for (const auto& [outputs, inputs] : shapes)
    for (const std::size_t rows : kBatchRows) register_layer(outputs, inputs, rows);
  return true;
}();

}  // namespace

}  // namespace nabla::bench
