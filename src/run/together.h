// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "nabla/engine/ranks.h"

namespace nabla {

/// What ranks throw if work that they do together has failed on one of them.
class RankError : public std::exception {
 public:
  RankError(std::exception_ptr own, std::size_t first) : own_(std::move(own)), first_(first) {}

  /// This rank's own error; null if it has none.
  const std::exception_ptr& own() const { return own_; }
  /// The first rank that has an error.
  std::size_t first() const { return first_; }
  const char* what() const noexcept override { return "another rank has failed"; }

 private:
  std::exception_ptr own_;
  std::size_t first_;
};

/// Has every rank do its work, which exchanges nothing. If one of several ranks throws, all throw a
/// RankError; a lone rank's error is thrown as it is.
void together(Ranks& ranks, const std::function<void()>& work);

/// Whether any rank says so.
bool any_of(Ranks& ranks, bool own);

/// Returns what the first rank has decided.
bool decided_by_first(Ranks& ranks, bool decision);

/// Returns the bytes that each rank brings, by rank.
std::vector<std::string> gather_texts(Ranks& ranks, const std::string& own);

/// Returns the first rank's text.
std::string text_of_first(Ranks& ranks, const std::string& own);

/// Throws the error that make(rank) returns, `rank` being this one, if its text is not the first
/// rank's. To be called outside of `together`.
void require_same(Ranks& ranks, const std::string& text,
                  const std::function<std::exception_ptr()>& make);

}  // namespace nabla
