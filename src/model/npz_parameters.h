// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "nabla/model/network.h"

namespace nabla {

/// The name of the array with the weights of layer i, [outputs × inputs], in an NPZ file.
std::string npz_weight(std::size_t i);
/// The name of the array with the biases of layer i, [outputs].
std::string npz_bias(std::size_t i);

/// Returns whether the bytes start as an NPZ file does.
bool is_npz(std::span<const std::byte> content);

/// Fills the network from the arrays of an NPZ file, float16, float32 or float64 in any order.
/// `name` stands for the file in errors. Throws DataError if an array is missing, one too many or
/// of another shape or type, for a number that is not finite, and if the network has batch
/// normalisation, for which such files have no arrays.
template <class T>
void fill_from_npz(std::span<const std::byte> content, const std::string& name,
                   Network<T>& network);

}  // namespace nabla
