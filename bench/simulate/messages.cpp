// SPDX-License-Identifier: MIT
#include "messages.h"

#include <cstring>

namespace {

constexpr int kTag = 1;

}  // namespace

Messages::Messages(const Parts& from, const Parts& to, MPI_Datatype type, MPI_Comm comm) {
  int rank = 0, ranks = 0;
  MPI_Aint lowest = 0, size = 0;
  PMPI_Comm_rank(comm, &rank);
  PMPI_Comm_size(comm, &ranks);
  PMPI_Type_get_extent(type, &lowest, &size);
  const auto part = [&](const Parts& parts, int q) {
    return static_cast<char*>(const_cast<void*>(parts.array)) + parts.places[q] * size;
  };
  for (int q = 0; q < ranks; ++q)
    if (q != rank && to.counts[q] > 0)
      PMPI_Irecv(part(to, q), to.counts[q], type, q, kTag, comm,
                 &requests_.emplace_back(MPI_REQUEST_NULL));
  for (int q = 0; q < ranks; ++q)
    if (q != rank && from.counts[q] > 0)
      PMPI_Isend(part(from, q), from.counts[q], type, q, kTag, comm,
                 &requests_.emplace_back(MPI_REQUEST_NULL));
  if (part(from, rank) != part(to, rank))
    std::memmove(part(to, rank), part(from, rank),
                 static_cast<std::size_t>(size * from.counts[rank]));
}

void Messages::wait() {
  for (MPI_Request& request : requests_) PMPI_Wait(&request, MPI_STATUS_IGNORE);
}

bool Messages::are_done() {
  for (MPI_Request& request : requests_) {
    int is_done = 0;
    PMPI_Test(&request, &is_done, MPI_STATUS_IGNORE);
    if (is_done == 0) return false;
  }
  return true;
}
