// SPDX-License-Identifier: MIT
#include "config/sweep_options.h"

#include <gtest/gtest.h>

#include "nabla/base/error.h"

#include "config/configuration.h"
#include "config/option_table.h"
#include "support/errors.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

SweptKey parse(const std::string& key, const std::string& value) {
  return parse_swept_key({"sweep." + key, value, {"a.ini:1", "/folder", false}});
}

std::string swept_error(const std::string& lines) {
  return error_of<ConfigError>([&] { parse_configuration("[sweep]\n" + lines, "a", {}); });
}

TEST(SweptKey, ReadsAlternativesAndRanges) {
  EXPECT_EQ(parse("network.hidden", " 30;100 ; 30,30;").alternatives,
            (std::vector<std::string>{"30", "100", "30, 30", ""}));
  EXPECT_EQ(parse("network.initial", "a (1); /b").alternatives,
            (std::vector<std::string>{"/folder/a (1)", "/b"}));
  const SweptKey rate = parse("train.learning-rate", "loguniform( 1e-2 , 10 )");
  EXPECT_EQ(rate.range, (SweptRange{SweptRange::Kind::kLogUniform, 0.01, 10}));
  EXPECT_EQ(parse("network.hidden", "integer(5,50)").range->high, 50);
  EXPECT_TRUE(swept_name("sweep.trials").empty());
  EXPECT_TRUE(swept_name("train.epochs").empty());
  EXPECT_EQ(swept_name("sweep.train.epochs"), "train.epochs");
}

TEST(SweptKey, IsWrittenAsItReads) {
  for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{
           {"network.hidden", "; 30; 30, 30"},
           {"network.hidden", "30;"},
           {"train.learning-rate", "uniform(0.1, 0.30000000000000004)"},
           {"network.hidden", "integer(5, 50)"},
           {"train.batch-size", "10; all"}}) {
    EXPECT_EQ(write_swept_key(parse(key, value)), value);
  }
}

TEST(SweptKey, EachKindOfRangeHasAName) {
  using Kind = SweptRange::Kind;
  for (const auto& [kind, name] :
       std::vector<std::pair<Kind, std::string>>{{Kind::kUniform, "uniform"},
                                                 {Kind::kLogUniform, "loguniform"},
                                                 {Kind::kInteger, "integer"}}) {
    const SweptKey key = parse("train.batch-size", "integer(1, 9)");
    const SweptKey other{"train.batch-size", {}, SweptRange{kind, 1, 9}};
    EXPECT_EQ(write_swept_key(other), name + "(1, 9)");
    EXPECT_EQ(key.range->kind == kind, write_swept_key(key) == write_swept_key(other));
  }
}

TEST(SweepOptions, EachMethodIsReadByItsName) {
  for (const SweepMethod method :
       {SweepMethod::kGrid, SweepMethod::kRandom, SweepMethod::kHalving}) {
    ExperimentOptions options;
    find_option("sweep.method")->parse(options, name_of(method), {});
    EXPECT_EQ(options.sweep.method, method) << name_of(method);
  }
}

TEST(SweptKey, WrongValuesNamePlaceAndKey) {
  for (const auto& [line, part] : std::vector<std::pair<std::string, std::string>>{
           {"train.epoch = 1; 2", "a.ini:2: sweep.train.epoch: unknown key, expected sweep."},
           {"train.epoch = 1; 2", "did you mean sweep.train.epochs?"},
           {"epochs = 1; 2", "sweep.epochs: unknown key"},
           {"epochs = 1; 2", "did you mean sweep.train.epochs?"},
           {"methd = grid", "did you mean sweep.method?"},
           {"train.epochs = 1; two", "a.ini:2: sweep.train.epochs: 'two' is not a whole number"},
           {"train.epochs = 1;", "'' is not a whole number"},
           {"train.epochs = 1; 2; 1", "'1' is given twice"},
           {"network.activation = tanh; sigmod", "did you mean sigmoid?"},
           {"train.learning-rate = unifrm(1,2)", "did you mean uniform?"},
           {"train.learning-rate = uniform(1)", "expected uniform(LOW, HIGH)"},
           {"train.learning-rate = uniform(2,1)", "LOW below HIGH"},
           {"train.learning-rate = uniform(0,1)", "'0' is out of range"},
           {"train.learning-rate = uniform(a,1)", "'a' is not a number"},
           {"train.l2 = loguniform(0,1)", "LOW above 0"},
           {"train.epochs = integer(1.5,3)", "whole numbers"},
           {"train.seed = integer(0,5000000000)", "2^32"},
           {"train.epochs = uniform(1,9)", "integer(LOW, HIGH)"},
           {"output.dir = a; b", "cannot be swept, because each trial has a folder of its own"},
           {"parallel.threads = 1; 2", "cannot be swept, because it never changes a result"},
           {"sweep.trials = 1; 2", "cannot be swept"},
           {"data.dir = a; b", "cannot be swept"},
           {"train.l2 = uniform(0,1)", "contradicts sweep.method = grid"},
           {"method = halving\ntrain.epochs = 3; 9", "a.ini:3: sweep.train.epochs: contradicts"},
           {"trials = 0", "1 to 100000"}}) {
    expect_in(part, swept_error(line + "\n"));
  }
}

TEST(SweptKey, AnyKeyOfATrainingCanBeSwept) {
  for (const ExperimentOption& option : option_table()) {
    const std::string section = option.section();
    if (section == "output" || section == "sweep" || section == "scale" || section == "crossval")
      continue;
    if (option.key == "parallel.threads" || option.key == "data.dir") continue;
    EXPECT_EQ(parse(option.key, option.write({})).alternatives.size(), 1U) << option.key;
  }
}

TEST(SweptKey, ConfigurationKeepsTheSweep) {
  const TempFolder folder;
  const fs::path file = folder.write("a.ini",
                                     "[data]\nsource = csv\ntrain = x.csv\n[sweep]\n"
                                     "method = random\ndata.train = a.csv,b.csv; c.csv\n"
                                     "train.learning-rate = loguniform(0.01,1)\n");
  const ExperimentOptions options = read_configuration(file, {}).options;
  ASSERT_EQ(options.sweep.keys.size(), 2U);
  const std::string root = folder.path().string();
  EXPECT_EQ(options.sweep.keys[0].alternatives,
            (std::vector<std::string>{root + "/a.csv, " + root + "/b.csv", root + "/c.csv"}));
  const TempFolder elsewhere;
  const std::string text = write_configuration(options);
  const ExperimentOptions again =
      read_configuration(elsewhere.write("config.ini", text), {}).options;
  EXPECT_EQ(again.sweep.keys, options.sweep.keys);
  EXPECT_EQ(write_configuration(again), text);
  // The command line wins.
  const Setting given{
      "sweep.train.learning-rate", "1; 2", {"--sweep.train.learning-rate", "/", true}};
  EXPECT_EQ(read_configuration(file, {given}).options.sweep.keys[1].alternatives.size(), 2U);
}

}  // namespace
}  // namespace nabla
