// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "math/kernel_table.h"

namespace nabla::onednn {

/// The environment variable that says who makes products of bfloat16: "nabla" or "onednn".
inline constexpr const char* kProductsVariable = "NABLA_BFLOAT16_PRODUCTS";

/// Whether oneDNN can make them: the build knows it, its library can be loaded, which is done here
/// at first, and this CPU has AVX-512, without which it multiplies no bfloat16.
bool is_there();

/// Whether products of bfloat16 go to oneDNN: if the environment says so, else if it is there and
/// this CPU has AMX, which nabla's own kernels do not use. Throws ConfigError if the variable says
/// something else, or asks for oneDNN that is not there.
bool is_used();

/// Its name, version and the instructions that it multiplies by: "oneDNN 2.6.3 (AMX)". Only if it
/// is there, as multiply.
std::string name();

/// As kernels::Bfloat16Kernels::multiply for k > 0, on the calling thread alone, for which OpenMP
/// is set to one thread meanwhile. The same shape gives the same bits. The first product of a shape
/// on a thread takes memory that the thread keeps for the shapes used last. Throws Error if oneDNN
/// fails.
void multiply(const kernels::Bfloat16Product& product);

}  // namespace nabla::onednn
