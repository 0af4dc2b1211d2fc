// SPDX-License-Identifier: MIT
#include "base/nearest.h"

#include <gtest/gtest.h>
#include <vector>

namespace nabla {
namespace {

TEST(Nearest, CountsInsertionsDeletionsAndReplacements) {
  const std::vector<std::string> words = {"momentum", "nesterov", "adam", "adamw", "sgd"};
  EXPECT_EQ(nearest("momentun", words), "momentum");
  EXPECT_EQ(nearest("adaw", words), "adam");  // as near as adamw, and named first
  EXPECT_EQ(nearest("adammw", words), "adamw");
  EXPECT_EQ(nearest("s", words), "sgd");
  EXPECT_EQ(nearest("ngesterov", words), "nesterov");
  EXPECT_EQ(nearest("x", {}), "");
}

}  // namespace
}  // namespace nabla
