// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "base/descriptor.h"

namespace nabla {

/// Memory that processes of one machine share: its maker writes it, the others read it. A value;
/// copies are the same memory, which the system takes back once no process has it.
class SharedMemory {
 public:
  /// Makes so many bytes, more than 0, all 0. Throws std::system_error if there is no room.
  explicit SharedMemory(std::size_t size);
  /// The memory of this name, which its maker still has. Throws std::system_error if it is not
  /// there or this process may not see it.
  explicit SharedMemory(const std::string& name);

  /// The maker alone may write them.
  std::span<std::byte> bytes() const { return {start_.get(), size_}; }
  /// By which other processes of the same user find it.
  std::string name() const;

 private:
  void map(int protection);

  std::shared_ptr<const Descriptor> file_;
  std::size_t size_;
  std::shared_ptr<std::byte> start_;
};

}  // namespace nabla
