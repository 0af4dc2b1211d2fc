// SPDX-License-Identifier: MIT
#include "engine/blas_guard.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/base/matrix.h"
#include "nabla/engine/parallel_options.h"

#include "base/random.h"
#include "math/blas.h"
#include "math/gemm.h"

namespace nabla {

namespace {

Matrix<float> random_matrix(std::size_t rows, std::size_t cols, std::uint32_t stream) {
  Matrix<float> matrix(rows, cols);
  Random random(1, stream);
  for (float& x : matrix.elements()) x = static_cast<float>(random.uniform(-1.0, 1.0));
  return matrix;
}

/// The same products one after another and many at a time must agree in every bit.
bool concurrent_products_agree(Executor& executor) {
  constexpr std::size_t kTasks = 64;
  const Matrix<float> a = random_matrix(48, 96, 1);
  const Matrix<float> b = random_matrix(160, 96, 2);
  Matrix<float> expected(a.rows(), b.rows());
  const auto multiply = [&](Matrix<float>& c) {
    blas_gemm<float>(Op::kNone, Op::kTranspose, 1.0F, a.view(), b.view(), 0.0F, c.view());
  };
  multiply(expected);
  std::vector<Matrix<float>> products(kTasks, Matrix<float>(a.rows(), b.rows()));
  executor.run(kTasks, [&](std::size_t i) { multiply(products[i]); });
  return std::ranges::all_of(products, [&](const Matrix<float>& product) {
    return std::ranges::equal(product.elements(), expected.elements());
  });
}

}  // namespace

void require_safe_blas(Executor& executor) {
  if (executor.threads() == 1) return prepare_blas(0);
  constexpr const char* kRemedy =
      "; install libopenblas-pthread-dev and build nabla against it, or use parallel.threads = 1";
  const BlasInfo blas = blas_info();
  if (blas.threading != "pthread")
    throw ConfigError("parallel.threads",
                      "the BLAS library in use (" + blas.library + ", " + blas.threading +
                          ") cannot be called from several threads, expected the "
                          "pthread build of OpenBLAS" +
                          kRemedy);
  if (executor.threads() > kMaxThreads)
    throw ConfigError("parallel.threads", std::to_string(executor.threads()) +
                                              " threads, but OpenBLAS serves at most " +
                                              std::to_string(kMaxThreads));
  prepare_blas(executor.threads());
  // Tried once: the library stays the same.
  static const bool agree = concurrent_products_agree(executor);
  if (!agree)
    throw ConfigError("parallel.threads",
                      "concurrent matrix products of the BLAS library in use (" + blas.library +
                          ") are wrong" + kRemedy);
}

}  // namespace nabla
