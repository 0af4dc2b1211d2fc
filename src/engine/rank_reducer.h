// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "nabla/engine/executor.h"
#include "nabla/engine/ranks.h"
#include "nabla/model/topology.h"

#include "engine/parameter_shares.h"
#include "engine/plan.h"
#include "engine/reducer.h"

namespace nabla {

/// For a rank that has some of the shards and steps its share of the parameters, which is given to
/// all ranks then. What ranks give each other is begun as soon as it is known, layer by layer, and
/// goes on behind the rest of backprop and behind the steps of other layers. The sums are those of
/// make_local_reducer, to the bit. All but the topology are referred to and must outlive the
/// reducer.
template <class T>
std::unique_ptr<Reducer<T>> make_rank_reducer(const Topology& topology, const StepPlan& plan,
                                              const std::vector<Tile>& tiles,
                                              const ParameterShares& shares, Ranks& ranks,
                                              Executor& executor);

}  // namespace nabla
