// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "nabla/model/network.h"
#include "nabla/model/topology.h"

namespace nabla {

/// Copies numbers that are laid out as the parameters of a network, from the places that they have
/// in one topology to those in another, which differs from it at most in input_major.
template <class T>
void copy_parameters(const Topology& from_topology, std::span<const T> from,
                     const Topology& to_topology, std::span<T> to);

/// The network with the weights of its first layer as Topology::input_major has them.
template <class T>
Network<T> to_input_major(const Network<T>& network) {
  Network<T> result(network.topology().input_major());
  copy_parameters(network.topology(), network.parameters(), result.topology(), result.parameters());
  return result;
}

}  // namespace nabla
