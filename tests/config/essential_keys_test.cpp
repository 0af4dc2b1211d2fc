// SPDX-License-Identifier: MIT
#include "config/essential_keys.h"

#include <gtest/gtest.h>

#include "nabla/base/error.h"

#include "base/text.h"
#include "config/configuration.h"
#include "support/errors.h"

namespace nabla {
namespace {

ExperimentOptions options_of(const std::string& text) {
  return parse_configuration(text, "test", {}).options;
}

TEST(EssentialKeys, AreThoseThatChangeResults) {
  ExperimentOptions options;
  EXPECT_EQ(essential_keys(options), "");
  options.train.epochs = 99;
  options.parallel.threads = 3;
  options.output.dir = "elsewhere";
  EXPECT_EQ(essential_keys(options), "");
  options.train.seed = 7;
  options.parallel.shards = 2;
  EXPECT_EQ(essential_keys(options), "train.seed = 7\nparallel.shards = 2\n");
  options.data.dir = "\xff";
  EXPECT_TRUE(is_utf8(essential_keys(options)));
}

TEST(EssentialKeys, NameWhatDiffers) {
  const ExperimentOptions first = options_of("[train]\nseed = 7\n");
  const auto difference = [&](const std::string& text) {
    return error_of<ConfigError>(
        [&] { require_same_experiment(options_of(text), essential_keys(first), "a.ini", "b"); });
  };
  require_same_experiment(options_of("[train]\nseed = 7\nepochs = 3\n"), essential_keys(first),
                          "a.ini", "b");
  EXPECT_EQ(difference("[train]\nseed = 8\n"), "a.ini: train.seed = 8, expected 7 as in b");
  EXPECT_EQ(difference(""), "a.ini: train.seed = 1, expected 7 as in b");
  EXPECT_EQ(difference("[train]\nseed = 7\nl2 = 0.5\n"),
            "a.ini: train.l2 = 0.5, expected 0 as in b");
}

}  // namespace
}  // namespace nabla
