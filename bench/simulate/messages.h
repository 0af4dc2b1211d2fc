// SPDX-License-Identifier: MIT
#pragma once

#include <smpi/mpi.h>
#include <vector>

/// Part `q` of an array is what rank q sends or receives: `counts[q]` elements from `places[q]` on.
struct Parts {
  const void* array;
  const int* counts;
  const int* places;
};

/// A collective operation of MPI as what it is without cleverness: a message for each pair of ranks
/// that have something for each other. SMPI's own are the same, but for empty messages, and wait
/// for all requests at once, which takes it a time that grows with the cube of the ranks.
class Messages {
 public:
  /// Begins to receive from and to send to all other ranks. What a rank has for itself is copied if
  /// `from` and `to` are not the same array.
  Messages(const Parts& from, const Parts& to, MPI_Datatype type, MPI_Comm comm);

  void wait();
  bool are_done();

 private:
  std::vector<MPI_Request> requests_;
};
