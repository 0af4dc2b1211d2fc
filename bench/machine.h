// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "nabla/base/matrix.h"

namespace nabla::bench {

/// Returns 1, 2, 4, … and the number of all cores of this machine, in ascending order.
std::vector<std::size_t> thread_counts();
/// Returns one thread and all cores.
std::vector<std::size_t> one_and_all_threads();

/// Returns the largest measured GFLOP/s in float32 of `threads` threads together, each with large
/// products of its own. Measures for half a second, once per process and number of threads.
double gemm_peak(std::size_t threads);

/// Returns numbers uniform in [-1, 1), the same for every call, in rows padded as in the engine.
template <class T>
Matrix<T> random_matrix(std::size_t rows, std::size_t cols);

}  // namespace nabla::bench
