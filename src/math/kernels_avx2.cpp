// SPDX-License-Identifier: MIT
#if defined(__x86_64__)

#include "math/make_kernel_table.h"

namespace nabla::kernels {

constinit const KernelTable kAvx2Kernels = make_table<32>();

}  // namespace nabla::kernels

#endif
