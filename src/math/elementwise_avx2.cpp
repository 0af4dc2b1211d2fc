// SPDX-License-Identifier: MIT
#if defined(__x86_64__)

#include "math/array_kernels.h"

namespace nabla::elementwise {

constinit const KernelTable kAvx2Kernels = make_table<32>("avx2");

}  // namespace nabla::elementwise

#endif
