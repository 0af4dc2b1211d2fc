// SPDX-License-Identifier: MIT
#include "config/option_table.h"

#include <cmath>
#include <gtest/gtest.h>
#include <set>

#include "nabla/base/error.h"

#include "base/option_values.h"
#include "support/errors.h"

namespace nabla {
namespace {

const ValueOrigin kOrigin{"here", "/folder", false};

void set(ExperimentOptions& options, const std::string& key, const std::string& text) {
  find_option(key)->parse(options, text, kOrigin);
}

TEST(OptionTable, NamesAreUniqueAndDescribed) {
  std::set<std::string> keys;
  for (const ExperimentOption& option : option_table()) {
    EXPECT_TRUE(keys.insert(option.key).second) << option.key;
    EXPECT_FALSE(option.type.empty()) << option.key;
    EXPECT_TRUE(option.meaning.ends_with('.')) << option.key;
    EXPECT_FALSE(option.default_text().empty()) << option.key;
  }
}

TEST(OptionTable, DefaultsReadBack) {
  const ExperimentOptions defaults;
  for (const ExperimentOption& option : option_table()) {
    ExperimentOptions options;
    option.parse(options, option.write(defaults), kOrigin);
    EXPECT_EQ(option.write(options), option.write(defaults)) << option.key;
  }
}

/// A value other than the default for each option, as `write` makes it.
std::string other_value(const ExperimentOption& option) {
  if (option.type == "yes or no") return option.write({}) == "yes" ? "no" : "yes";
  if (option.interval) {
    const bool is_whole = option.type.find("whole") != std::string::npos;
    return is_whole ? "3" : "0.25";
  }
  if (option.type.find("path") != std::string::npos) return "/a/b.csv";
  if (option.type.find("column") != std::string::npos) return "x";
  if (option.key == "data.validation" || option.key == "network.init-bias") return "0.25";
  if (option.key == "data.arrays") return "a, b";
  if (option.key == "augment.rotation-of") return "7:7.5";
  if (option.key == "train.batch-size" || option.key == "scale.batch-sizes") return "all";
  // The last of the names.
  const std::string names = option.range.substr(0, option.range.find(" · a "));
  return names.substr(names.rfind(" · ") + std::string(" · ").size());
}

TEST(OptionTable, EveryOptionReachesAFieldOfItsOwn) {
  for (const ExperimentOption& option : option_table()) {
    const std::string value = other_value(option);
    ASSERT_NE(value, option.write({})) << option.key;
    ExperimentOptions options, again;
    option.parse(options, value, kOrigin);
    EXPECT_EQ(option.write(options), value) << option.key;
    option.parse(again, option.write(options), kOrigin);
    for (const ExperimentOption& other : option_table()) {
      EXPECT_EQ(other.write(again), other.write(options)) << other.key;
      if (other.key != option.key) {
        EXPECT_EQ(other.write(options), other.write({})) << option.key << " and " << other.key;
      }
    }
  }
}

TEST(OptionTable, IntervalsTakeTheirEndsAndNothingBeyond) {
  std::size_t intervals = 0;
  for (const ExperimentOption& option : option_table()) {
    if (!option.interval) continue;
    ++intervals;
    const Interval interval = *option.interval;
    const bool is_whole = option.type.find("whole") != std::string::npos;
    const auto takes = [&](double value) {
      ExperimentOptions options;
      try {
        option.parse(options, is_whole ? std::to_string(std::llround(value)) : write_number(value),
                     kOrigin);
        option.check(options);
        return true;
      } catch (const ConfigError&) {
        return false;
      }
    };
    const double step = is_whole ? 1 : 1e-6;
    EXPECT_EQ(takes(interval.low), interval.takes_low) << option.key;
    EXPECT_FALSE(takes(interval.low - step)) << option.key;
    EXPECT_TRUE(takes(interval.low + step)) << option.key;
    if (std::isinf(interval.high)) {
      EXPECT_TRUE(takes(1e18)) << option.key;
      continue;
    }
    EXPECT_EQ(takes(interval.high), interval.takes_high) << option.key;
    EXPECT_TRUE(takes(interval.high - step)) << option.key;
    EXPECT_FALSE(takes(interval.high + step)) << option.key;
  }
  EXPECT_GT(intervals, 0U);
}

// A condition is written as text: a name that no option has would never hold.
TEST(OptionTable, EffectsDependOnValuesThatThereAre) {
  std::size_t effects = 0;
  for (const ExperimentOption& option : option_table())
    for (const auto& any : option.effect) {
      ++effects;
      ASSERT_FALSE(any.empty()) << option.key;
      for (const OptionCondition& condition : any) {
        const ExperimentOption* other = find_option(condition.key);
        ASSERT_NE(other, nullptr) << option.key << ": " << condition.key;
        for (const std::string& value : condition.values) {
          ExperimentOptions options;
          other->parse(options, value, kOrigin);
          EXPECT_EQ(other->write(options), value) << option.key;
        }
      }
    }
  EXPECT_GT(effects, 30U);
}

TEST(OptionTable, DefaultsAreThoseOfTheContract) {
  const ExperimentOptions defaults;
  const std::pair<const char*, const char*> expected[] = {{"data.source", "digits"},
                                                          {"network.hidden", "100"},
                                                          {"network.activation", "relu"},
                                                          {"network.output", "auto"},
                                                          {"network.init", "auto"},
                                                          {"network.init-bias", "zero"},
                                                          {"train.cost", "auto"},
                                                          {"train.epochs", "auto"},
                                                          {"train.batch-size", "32"},
                                                          {"train.learning-rate", "auto"},
                                                          {"optimizer.algorithm", "auto"},
                                                          {"data.normalize", "auto"},
                                                          {"data.standardize-targets", "auto"},
                                                          {"data.validation-shuffle", "auto"},
                                                          {"crossval.stratified", "auto"},
                                                          {"train.seed", "1"},
                                                          {"train.shuffle", "yes"},
                                                          {"train.last-batch", "keep"},
                                                          {"train.l1", "0"},
                                                          {"train.l2", "0"},
                                                          {"train.huber-delta", "1"},
                                                          {"train.label-smoothing", "0"},
                                                          {"train.max-norm", "0"},
                                                          {"train.clip-norm", "0"},
                                                          {"train.evaluate-every", "1"},
                                                          {"parallel.threads", "0"},
                                                          {"data.digits-train", "60000"},
                                                          {"data.target", "last"}};
  for (const auto& [key, value] : expected)
    EXPECT_EQ(find_option(key)->write(defaults), value) << key;
}

TEST(OptionTable, ValuesReachTheirFields) {
  ExperimentOptions options;
  set(options, "network.hidden", " 100, 30 ");
  set(options, "network.activation", "relu,tanh");
  set(options, "network.output", "sigmoid");
  set(options, "network.init-bias", "-0.25");
  set(options, "train.cost", "quadratic");
  set(options, "train.batch-size", "all");
  set(options, "train.l1", "1e-5");
  set(options, "train.l2", "1e-4");
  set(options, "train.max-norm", "3");
  set(options, "train.clip-norm", "0.5");
  set(options, "train.precision", "float64");
  set(options, "data.validation", "0.2");
  EXPECT_EQ(options.network.hidden, (std::vector<std::size_t>{100, 30}));
  EXPECT_EQ(options.network.activation,
            (std::vector<Activation>{Activation::kRelu, Activation::kTanh}));
  EXPECT_EQ(options.network.output, Activation::kSigmoid);
  EXPECT_EQ(options.network.init_bias.value, -0.25);
  EXPECT_EQ(options.train.cost, Cost::kQuadratic);
  EXPECT_EQ(options.train.batch_size, 0U);
  EXPECT_EQ(options.train.l1, 1e-5);
  EXPECT_EQ(options.train.l2, 1e-4);
  EXPECT_EQ(options.train.max_norm, 3);
  EXPECT_EQ(options.train.clip_norm, 0.5);
  EXPECT_EQ(options.train.precision, Precision::kFloat64);
  EXPECT_EQ(options.data.validation, 0.2);
  set(options, "data.validation", "10000");
  EXPECT_EQ(find_option("data.validation")->write(options), "10000");
  set(options, "network.hidden", "");
  EXPECT_TRUE(options.network.hidden.empty());
}

TEST(OptionTable, RefusesWhatIsNotOfItsTypeOrRange) {
  const std::pair<const char*, const char*> bad[] = {{"train.epochs", "0"},
                                                     {"train.epochs", "3.5"},
                                                     {"train.epochs", "-3"},
                                                     {"train.epochs", "1e3"},
                                                     {"train.epochs", ""},
                                                     {"train.epochs", "5 epochs"},
                                                     {"train.epochs", "99999999999999999999"},
                                                     {"train.batch-size", "0"},
                                                     {"train.batch-size", "al"},
                                                     {"train.learning-rate", "0"},
                                                     {"train.learning-rate", "nan"},
                                                     {"train.learning-rate", "inf"},
                                                     {"train.learning-rate", "0,5"},
                                                     {"train.l1", "-1"},
                                                     {"train.l2", "-1"},
                                                     {"train.max-norm", "-1"},
                                                     {"train.huber-delta", "0"},
                                                     {"train.label-smoothing", "1"},
                                                     {"train.label-smoothing", "-0.1"},
                                                     {"train.clip-norm", "inf"},
                                                     {"train.shuffle", "true"},
                                                     {"train.cost", "Quadratic"},
                                                     {"network.hidden", "30,,30"},
                                                     {"network.hidden", "30,0"},
                                                     {"network.hidden", "30,"},
                                                     {"network.activation", "softmax"},
                                                     {"network.activation", ""},
                                                     {"network.output", "relu"},
                                                     {"network.init-bias", "1e999"},
                                                     {"network.init-bias", "one"},
                                                     {"parallel.threads", "1025"},
                                                     {"data.validation", "1.5"},
                                                     {"data.validation", "-0.1"},
                                                     {"data.target", ""},
                                                     {"train.seed", "-1"}};
  for (const auto& [key, text] : bad) {
    ExperimentOptions options;
    const std::string message =
        error_of<ConfigError>([&, k = key, t = text] { set(options, k, t); });
    expect_in("expected", message);
  }
}

TEST(OptionTable, NamesTheNearestValue) {
  ExperimentOptions options;
  expect_in("did you mean cross-entropy?",
            error_of<ConfigError>([&] { set(options, "train.cost", "crossentropy"); }));
  expect_in("did you mean sigmoid?",
            error_of<ConfigError>([&] { set(options, "network.activation", "tanh, sigmod"); }));
}

TEST(OptionTable, PathsOfAFileBelongToItsFolder) {
  ExperimentOptions options;
  set(options, "network.initial", "../start.safetensors");
  set(options, "data.train", "a.csv, b.csv");
  EXPECT_EQ(options.network.initial, "/start.safetensors");
  EXPECT_EQ(options.data.train[1], "b.csv");
  find_option("data.train")->parse(options, "a.csv", {"--data.train", "/current", true});
  EXPECT_EQ(options.data.train[0], "/current/a.csv");
}

}  // namespace
}  // namespace nabla
