// SPDX-License-Identifier: MIT
#if defined(__x86_64__)

#include "math/array_kernels.h"

namespace nabla::elementwise {

constinit const KernelTable kAvx512Kernels = make_table<64>("avx512");

}  // namespace nabla::elementwise

#endif
