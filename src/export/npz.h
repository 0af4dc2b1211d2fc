// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "nabla/model/network.h"

namespace nabla {

/// Returns the parameters as the bytes of an NPZ file: an array weight_<i> [outputs × inputs] and
/// an array bias_<i> [outputs] for each layer i from 0, in the network's type, not compressed.
/// Batch normalisation is folded into them, so that a^{i+1} = f(a^i · weight_iᵀ + bias_i). Equal
/// networks give equal bytes. Throws Error if libzip fails.
template <class T>
std::string npz_bytes(const Network<T>& network);

}  // namespace nabla
