// SPDX-License-Identifier: MIT
#include "config/configuration.h"

#include <gtest/gtest.h>

#include "nabla/base/error.h"

#include "config/option_pages.h"
#include "config/option_table.h"
#include "support/errors.h"
#include "support/files.h"
#include "support/places.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

Configuration parse(const std::string& text) { return parse_configuration(text, "test", {}); }

std::string error_in(const std::string& text) {
  return error_of<ConfigError>([&] { parse(text); });
}

Setting option(const std::string& key, const std::string& value) {
  return {key, value, {"--" + key, fs::current_path(), true}};
}

TEST(Configuration, ReadsSectionsCommentsAndLists) {
  const ExperimentOptions options = parse(
                                        "\xEF\xBB\xBF# head\r\n"
                                        "[ train ]  # of the book\r\n"
                                        "epochs=3\t# few\r\n"
                                        "\n[network]\n  hidden = 100 , 30  \n"
                                        "[train]\nseed = 7\n")
                                        .options;
  EXPECT_EQ(options.train.epochs, 3U);
  EXPECT_EQ(options.train.seed, 7U);
  EXPECT_EQ(options.network.hidden, (std::vector<std::size_t>{100, 30}));
}

TEST(Configuration, NamesPlaceKeyAndHint) {
  EXPECT_EQ(error_in("[train]\n\nepoch = 3\n"),
            "test.ini:3: train.epoch: unknown key, expected one that `nabla options` lists; did "
            "you mean train.epochs?");
  EXPECT_EQ(
      error_in("[train]\nepochs = 0\n"),
      "test.ini:2: train.epochs: '0' is out of range, expected a whole number, 1 to 1000000000");
  EXPECT_EQ(error_in("[train]\ncost = quadratc\n"),
            "test.ini:2: train.cost: unknown value 'quadratc', expected one of auto, quadratic, "
            "mse, cross-entropy, huber; did you mean quadratic?");
  expect_in("test.ini:2: train.include: unknown key; include stands at the head of a file",
            error_in("[train]\ninclude = other.ini\n"));
}

TEST(Configuration, RefusesWhatBoostWouldLetPass) {
  expect_in("test.ini:3: train.epochs: given twice, first in line 2",
            error_in("[train]\nepochs = 3\nepochs = 3\n"));
  expect_in("first in line 2", error_in("[train]\nepochs = 3\n[data]\n[train]\nepochs = 4\n"));
  expect_in("test.ini:2: 'train = a#b.csv' has a '#' inside a value",
            error_in("[data]\ntrain = a#b.csv\n"));
  expect_in("test.ini:1: '[da?ta]' has a control character", error_in("[da\rta]\n"));
  expect_in("test.ini:2: 'epochs' is neither", error_in("[train]\nepochs\n"));
  expect_in("comments start with '#'", error_in("; old\n[train]\n"));
  expect_in("test.ini:1: epochs: a key outside a section", error_in("epochs = 3\n"));
  expect_in("write [train]", error_in("train.epochs = 3\n"));
  expect_in("test.ini:1: '= 3' is neither", error_in("= 3\n"));
  expect_in("test.ini:1: '[]'", error_in("[]\n"));
  expect_in("train.include: unknown key", error_in("[train]\ninclude = other.ini\n"));
}

TEST(Configuration, EveryMisspeltKeyNamesTheNearest) {
  for (const ExperimentOption& known : option_table()) {
    const std::string key = known.key + "z";
    const std::string message = error_of<ConfigError>(
        [&] { parse("[" + known.section() + "]\n" + known.name() + "z = 1\n"); });
    expect_in("test.ini:2: " + key + ": unknown key", message);
    expect_in("did you mean " + known.key + "?", message);
  }
}

TEST(Configuration, CommandLineWinsAndIsNamedInErrors) {
  const std::string text = "[train]\nepochs = 3\n";
  const Configuration configuration =
      parse_configuration(text, "test", {option("train.epochs", "4")});
  EXPECT_EQ(configuration.options.train.epochs, 4U);
  EXPECT_EQ(error_of<ConfigError>(
                [&] { parse_configuration(text, "test", {option("train.epochs", "four")}); }),
            "--train.epochs: 'four' is not a whole number, expected auto or a whole number, 1 to "
            "1000000000");
}

TEST(Configuration, IncludesReadSharedKeysFirst) {
  const TempFolder folder;
  fs::create_directory(folder.path() / "shared");
  folder.write("shared/base.ini", "include = deep.ini\n[train]\nepochs = 5\n");
  folder.write("shared/deep.ini", "[train]\nepochs = 9\nseed = 2\n[network]\ninitial = a.st\n");
  const fs::path file =
      folder.write("main.ini", "include = shared/base.ini # common\n[train]\nepochs = 6\n");
  const ExperimentOptions options = read_configuration(file, {}).options;
  EXPECT_EQ(options.train.epochs, 6U);
  EXPECT_EQ(options.train.seed, 2U);
  EXPECT_EQ(options.network.initial, folder.path() / "shared/a.st");
  EXPECT_EQ(options.data.dir, folder.path());
  EXPECT_EQ(options.output.dir, fs::current_path() / "runs/main");

  folder.write("shared/deep.ini", "include = ../main.ini\n");
  const std::string message = error_of<ConfigError>([&] { read_configuration(file, {}); });
  expect_in("shared/deep.ini:1: include: ", message);
  expect_in("includes itself", message);
  folder.write("shared/deep.ini", "include = none.ini\n");
  expect_in("none.ini: cannot be read",
            error_of<ConfigError>([&] { read_configuration(file, {}); }));
  expect_in("it is a folder",
            error_of<ConfigError>([&] { read_configuration(folder.path(), {}); }));
}

TEST(Configuration, IncludedPathsBelongToTheirFile) {
  const TempFolder folder;
  fs::create_directory(folder.path() / "shared");
  folder.write("shared/base.ini",
               "[data]\nsource = csv\ntrain = a.csv, b.csv\ntest = c.csv\n[output]\ndir = out\n");
  const std::string head = "include = shared/base.ini\n[data]\ntest = d.csv\n";
  const fs::path file = folder.write("main.ini", head);
  ExperimentOptions options = read_configuration(file, {}).options;
  EXPECT_EQ(options.data.train[1], folder.path() / "shared/b.csv");
  EXPECT_EQ(options.data.test[0], folder.path() / "d.csv");
  EXPECT_EQ(options.output.dir, folder.path() / "shared/out");
  // data.dir, wherever it is given, is for all of them.
  folder.write("main.ini", head + "dir = here\n");
  options = read_configuration(file, {}).options;
  EXPECT_EQ(options.data.train[1], folder.path() / "here/b.csv");
  EXPECT_EQ(options.data.test[0], folder.path() / "here/d.csv");
}

TEST(Configuration, IncludesHaveALimitAndNameTheirLines) {
  const TempFolder folder;
  for (int i = 0; i < 12; ++i)
    folder.write(std::to_string(i) + ".ini", "include = " + std::to_string(i + 1) + ".ini\n");
  const auto error = [&] {
    return error_of<ConfigError>([&] { read_configuration(folder.path() / "0.ini", {}); });
  };
  expect_in("7.ini:1: include: ", error());
  expect_in("8.ini: more than 8 files deep", error());
  folder.write("3.ini", "[train]\nepochs = 3\nepochs = 4\n");
  expect_in("3.ini:3: train.epochs: given twice, first in line 2", error());
  folder.write("3.ini", "[train]\n\nseed = x\n");
  expect_in("3.ini:3: train.seed: 'x' is not a whole number", error());
}

TEST(Configuration, DataFilesBelongToDataDir) {
  const TempFolder folder;
  const fs::path file = folder.write(
      "a.ini", "[data]\nsource = csv\ndir = tables\ntrain = x.csv,/y.csv\ntest = z.csv\n");
  const DataOptions data = read_configuration(file, {option("data.test", "here.csv")}).options.data;
  EXPECT_EQ(data.train[0], folder.path() / "tables/x.csv");
  EXPECT_EQ(data.train[1], "/y.csv");
  EXPECT_EQ(data.test[0], fs::current_path() / "here.csv");
}

TEST(Configuration, WrittenFileReadsBackEqual) {
  const TempFolder folder;
  const fs::path file =
      folder.write("a.ini",
                   "[data]\nsource = csv\ntrain = x.csv\nvalidation = 0.1\n"
                   "[network]\nhidden =\ninit-bias = 0.1\ninitial = m.st\n"
                   "[train]\nbatch-size = all\nlearning-rate = 0.30000000000000004\n"
                   "seed = 18446744073709551615\n[output]\ndir = out\n");
  const ExperimentOptions first = read_configuration(file, {}).options;
  const std::string text = write_configuration(first);
  TempFolder elsewhere;
  const Configuration again = read_configuration(elsewhere.write("config.ini", text), {});
  for (const ExperimentOption& option : option_table())
    EXPECT_EQ(option.write(again.options), option.write(first)) << option.key;
  EXPECT_EQ(again.options.train.learning_rate, 0.30000000000000004);
  EXPECT_EQ(again.options.train.seed, 18446744073709551615U);
  EXPECT_EQ(again.options.data.train[0], folder.path() / "x.csv");
  EXPECT_EQ(write_configuration(again.options), text);
}

TEST(Configuration, RefusesToWriteWhatItCouldNotRead) {
  expect_in(
      "output.dir", error_of<ConfigError>([] {
        write_configuration(parse_configuration("", "test", {option("output.dir", "a#b")}).options);
      }));
  ExperimentOptions options;
  options.data.train = {"/a,b.csv"};
  expect_in("data.train", error_of<ConfigError>([&] { write_configuration(options); }));
}

TEST(Configuration, RefusesKeysThatContradictEachOther) {
  expect_in("test.ini:4: data.train-labels: contradicts data.source = csv",
            error_in("[data]\nsource = csv\ntrain = a.csv\ntrain-labels = b\n"));
  expect_in("data.train: contradicts data.source = digits", error_in("[data]\ntrain = a.csv\n"));
  expect_in("data.train: missing", error_in("[data]\nsource = csv\n"));
  expect_in("data.test: without data.train",
            error_in("[data]\nsource = idx\ntest = a\ntest-labels = b\n"));
  expect_in("data.train-labels: without data.train",
            error_in("[data]\nsource = idx\ntrain-labels = a\n"));
  expect_in("test.ini:4: data.augment: contradicts data.source = csv",
            error_in("[data]\nsource = csv\ntrain = a.csv\naugment = affine\n"));
  expect_in("test.ini:3: network.activation: 2 activations for 3 hidden layers",
            error_in("[network]\nhidden = 3,3,3\nactivation = tanh,relu\n"));
  expect_in("test.ini:4: train.label-smoothing: contradicts network.output = tanh",
            error_in("[network]\noutput = tanh\n[train]\nlabel-smoothing = 0.1\n"));
  expect_in("test.ini:6: train.label-smoothing: contradicts data.task = regression",
            error_in("[data]\nsource = libsvm\ntrain = a.svm\ntask = regression\n[train]\n"
                     "label-smoothing = 0.1\n"));
}

TEST(Configuration, ReadsDeformations) {
  const auto written = [](const std::string& value) {
    const auto options = parse("[data]\naugment = " + value + "\n").options;
    return find_option("data.augment")->write(options);
  };
  for (const char* value : {"none", "affine", "elastic", "affine,elastic"})
    EXPECT_EQ(written(value), value);
  EXPECT_EQ(written("elastic, affine"), "affine,elastic");
  for (const char* value : {"", "rotate", "affine,none", "affine,affine", "affine,"})
    expect_in("test.ini:2: data.augment", error_of<ConfigError>([&] { written(value); }));
  expect_in("did you mean elastic?", error_of<ConfigError>([&] { written("elastc"); }));
}

TEST(Configuration, WarnsOfStrengthsOfDeformationsNotAskedFor) {
  const std::string strengths = "[augment]\nrotation = 5\nelastic-alpha = 5\n";
  EXPECT_EQ(parse(strengths).warnings.size(), 2U);
  EXPECT_EQ(parse("[data]\naugment = affine,elastic\n" + strengths).warnings.size(), 0U);
  const auto warnings = parse("[data]\naugment = affine\n" + strengths).warnings;
  ASSERT_EQ(warnings.size(), 1U);
  expect_in("augment.elastic-alpha: has no effect with data.augment = affine", warnings[0]);
}

TEST(Configuration, WarnsOfKeysWithoutEffect) {
  const auto warnings = parse("[data]\nsplit-seed = 2\nheader = yes\n").warnings;
  ASSERT_EQ(warnings.size(), 2U);
  expect_in("test.ini:2: data.split-seed: has no effect with data.validation = 0", warnings[0]);
  expect_in("test.ini:3: data.header: has no effect with data.source = digits", warnings[1]);
  expect_in("train.huber-delta: has no effect with train.cost = mse",
            parse("[train]\ncost = mse\nhuber-delta = 2\n").warnings.at(0));
  EXPECT_TRUE(parse("[train]\ncost = huber\nhuber-delta = 2\n").warnings.empty());
  EXPECT_TRUE(parse(write_configuration(parse("").options)).warnings.empty());
}

TEST(Configuration, BuiltinIsTheDigitsFile) {
  const fs::path file = source_folder() / "configs/digits.ini";
  EXPECT_EQ(builtin_config(), read_text(file));
  EXPECT_TRUE(parse(std::string(builtin_config())).warnings.empty());
}

TEST(Configuration, EveryConfigOfTheProjectReads) {
  for (const auto& entry : fs::directory_iterator(source_folder() / "configs"))
    if (entry.path().extension() == ".ini") {
      EXPECT_TRUE(read_configuration(entry.path(), {}).warnings.empty()) << entry.path();
    }
}

TEST(Configuration, DocumentationPageIsUpToDate) {
  EXPECT_EQ(options_markdown(), read_text(source_folder() / "docs/options.md"))
      << "nabla options --markdown > docs/options.md";
}

TEST(Configuration, RefusesAFileThatIsNone) {
  if (!fs::exists("/dev/zero")) GTEST_SKIP() << "no /dev/zero here";
  expect_in("/dev/zero: longer than",
            error_of<ConfigError>([] { read_configuration("/dev/zero", {}); }));
}

}  // namespace
}  // namespace nabla
