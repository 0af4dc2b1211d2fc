// SPDX-License-Identifier: MIT
#include "math/array_kernels.h"

namespace nabla::elementwise {

constinit const KernelTable kBaselineKernels = make_table<16>("x86-64");

}  // namespace nabla::elementwise
