// SPDX-License-Identifier: MIT
#include "run/mpi_ranks.h"

#ifdef NABLA_HAS_MPI

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <mpi.h>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace nabla {

namespace {

/// All arrays are of numbers of four or eight bytes, so that counts of them fit an int for longer.
constexpr std::size_t kUnit = 4;

int units(std::size_t bytes) {
  if (bytes % kUnit != 0 || bytes / kUnit > std::numeric_limits<int>::max())
    throw std::runtime_error("MPI: cannot send a layer of " + std::to_string(bytes) + " bytes");
  return static_cast<int>(bytes / kUnit);
}

/// The parts of an array as MPI takes them.
struct Counts {
  std::vector<int> counts;
  std::vector<int> places;

  explicit Counts(std::span<const BytesRange> parts) {
    for (const BytesRange& part : parts) {
      counts.push_back(units(part.count));
      places.push_back(units(part.count == 0 ? 0 : part.first));
    }
  }
};

/// The launchers set these in each process that they start.
bool is_launched() {
  constexpr const char* kVariables[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMI_RANK", "PMIX_RANK",
                                        "SMPI_GLOBAL_SIZE"};
  return std::ranges::any_of(kVariables,
                             [](const char* name) { return std::getenv(name) != nullptr; });
}

/// A communicator of MPI's. Base is Ranks or extends it.
template <class Base>
class Communicator : public Base {
 public:
  using Ticket = Ranks::Ticket;

  explicit Communicator(MPI_Comm communicator) : communicator_(communicator) {
    int rank = 0, size = 0;
    MPI_Comm_rank(communicator, &rank);
    MPI_Comm_size(communicator, &size);
    rank_ = static_cast<std::size_t>(rank);
    size_ = static_cast<std::size_t>(size);
  }

  std::size_t rank() const override { return rank_; }
  std::size_t size() const override { return size_; }

  Ticket begin_gather(std::span<std::byte> array, std::span<const BytesRange> parts) override {
    bytes_sent_ += parts[rank_].count * (size_ - 1);
    Open& open = new_operation(parts, parts);
    MPI_Iallgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, array.data(), open.received.counts.data(),
                    open.received.places.data(), MPI_UINT32_T, communicator_, &requests_.back());
    return open.ticket;
  }

  Ticket begin_exchange(std::span<const std::byte> from, std::span<const BytesRange> sent,
                        std::span<std::byte> to, std::span<const BytesRange> received) override {
    for (std::size_t q = 0; q < size_; ++q) bytes_sent_ += q == rank_ ? 0 : sent[q].count;
    Open& open = new_operation(sent, received);
    MPI_Ialltoallv(from.data(), open.sent.counts.data(), open.sent.places.data(), MPI_UINT32_T,
                   to.data(), open.received.counts.data(), open.received.places.data(),
                   MPI_UINT32_T, communicator_, &requests_.back());
    return open.ticket;
  }

  void advance() override {
    if (requests_.empty()) return;
    int is_done = 0;
    MPI_Testall(static_cast<int>(requests_.size()), requests_.data(), &is_done,
                MPI_STATUSES_IGNORE);
  }

  bool is_done(Ticket ticket) override {
    const std::size_t i = place_of(ticket);
    int is_done = 1;
    if (i < open_.size()) MPI_Test(&requests_[i], &is_done, MPI_STATUS_IGNORE);
    return is_done != 0;
  }

  void wait(Ticket ticket) override {
    const std::size_t i = place_of(ticket);
    if (i == open_.size()) return;
    MPI_Wait(&requests_[i], MPI_STATUS_IGNORE);
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(i));
    requests_.erase(requests_.begin() + static_cast<std::ptrdiff_t>(i));
  }

  void gather_at_first(std::span<std::byte> array, std::span<const BytesRange> parts) override {
    const Counts counts(parts);
    const BytesRange own = parts[rank_];
    if (rank_ > 0) bytes_sent_ += own.count;
    MPI_Gatherv(rank_ == 0 ? MPI_IN_PLACE : array.subspan(own.first, own.count).data(),
                units(own.count), MPI_UINT32_T, array.data(), counts.counts.data(),
                counts.places.data(), MPI_UINT32_T, 0, communicator_);
  }

  std::uint64_t bytes_sent() const override { return bytes_sent_; }

  std::unique_ptr<Ranks> first_ranks(std::size_t count) override;

  std::unique_ptr<Ranks> node() override;

 protected:
  MPI_Comm communicator_;

 private:
  /// An operation that has begun. Its counts must stay where they are until it has ended.
  struct Open {
    Ticket ticket;
    Counts sent;
    Counts received;
  };

  /// Of an operation among the open ones; past their end if it has been waited for.
  std::size_t place_of(Ticket ticket) const {
    const auto found =
        std::ranges::find(open_, ticket, [](const auto& one) { return one->ticket; });
    return static_cast<std::size_t>(found - open_.begin());
  }

  Open& new_operation(std::span<const BytesRange> sent, std::span<const BytesRange> received) {
    open_.push_back(std::make_unique<Open>(Open{next_++, Counts(sent), Counts(received)}));
    requests_.push_back(MPI_REQUEST_NULL);
    return *open_.back();
  }

  std::size_t rank_;
  std::size_t size_;
  Ticket next_ = 0;
  std::vector<std::unique_ptr<Open>> open_;
  std::vector<MPI_Request> requests_;  ///< of each that is open
  std::uint64_t bytes_sent_ = 0;
};

class SomeRanks final : public Communicator<Ranks> {
 public:
  using Communicator::Communicator;
  ~SomeRanks() override { MPI_Comm_free(&communicator_); }
};

template <class Base>
std::unique_ptr<Ranks> Communicator<Base>::first_ranks(std::size_t count) {
  MPI_Comm part = MPI_COMM_NULL;
  MPI_Comm_split(communicator_, rank_ < count ? 0 : MPI_UNDEFINED, 0, &part);
  return part == MPI_COMM_NULL ? nullptr : std::make_unique<SomeRanks>(part);
}

template <class Base>
std::unique_ptr<Ranks> Communicator<Base>::node() {
  MPI_Comm node = MPI_COMM_NULL;
  MPI_Comm_split_type(communicator_, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
  return std::make_unique<SomeRanks>(node);
}

class World final : public Communicator<MpiRanks> {
 public:
  World() : Communicator(begin()) {}
  ~World() override { MPI_Finalize(); }

  void end_all(int code) override { MPI_Abort(communicator_, code); }

 private:
  static MPI_Comm begin() {
    int provided = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
    return MPI_COMM_WORLD;
  }
};

}  // namespace

std::unique_ptr<MpiRanks> join_ranks() {
  return is_launched() ? std::make_unique<World>() : nullptr;
}

std::string mpi_library() {
  std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
  int size = 0;
  MPI_Get_library_version(text.data(), &size);
  const std::string_view version(text.data(), static_cast<std::size_t>(size));
  return std::string(version.substr(0, version.find_first_of(",\n")));
}

}  // namespace nabla

#else

namespace nabla {

std::unique_ptr<MpiRanks> join_ranks() { return nullptr; }
std::string mpi_library() { return "none"; }

}  // namespace nabla

#endif
