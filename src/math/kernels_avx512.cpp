// SPDX-License-Identifier: MIT
#if defined(__x86_64__)

#include "math/make_kernel_table.h"

namespace nabla::kernels {

constinit const KernelTable kAvx512Kernels = make_table<64>();

}  // namespace nabla::kernels

#endif
