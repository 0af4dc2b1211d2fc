// SPDX-License-Identifier: MIT
#include "base/shared_memory.h"

#include <gtest/gtest.h>
#include <optional>
#include <system_error>

namespace nabla {
namespace {

TEST(SharedMemory, ShowsOthersWhatItsMakerWrites) {
  const SharedMemory made(5000);
  const SharedMemory found(made.name());
  ASSERT_EQ(found.bytes().size(), 5000U);
  EXPECT_NE(found.bytes().data(), made.bytes().data());
  EXPECT_EQ(found.bytes()[4999], std::byte{0});
  made.bytes()[4999] = std::byte{7};
  EXPECT_EQ(found.bytes()[4999], std::byte{7});
}

TEST(SharedMemory, OutlivesItsMaker) {
  std::optional<SharedMemory> made(std::in_place, 100);
  made->bytes()[3] = std::byte{9};
  const std::string name = made->name();
  const SharedMemory found(name);
  made.reset();
  EXPECT_EQ(found.bytes()[3], std::byte{9});
}

TEST(SharedMemory, RefusesMoreThanThereIsAndUnknownNames) {
  EXPECT_THROW(SharedMemory(std::size_t{1} << 60), std::system_error);
  EXPECT_THROW(SharedMemory("/proc/self/fd/987654 1 2"), std::system_error);
  const SharedMemory first(10), second(10);
  const std::string name = first.name(), other = second.name();
  EXPECT_THROW(SharedMemory(name.substr(0, name.find(' ')) + other.substr(other.find(' '))),
               std::system_error);
}

}  // namespace
}  // namespace nabla
