// SPDX-License-Identifier: MIT
#include "machine.h"

#include <algorithm>
#include <chrono>
#include <map>

#include "nabla/engine/executor.h"

#include "base/random.h"
#include "math/gemm.h"
#include "model/padding.h"

namespace nabla::bench {

namespace {

double measure_peak(std::size_t threads) {
  using Clock = std::chrono::steady_clock;
  constexpr std::size_t kSides[] = {512, 1024};
  constexpr int kTries = 5;
  const auto executor = make_executor(threads);
  double best = 0;
  for (const std::size_t side : kSides) {
    const Matrix<float> a = random_matrix<float>(side, side);
    std::vector<Matrix<float>> products(threads, Matrix<float>(side, side, padded_stride(side)));
    const auto multiply = [&](std::size_t i) {
      gemm<float>(Op::kNone, Op::kTranspose, 1.0F, a.view(), a.view(), 0.0F, products[i].view());
    };
    executor->run(threads, multiply);
    for (int i = 0; i < kTries; ++i) {
      const auto start = Clock::now();
      executor->run(threads, multiply);
      const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
      const double flops = 2.0 * static_cast<double>(side * side * side * threads);
      best = std::max(best, flops / seconds * 1e-9);
    }
  }
  return best;
}

}  // namespace

std::vector<std::size_t> thread_counts() {
  std::vector<std::size_t> counts;
  for (std::size_t n = 1; n < available_cores(); n *= 2) counts.push_back(n);
  counts.push_back(available_cores());
  return counts;
}

std::vector<std::size_t> one_and_all_threads() {
  if (available_cores() == 1) return {1};
  return {1, available_cores()};
}

double gemm_peak(std::size_t threads) {
  static std::map<std::size_t, double> peaks;
  const auto found = peaks.find(threads);
  return found != peaks.end() ? found->second : peaks[threads] = measure_peak(threads);
}

template <class T>
Matrix<T> random_matrix(std::size_t rows, std::size_t cols) {
  Matrix<T> matrix(rows, cols, padded_stride(cols));
  Random random(1);
  for (std::size_t r = 0; r < rows; ++r)
    for (T& x : matrix.row(r)) x = static_cast<T>(random.uniform(-1.0, 1.0));
  return matrix;
}

template Matrix<float> random_matrix(std::size_t, std::size_t);
template Matrix<double> random_matrix(std::size_t, std::size_t);

}  // namespace nabla::bench
