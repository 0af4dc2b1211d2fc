// SPDX-License-Identifier: MIT
#if defined(__x86_64__)

#include "math/bfloat16_kernels.h"

namespace nabla::kernels {

constinit const Bfloat16Kernels kAvx512Bf16Kernels = make_bfloat16_kernels<Simd<float, 64>>();

}  // namespace nabla::kernels

#endif
