// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>

#include "nabla/engine/ranks.h"

namespace nabla {

/// Ranks that measure the seconds in which this one waits for the others.
class TimedRanks final : public Ranks {
 public:
  /// `overlaps`: whether what begins goes on behind the work that follows; else it is waited for at
  /// once.
  TimedRanks(Ranks& ranks, bool overlaps) : ranks_(ranks), overlaps_(overlaps) {}

  double seconds() const { return std::chrono::duration<double>(waited_).count(); }

  std::size_t rank() const override { return ranks_.rank(); }
  std::size_t size() const override { return ranks_.size(); }
  Ticket begin_gather(std::span<std::byte> array, std::span<const BytesRange> parts) override {
    return begun([&] { return ranks_.begin_gather(array, parts); });
  }
  Ticket begin_exchange(std::span<const std::byte> from, std::span<const BytesRange> sent,
                        std::span<std::byte> to, std::span<const BytesRange> received) override {
    return begun([&] { return ranks_.begin_exchange(from, sent, to, received); });
  }
  void advance() override {
    timed([&] { ranks_.advance(); });
  }
  bool is_done(Ticket ticket) override { return ranks_.is_done(ticket); }
  void wait(Ticket ticket) override {
    timed([&] { ranks_.wait(ticket); });
  }
  void gather_at_first(std::span<std::byte> array, std::span<const BytesRange> parts) override {
    timed([&] { ranks_.gather_at_first(array, parts); });
  }
  std::uint64_t bytes_sent() const override { return ranks_.bytes_sent(); }
  std::unique_ptr<Ranks> first_ranks(std::size_t count) override {
    return ranks_.first_ranks(count);
  }
  std::unique_ptr<Ranks> node() override { return ranks_.node(); }

 private:
  using Clock = std::chrono::steady_clock;

  template <class Work>
  void timed(Work work) {
    const Clock::time_point start = Clock::now();
    work();
    waited_ += Clock::now() - start;
  }

  template <class Begin>
  Ticket begun(Begin begin) {
    Ticket ticket = 0;
    timed([&] {
      ticket = begin();
      if (!overlaps_) ranks_.wait(ticket);
    });
    return ticket;
  }

  Ranks& ranks_;
  bool overlaps_;
  Clock::duration waited_{};
};

}  // namespace nabla
