// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace nabla {

/// The BLAS library in this process.
struct BlasInfo {
  std::string library;    ///< its own description of its build, for example "OpenBLAS 0.3.21 …"
  std::string kernel;     ///< the kernel it runs, for example "SkylakeX"
  std::string threading;  ///< "pthread", "openmp", "serial" or "unknown"
};

/// Describes the library that is linked; sets BLAS to one thread of its own.
BlasInfo blas_info();

}  // namespace nabla
