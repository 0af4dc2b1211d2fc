// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <unordered_map>
#include <vector>

#include "data/pickle_input.h"
#include "data/pickle_objects.h"

namespace nabla {

/// Runs the instructions of a pickle, those that NumPy arrays in tuples and lists need and no
/// others. Work and memory are bounded by a number of instructions that no such pickle comes near.
/// Instructions: Python's module pickletools.
class PickleMachine {
 public:
  PickleMachine(std::span<const std::byte> content, PickleObjects& objects);

  /// The object that is left at the end. Throws DataError.
  PickleId run();

 private:
  using Kind = PickleObject::Kind;

  bool step();
  bool step_string(unsigned char code);
  bool step_memo(unsigned char code);
  bool step_container(unsigned char code);

  void push_number(std::int64_t number);
  void push_container(Kind kind, std::size_t first);
  PickleId pop();
  /// Where the objects after the latest mark begin; takes the mark away.
  std::size_t pop_mark();
  void append(std::size_t first);

  PickleObjects& objects_;
  PickleInput input_;
  std::vector<PickleId> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::size_t, PickleId> memo_;
};

}  // namespace nabla
