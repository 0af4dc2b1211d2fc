// SPDX-License-Identifier: MIT
#include "support/thread_ranks.h"

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace nabla::testing_support {

namespace {

/// What a rank brings to a collective operation, and where it takes what others bring.
struct Side {
  std::span<const std::byte> from;
  std::vector<BytesRange> sent;
  std::span<std::byte> to;
  std::vector<BytesRange> received;
};

/// The last rank that begins it does all copying, as arrays are untouched until `wait` has
/// returned: ranks may wait for several operations in different orders.
struct Operation {
  std::vector<Side> sides;
  std::size_t begun = 0;

  void copy() const {
    for (std::size_t q = 0; q < sides.size(); ++q)
      for (std::size_t r = 0; r < sides.size(); ++r) {
        const BytesRange sent = sides[q].sent[r], place = sides[r].received[q];
        if (sent.count != place.count) std::terminate();  // The ranks do not agree.
        if (sent.count > 0 && q != r)
          std::ranges::copy(sides[q].from.subspan(sent.first, sent.count),
                            sides[r].to.subspan(place.first).begin());
      }
  }
};

/// Where the threads meet.
struct Board {
  std::mutex mutex;
  std::condition_variable changed;
  std::map<Ranks::Ticket, Operation> operations;
  std::map<Ranks::Ticket, std::shared_ptr<Board>> parts;  ///< by the operation that made them
};

class ThreadRank final : public Ranks {
 public:
  ThreadRank(std::shared_ptr<Board> board, std::size_t rank, std::size_t size)
      : owned_(std::move(board)), board_(*owned_), rank_(rank), size_(size) {}

  std::size_t rank() const override { return rank_; }
  std::size_t size() const override { return size_; }

  Ticket begin_gather(std::span<std::byte> array, std::span<const BytesRange> parts) override {
    bytes_sent_ += parts[rank_].count * (size_ - 1);
    return begin(
        {array, std::vector<BytesRange>(size_, parts[rank_]), array, {parts.begin(), parts.end()}});
  }

  Ticket begin_exchange(std::span<const std::byte> from, std::span<const BytesRange> sent,
                        std::span<std::byte> to, std::span<const BytesRange> received) override {
    for (std::size_t q = 0; q < size_; ++q) bytes_sent_ += q == rank_ ? 0 : sent[q].count;
    return begin({from, {sent.begin(), sent.end()}, to, {received.begin(), received.end()}});
  }

  void advance() override {}

  bool is_done(Ticket ticket) override {
    const std::scoped_lock lock(board_.mutex);
    return board_.operations[ticket].begun == size_;
  }

  void wait(Ticket ticket) override {
    std::unique_lock lock(board_.mutex);
    board_.changed.wait(lock, [&] { return board_.operations[ticket].begun == size_; });
  }

  void gather_at_first(std::span<std::byte> array, std::span<const BytesRange> parts) override {
    std::vector<BytesRange> sent(size_), received(size_);
    sent[0] = parts[rank_];
    if (rank_ == 0) received.assign(parts.begin(), parts.end());
    wait(begin({array, sent, array, received}));
  }

  std::uint64_t bytes_sent() const override { return bytes_sent_; }
  std::unique_ptr<Ranks> first_ranks(std::size_t count) override {
    const std::scoped_lock lock(board_.mutex);
    std::shared_ptr<Board>& part = board_.parts[next_++];
    if (part == nullptr) part = std::make_shared<Board>();
    return rank_ < count ? std::make_unique<ThreadRank>(part, rank_, count) : nullptr;
  }

  std::unique_ptr<Ranks> node() override { return first_ranks(size_); }

 private:
  Ticket begin(Side side) {
    const std::scoped_lock lock(board_.mutex);
    const Ticket ticket = next_++;
    Operation& operation = board_.operations[ticket];
    operation.sides.resize(size_);
    operation.sides[rank_] = std::move(side);
    if (operation.begun + 1 == size_) operation.copy();
    ++operation.begun;
    board_.changed.notify_all();
    return ticket;
  }

  std::shared_ptr<Board> owned_;
  Board& board_;
  std::size_t rank_;
  std::size_t size_;
  Ticket next_ = 0;
  std::uint64_t bytes_sent_ = 0;
};

}  // namespace

void run_ranks(std::size_t count, const std::function<void(Ranks&)>& work) {
  const auto board = std::make_shared<Board>();
  std::vector<std::exception_ptr> errors(count);
  {
    std::vector<std::jthread> threads;
    for (std::size_t q = 0; q < count; ++q)
      threads.emplace_back([&, q] {
        ThreadRank rank(board, q, count);
        try {
          work(rank);
        } catch (...) {
          errors[q] = std::current_exception();
        }
      });
  }
  for (const std::exception_ptr& error : errors)
    if (error) std::rethrow_exception(error);
}

}  // namespace nabla::testing_support
