// SPDX-License-Identifier: MIT
#include "experiment/option_table.h"

#include <gtest/gtest.h>
#include <set>

#include "nabla/base/error.h"

#include "support/errors.h"

namespace nabla {
namespace {

const ValueOrigin kOrigin{"here", "/folder", false};

void set(ExperimentOptions& options, const std::string& key, const std::string& text) {
  find_option(key)->parse(options, text, kOrigin);
}

TEST(OptionTable, NamesAreUniqueAndDescribed) {
  std::set<std::string> keys;
  for (const Option& option : option_table()) {
    EXPECT_TRUE(keys.insert(option.key).second) << option.key;
    EXPECT_FALSE(option.type.empty()) << option.key;
    EXPECT_TRUE(option.meaning.ends_with('.')) << option.key;
    EXPECT_FALSE(option.default_text().empty()) << option.key;
  }
}

TEST(OptionTable, DefaultsReadBack) {
  const ExperimentOptions defaults;
  for (const Option& option : option_table()) {
    ExperimentOptions options;
    option.parse(options, option.write(defaults), kOrigin);
    EXPECT_EQ(option.write(options), option.write(defaults)) << option.key;
  }
}

TEST(OptionTable, DefaultsAreThoseOfTheContract) {
  const ExperimentOptions defaults;
  const std::pair<const char*, const char*> expected[] = {{"data.source", "digits"},
                                                          {"network.hidden", "30"},
                                                          {"network.activation", "sigmoid"},
                                                          {"network.output", "auto"},
                                                          {"network.init", "auto"},
                                                          {"network.init-bias", "zero"},
                                                          {"train.cost", "auto"},
                                                          {"train.epochs", "30"},
                                                          {"train.batch-size", "10"},
                                                          {"train.learning-rate", "0.5"},
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
  EXPECT_EQ(options.network.cost, Cost::kQuadratic);
  EXPECT_EQ(options.train.batch_size, 0U);
  EXPECT_EQ(options.train.l1, 1e-5);
  EXPECT_EQ(options.train.l2, 1e-4);
  EXPECT_EQ(options.train.max_norm, 3);
  EXPECT_EQ(options.train.clip_norm, 0.5);
  EXPECT_EQ(options.precision, Precision::kFloat64);
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
