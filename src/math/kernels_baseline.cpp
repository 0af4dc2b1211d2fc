// SPDX-License-Identifier: MIT
#include "math/make_kernel_table.h"

namespace nabla::kernels {

constinit const KernelTable kBaselineKernels = make_table<16>();

}  // namespace nabla::kernels
