// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "nabla/base/matrix.h"

namespace nabla::bench {

/// 1, 2, 4, … and all cores of this machine, ascending.
std::vector<std::size_t> thread_counts();
/// One thread and all cores.
std::vector<std::size_t> one_and_all_threads();

/// The most GFLOP/s in float32 that `threads` threads have been seen to reach together, each with
/// large products of its own. Measured once per process and number of threads, in half a second.
double gemm_peak(std::size_t threads);

/// Uniform in [-1, 1), the same for every call, with rows padded as in the engine.
template <class T>
Matrix<T> random_matrix(std::size_t rows, std::size_t cols);

}  // namespace nabla::bench
