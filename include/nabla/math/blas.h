// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

namespace nabla {

/// The BLAS library in this process.
struct BlasInfo {
  std::string config;     ///< OpenBLAS's own description of its build
  std::string kernel;     ///< the kernel it runs, for example "SkylakeX"
  std::string threading;  ///< "pthread", "openmp" or "serial"
};

BlasInfo blas_info();

/// Makes BLAS ready to be called from `threads` tasks at once and from then on single-threaded
/// itself; called by whoever starts training or evaluation, cheap after the first time. Throws
/// ConfigError saying what to install where several threads are asked for and the loaded library
/// is not the pthread build, which alone is safe there, or fails a self-test of concurrent
/// products.
void prepare_blas(std::size_t threads);

}  // namespace nabla
