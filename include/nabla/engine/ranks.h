// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace nabla {

/// Bytes of an array.
struct BytesRange {
  std::size_t first = 0;
  std::size_t count = 0;
};

/// The processes that train one model together, this one being one of them; knows no mathematics.
/// What begins here is collective: every rank calls the same functions in the same order, with
/// ranges that agree, and from one thread only. Arrays stay where they are, and but for what is
/// exchanged untouched, until `wait` has returned. Throws std::runtime_error if another rank cannot
/// be reached.
class Ranks {
 public:
  using Ticket = std::size_t;

  virtual ~Ranks() = default;

  virtual std::size_t rank() const = 0;
  virtual std::size_t size() const = 0;

  /// Begins to give all ranks an array of which each has a part: rank q the bytes parts[q], which
  /// are disjoint.
  virtual Ticket begin_gather(std::span<std::byte> array, std::span<const BytesRange> parts) = 0;

  /// Begins to give each rank q the bytes sent[q] of `from` and to take received[q] of `to` from
  /// it.
  virtual Ticket begin_exchange(std::span<const std::byte> from, std::span<const BytesRange> sent,
                                std::span<std::byte> to, std::span<const BytesRange> received) = 0;

  /// Lets what has begun go on, and returns at once.
  virtual void advance() = 0;

  /// Lets it go on too, and returns whether `wait` would return at once.
  virtual bool is_done(Ticket ticket) = 0;

  /// Returns once the arrays of what has begun can be used; at once if it has been waited for.
  virtual void wait(Ticket ticket) = 0;

  /// As begin_gather, but the first rank alone is given the parts; returns once they are there.
  virtual void gather_at_first(std::span<std::byte> array, std::span<const BytesRange> parts) = 0;

  /// Bytes that this rank has given to others.
  virtual std::uint64_t bytes_sent() const = 0;

  /// Returns the first `count` ranks as ranks of their own, null to the others; collective.
  virtual std::unique_ptr<Ranks> first_ranks(std::size_t count) = 0;

  /// Returns the ranks of this one's node, which can share memory, as ranks of their own;
  /// collective.
  virtual std::unique_ptr<Ranks> node() = 0;

  void gather(std::span<std::byte> array, std::span<const BytesRange> parts) {
    wait(begin_gather(array, parts));
  }
};

/// The one rank of a process that trains by itself.
Ranks& lone_rank();

}  // namespace nabla
