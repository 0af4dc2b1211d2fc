// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <gtest/gtest.h>
#include <random>
#include <string>

#include "nabla/base/error.h"

#include "allocation_counter.h"

namespace nabla::testing_support {

/// Expects that the reader of a damaged file throws DataError with a message of one line, or finds
/// data, and never takes more than `most_bytes` of memory at once. Returns whether it threw.
template <class Read>
bool is_refused(const std::string& content, std::size_t most_bytes, Read&& read) {
  bool refused = false;
  largest_allocation();
  try {
    read(content);
  } catch (const DataError& error) {
    refused = true;
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("expected"), std::string::npos) << error.what();
  }
  EXPECT_LE(largest_allocation().value_or(0), most_bytes);
  return refused;
}

/// Expects that every beginning of the content is refused.
template <class Read>
void refuse_truncations(const std::string& content, std::size_t most_bytes, Read&& read) {
  for (std::size_t size = 0; size < content.size(); ++size)
    EXPECT_TRUE(is_refused(content.substr(0, size), most_bytes, read)) << size << " bytes";
}

/// Expects that content with one to three changed bytes, drawn from a seed, is refused or read.
template <class Read>
void survive_changes(const std::string& content, std::size_t most_bytes, int count, Read&& read) {
  std::minstd_rand random(1);
  for (int i = 0; i < count; ++i) {
    std::string changed = content;
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      char& byte = changed[random() % changed.size()];
      byte = random() % 2 == 0 ? static_cast<char>(random() % 256)
                               : static_cast<char>(byte ^ (1 << random() % 8));
    }
    is_refused(changed, most_bytes, read);
  }
}

}  // namespace nabla::testing_support
