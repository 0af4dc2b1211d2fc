// SPDX-License-Identifier: MIT
//
// Stands between the program and the MPI of SimGrid, by the profiling names that MPI has for that.
// The simulator computes as slowly as one core that does the work of all nodes, so it is told not
// to take that time. Instead the time between two calls of MPI within a step is measured once and
// then charged:
//
// - Measuring, a lone process with the threads of a node is told that it is the first of many ranks
//   and so does the work of that one. Its exchanges do nothing.
// - Simulating, each rank advances its simulated clock by that time before each call.
//
// bench/simulate/simulate sets the variables of the environment and reads the files.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <smpi/mpi.h>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "messages.h"

namespace {

/// How calls are named in the files. kEnd gathers a number of four bytes from each rank, which the
/// program does last in each step, and besides where it is in no step.
enum Call : char { kExchange = 'x', kGather = 'g', kEnd = 'e', kTest = 't', kWait = 'w' };

const char* variable(const char* name) { return std::getenv(name); }

/// Logs the seconds before each call, of a process that is told that it is the first of `ranks`.
class Measurement {
 public:
  Measurement(const std::string& file, int ranks) : ranks_(ranks), stream_(file) {}

  int ranks() const { return ranks_; }

  void before(Call call) {
    const std::chrono::duration<double> passed = Clock::now() - last_;
    stream_ << static_cast<char>(call) << ' ' << passed.count() << std::endl;
  }
  void after() { last_ = Clock::now(); }

 private:
  using Clock = std::chrono::steady_clock;

  int ranks_;
  std::ofstream stream_;
  Clock::time_point last_ = Clock::now();
};

/// Charges the seconds before each call of a step, which are those of a file.
class Charges {
  struct Entry {
    char call;
    double seconds;
  };

 public:
  explicit Charges(const std::string& file) {
    std::ifstream stream(file);
    for (Entry entry{}; stream >> entry.call >> entry.seconds;) entries_.push_back(entry);
    if (entries_.empty()) throw std::runtime_error(file + ": no seconds to charge");
    if (const char* times = variable("NABLA_SIMULATE_TIMES")) times_ = times;
    if (const char* slow = variable("NABLA_SIMULATE_SLOW")) slow_ = std::atof(slow);
  }

  bool is_training() const { return is_training_; }

  void before(Call call) {
    // No step has begun yet if no layer has been exchanged.
    is_training_ = is_training_ || call == kExchange;
    if (!is_training_) return;
    has_exchanged_ = has_exchanged_ || call == kExchange;
    ends_ = ends_ || call == kEnd;
    // The first step of an epoch has not the waiting of the others for the step before, but the
    // work that follows it.
    double seconds = 0;
    do {
      if (next_ == entries_.size())
        throw std::runtime_error("the step makes other calls of MPI than those that were measured");
      seconds += entries_[next_].seconds;
    } while (entries_[next_++].call != call);
    smpi_execute(seconds * factor());
    start_ = PMPI_Wtime();
  }

  void after(Call call) {
    if (!is_training_) return;
    waited_ += PMPI_Wtime() - start_;
    if (!ends_ || call != kWait) return;
    if (has_exchanged_) note_step();
    next_ = 0;
    waited_ = 0;
    ends_ = has_exchanged_ = false;
  }

 private:
  /// The last rank may be slower than the others.
  double factor() {
    int rank = 0, ranks = 0;
    PMPI_Comm_rank(MPI_COMM_WORLD, &rank);
    PMPI_Comm_size(MPI_COMM_WORLD, &ranks);
    return rank + 1 == ranks ? slow_ : 1;
  }

  void note_step() const {
    int rank = 0;
    PMPI_Comm_rank(MPI_COMM_WORLD, &rank);
    if (rank > 0 || times_.empty()) return;
    std::ofstream(times_, std::ios::app) << PMPI_Wtime() << ' ' << waited_ << '\n';
  }

  std::vector<Entry> entries_;
  std::string times_;
  double slow_ = 1;
  std::size_t next_ = 0;
  bool is_training_ = false;
  bool has_exchanged_ = false;
  bool ends_ = false;
  double start_ = 0;
  double waited_ = 0;
};

Measurement* measurement() {
  static Measurement* const shared = [] {
    const char* file = variable("NABLA_SIMULATE_MEASURE");
    const char* ranks = variable("NABLA_SIMULATE_RANKS");
    return file != nullptr && ranks != nullptr ? new Measurement(file, std::atoi(ranks)) : nullptr;
  }();
  return shared;
}

Charges* charges() {
  static Charges* const shared = [] {
    const char* file = variable("NABLA_SIMULATE_CHARGES");
    return file != nullptr ? new Charges(file) : nullptr;
  }();
  return shared;
}

/// Makes the call, or, measuring, does nothing.
template <class Make>
int pass_on(Call call, Make make) {
  if (Measurement* const measuring = measurement()) {
    measuring->before(call);
    measuring->after();
    return MPI_SUCCESS;
  }
  if (charges() == nullptr) return make();
  charges()->before(call);
  const int result = make();
  charges()->after(call);
  return result;
}

/// What has begun and nobody has waited for, by the request that the program has.
std::map<MPI_Request, std::unique_ptr<Messages>>& open_messages() {
  static std::map<MPI_Request, std::unique_ptr<Messages>> open;
  return open;
}

int wait_for(MPI_Request* request) {
  const auto found = open_messages().find(*request);
  if (found == open_messages().end()) return PMPI_Wait(request, MPI_STATUS_IGNORE);
  found->second->wait();
  open_messages().erase(found);
  *request = MPI_REQUEST_NULL;
  return MPI_SUCCESS;
}

/// Sends and receives; waits for the end at once if nothing is to go on behind the work.
int begin(const Parts& from, const Parts& to, MPI_Datatype type, MPI_Comm comm,
          MPI_Request* request) {
  static const bool overlaps = variable("NABLA_SIMULATE_NO_OVERLAP") == nullptr;
  auto messages = std::make_unique<Messages>(from, to, type, comm);
  *request = reinterpret_cast<MPI_Request>(messages.get());
  open_messages()[*request] = std::move(messages);
  return overlaps ? MPI_SUCCESS : wait_for(request);
}

int size_of(MPI_Comm comm) {
  int ranks = 0;
  MPI_Comm_size(comm, &ranks);
  return ranks;
}

bool is_end(const int counts[], MPI_Comm comm) {
  return std::all_of(counts, counts + size_of(comm), [](int count) { return count == 1; });
}

}  // namespace

extern "C" {

int MPI_Comm_size(MPI_Comm comm, int* size) {
  if (measurement() == nullptr || comm != MPI_COMM_WORLD) return PMPI_Comm_size(comm, size);
  *size = measurement()->ranks();
  return MPI_SUCCESS;
}

int MPI_Iallgatherv(const void* from, int count, MPI_Datatype from_type, void* to,
                    const int* counts, const int* places, MPI_Datatype to_type, MPI_Comm comm,
                    MPI_Request* request) {
  return pass_on(is_end(counts, comm) ? kEnd : kGather, [&] {
    if (charges() == nullptr)
      return PMPI_Iallgatherv(from, count, from_type, to, counts, places, to_type, comm, request);
    if (!charges()->is_training()) {
      // No time counts yet.
      *request = MPI_REQUEST_NULL;
      return PMPI_Allgatherv(from, count, from_type, to, counts, places, to_type, comm);
    }
    // The program gives MPI_IN_PLACE.
    int rank = 0;
    PMPI_Comm_rank(comm, &rank);
    const auto ranks = static_cast<std::size_t>(size_of(comm));
    const std::vector<int> own_counts(ranks, counts[rank]), own_places(ranks, places[rank]);
    return begin({to, own_counts.data(), own_places.data()}, {to, counts, places}, to_type, comm,
                 request);
  });
}

int MPI_Ialltoallv(const void* from, const int* sent, const int* sent_places,
                   MPI_Datatype from_type, void* to, const int* received,
                   const int* received_places, MPI_Datatype to_type, MPI_Comm comm,
                   MPI_Request* request) {
  return pass_on(kExchange, [&] {
    if (charges() == nullptr)
      return PMPI_Ialltoallv(from, sent, sent_places, from_type, to, received, received_places,
                             to_type, comm, request);
    return begin({from, sent, sent_places}, {to, received, received_places}, to_type, comm,
                 request);
  });
}

int MPI_Testall(int count, MPI_Request* requests, int* are_done, MPI_Status* statuses) {
  return pass_on(kTest, [&]() -> int {
    if (charges() == nullptr) return PMPI_Testall(count, requests, are_done, statuses);
    // The program only means to help MPI along, which a simulated network does not need.
    *are_done = 0;
    return MPI_SUCCESS;
  });
}

int MPI_Test(MPI_Request* request, int* is_done, MPI_Status* status) {
  const auto found = open_messages().find(*request);
  if (found == open_messages().end()) return PMPI_Test(request, is_done, status);
  *is_done = found->second->are_done() ? 1 : 0;
  if (*is_done != 0) return wait_for(request);
  return MPI_SUCCESS;
}

int MPI_Wait(MPI_Request* request, MPI_Status* status) {
  return pass_on(
      kWait, [&] { return charges() != nullptr ? wait_for(request) : PMPI_Wait(request, status); });
}

}  // extern "C"
