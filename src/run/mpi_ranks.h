// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "nabla/engine/ranks.h"

namespace nabla {

/// The processes that an MPI launcher has started together.
class MpiRanks : public Ranks {
 public:
  /// Ends all ranks at once, whatever they are doing, with this exit code. Does not return.
  virtual void end_all(int code) = 0;
};

/// Joins the other processes, to be called once. Returns null if no launcher has started this
/// process, or if this build has no MPI.
std::unique_ptr<MpiRanks> join_ranks();

/// The MPI library of this build, "Open MPI v4.1.4"; "none" without.
std::string mpi_library();

}  // namespace nabla
