// SPDX-License-Identifier: MIT
#include "config/option_pages.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "nabla/base/error.h"

#include "config/option_table.h"
#include "support/errors.h"

namespace nabla {
namespace {

std::vector<std::string> keys_of(const std::string& word) {
  std::vector<std::string> keys;
  for (const OptionEntry& entry : option_entries_of(word)) keys.push_back(entry.key);
  return keys;
}

TEST(OptionPages, AWordIsAKeyOrASection) {
  using Keys = std::vector<std::string>;
  EXPECT_EQ(keys_of("train.l2"), Keys{"train.l2"});
  EXPECT_EQ(keys_of("parallel"),
            (Keys{"parallel.threads", "parallel.shards", "parallel.reduction"}));
  EXPECT_EQ(keys_of("sweep.train.l2"), Keys{"sweep.<section.key>"});
  EXPECT_EQ(std::ranges::count(keys_of("sweep"), "sweep.<section.key>"), 1);
}

TEST(OptionPages, AnUnknownWordIsRefusedWithTheNearestName) {
  const auto refusal = [](const std::string& word) {
    return error_of<ConfigError>([&] { option_entries_of(word); });
  };
  EXPECT_EQ(refusal("trian"), "unknown key or section 'trian'; did you mean train?");
  EXPECT_EQ(refusal("netwrok.hidden"),
            "unknown key or section 'netwrok.hidden'; did you mean network.hidden?");
  EXPECT_EQ(refusal("momentum"),
            "unknown key or section 'momentum'; did you mean optimizer.momentum?");
  EXPECT_EQ(refusal("q"), "unknown key or section 'q', expected one that `nabla options` lists");
}

TEST(OptionPages, NamedValuesAreThoseThatTheKeyTakes) {
  using Names = std::vector<std::string>;
  std::size_t names = 0;
  for (const OptionEntry& entry : option_entries()) {
    for (const std::string& name : entry.named_values()) {
      ++names;
      ExperimentOptions options;
      EXPECT_NO_THROW(find_option(entry.key)->parse(options, name, {}))
          << entry.key << " = " << name;
    }
    if (entry.key == "train.precision") {
      EXPECT_EQ(entry.named_values(), (Names{"float32", "float64", "bfloat16"}));
    }
    if (entry.key == "network.init-bias") {
      EXPECT_EQ(entry.named_values(), (Names{"zero", "gaussian", "uniform"}));
    }
    if (entry.key == "train.shuffle") {
      EXPECT_EQ(entry.named_values(), (Names{"yes", "no"}));
    }
    if (entry.key == "train.l1" || entry.key == "data.test") {
      EXPECT_EQ(entry.named_values(), Names());
    }
  }
  EXPECT_GT(names, 50U);
}

}  // namespace
}  // namespace nabla
