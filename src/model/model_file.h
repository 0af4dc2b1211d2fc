// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "nabla/model/network.h"

#include "model/safetensors.h"
#include "model/tensor_names.h"

namespace nabla {

/// Returns the network's parameters, and the running statistics of batch normalisation, as the
/// bytes of a safetensors file with these names. Throws as safetensors::serialize_header does.
template <class T>
std::string serialize_network(const Network<T>& network, const TensorNames& names,
                              const safetensors::Metadata& metadata);

}  // namespace nabla
