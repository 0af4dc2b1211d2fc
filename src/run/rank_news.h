// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "nabla/engine/ranks.h"

namespace nabla {

/// Messages between ranks each of which is at work of its own. They travel while `hear` is called
/// now and then, on all ranks, until all have said that they have ended. Of a lone rank it does
/// nothing.
class RankNews {
 public:
  explicit RankNews(Ranks& ranks);

  /// Has all other ranks hear the message, which may be any bytes.
  void tell(const std::string& message);
  /// Has all ranks stop.
  void stop() { is_stopping_ = true; }
  /// This rank has told all that it will ever tell.
  void end() { has_ended_ = true; }

  /// Returns what others have told since, without waiting for them.
  std::vector<std::string> hear();
  /// Whether a rank has called `stop`.
  bool is_stopped() const { return is_stopped_; }
  /// Whether all ranks have ended, and have been heard.
  bool have_all_ended() const { return have_all_ended_; }

 private:
  /// What a rank says at once: a piece of its messages, which stand one behind another.
  struct Page {
    std::uint32_t is_stopping;
    std::uint32_t has_ended;  ///< and nothing follows this page
    std::uint32_t size;
    std::array<char, 1012> text;
  };

  void begin();
  void read(std::vector<std::string>& heard);

  Ranks& ranks_;
  std::vector<Page> pages_;        ///< of the ranks
  std::vector<std::string> read_;  ///< of each rank, up to its next whole message
  std::string unsent_;
  std::optional<Ranks::Ticket> ticket_;
  bool is_stopping_ = false;
  bool has_ended_ = false;
  bool is_stopped_ = false;
  bool have_all_ended_;
};

}  // namespace nabla
