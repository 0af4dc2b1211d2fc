// SPDX-License-Identifier: MIT
#include "support/program.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/errors.h"
#include "support/files.h"
#include "support/places.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;
using Strings = std::vector<std::string>;

/// One line "nabla: error: …" that holds the part, nothing on standard output.
void expect_error(const Strings& arguments, int code, const std::string& part) {
  const TempFolder folder;
  const ProgramResult result = run_program(arguments, folder.path());
  EXPECT_EQ(result.code, code) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(result.err.starts_with("nabla: error: ")) << result.err;
  EXPECT_EQ(result.err.find('\n'), result.err.size() - 1) << result.err;
  expect_in(part, result.err);
}

TEST(Program, HelpAndVersion) {
  const TempFolder folder;
  const ProgramResult help = run_program({"--help"}, folder.path());
  EXPECT_EQ(help.code, 0);
  EXPECT_EQ(help.err, "");
  for (const std::string command :
       {"train", "evaluate", "predict", "check", "scale", "options", "info"}) {
    expect_in("\n  " + command + " ", help.out);
    const ProgramResult more = run_program({command, "--help"}, folder.path());
    EXPECT_EQ(more.code, 0);
    expect_in("usage: nabla " + command, more.out);
  }
  for (const char* version : {"--version", "version", "-V"})
    EXPECT_TRUE(run_program({version}, folder.path()).out.starts_with("nabla ")) << version;
  EXPECT_EQ(run_program({"help"}, folder.path()).out, help.out);
  EXPECT_EQ(run_program({"help", "train"}, folder.path()).out,
            run_program({"train", "--help"}, folder.path()).out);
  EXPECT_EQ(run_program({"help", "nothing"}, folder.path()).code, 2);
  expect_in("instruction set: ", run_program({"info"}, folder.path()).out);
}

/// The names of the commands that `nabla --help` lists.
Strings listed_commands() {
  const TempFolder folder;
  std::istringstream help(run_program({"--help"}, folder.path()).out);
  Strings names;
  for (std::string line; std::getline(help, line);)
    if (line.starts_with("  ")) names.push_back(line.substr(2, line.find(' ', 2) - 2));
  return names;
}

TEST(Program, EachCommandHasHelpAndIsInTheReadme) {
  const TempFolder folder;
  const std::string readme = read_text(source_folder() / "README.md");
  const Strings commands = listed_commands();
  EXPECT_GE(commands.size(), 11U);
  for (const std::string& command : commands) {
    const ProgramResult help = run_program({command, "--help"}, folder.path());
    EXPECT_EQ(help.code, 0) << command;
    EXPECT_TRUE(help.out.starts_with("usage: nabla " + command + " ")) << help.out;
    std::istringstream lines(help.out);
    for (std::string line; std::getline(lines, line);)
      EXPECT_LE(std::ranges::count_if(line, [](unsigned char c) { return (c & 0xC0) != 0x80; }), 80)
          << line;
    expect_in("nabla " + command, readme);
  }
}

TEST(Program, HelpNamesEachOptionOnceWithItsMeaning) {
  const TempFolder folder;
  const std::string help = run_program({"train", "--help"}, folder.path()).out;
  expect_in("usage: nabla train [CONFIG or DATA] [-t THREADS] [-e EPOCHS] [-o FOLDER]", help);
  for (const char* option :
       {"\n  -t THREADS", "\n  -e EPOCHS", "\n  -o FOLDER", "\n  -q ", "\n  --resume RUN_DIR"}) {
    expect_in(option, help);
    EXPECT_EQ(help.find(option), help.rfind(option)) << option;
  }
}

/// A table in which column b tells the class.
void write_table(const std::filesystem::path& file) {
  std::ofstream table(file);
  table << "a,b,kind,c\n";
  for (int i = 0; i < 40; ++i)
    table << i % 7 << ',' << i % 2 << ',' << (i % 2 == 0 ? "x" : "y") << ',' << i << '\n';
}

TEST(Program, ADataFileStandsWhereAConfigurationMay) {
  const TempFolder folder;
  write_table(folder.path() / "kinds.csv");
  std::filesystem::copy_file(folder.path() / "kinds.csv", folder.path() / "kinds.any");
  const Strings target = {"--target", "kind"};
  const auto run = [&](Strings arguments) {
    arguments.insert(arguments.end(), target.begin(), target.end());
    return run_program(arguments, folder.path());
  };
  const ProgramResult trained = run({"train", "kinds.csv", "-e", "2", "-q"});
  EXPECT_EQ(trained.code, 0) << trained.err;
  expect_in("runs/kinds", trained.out);
  const std::string config = read_text(folder.path() / "runs/kinds/config.ini");
  expect_in("source = csv\n", config);
  expect_in("target = kind\n", config);
  for (const Strings& more :
       {Strings{"evaluate", "runs/kinds", "kinds.csv"}, Strings{"check", "kinds.csv", "-q"},
        Strings{"data", "kinds.csv"}, Strings{"data", "kinds.any", "--data.source=csv"},
        Strings{"crossval", "kinds.csv", "-e", "1", "-q"}}) {
    const ProgramResult result = run(more);
    EXPECT_EQ(result.code, 0) << more[0] << ": " << result.err;
  }
  expect_in("40 given rows", run({"evaluate", "runs/kinds", "kinds.csv"}).out);
  EXPECT_EQ(run({"train", "kinds.csv", "--data.train=kinds.csv"}).code, 2);
}

TEST(Program, SourcesOnTheCommandLineHaveTheDefaultsOfTheTable) {
  const TempFolder folder;
  write_table(folder.path() / "kinds.csv");
  std::ofstream(folder.path() / "kinds.ini")
      << "[data]\nsource = csv\ntrain = kinds.csv\ntarget = kind\n";
  for (const Strings& from :
       {Strings{"kinds.ini"}, Strings{"kinds.csv", "--target", "kind"},
        Strings{"--data.source=csv", "--data.train=kinds.csv", "--target", "kind"}}) {
    Strings arguments = {"train", "-e", "1", "-q", "--output.overwrite=yes", "-o", "run"};
    arguments.insert(arguments.end(), from.begin(), from.end());
    EXPECT_EQ(run_program(arguments, folder.path()).code, 0);
    const std::string config = read_text(folder.path() / "run/config.ini");
    if (from[0] == "kinds.ini")
      std::filesystem::copy_file(folder.path() / "run/config.ini", folder.path() / "expected.ini");
    EXPECT_EQ(config, read_text(folder.path() / "expected.ini")) << from[0];
  }
}

TEST(Program, JsonDocumentsHaveTheirSchema) {
  const TempFolder folder;
  const Strings digits = {"--data.digits-train=20", "--data.digits-test=5", "-q", "--json"};
  for (const std::string command : {"data", "check", "info", "options"}) {
    Strings arguments = {command, "--json"};
    if (command == "data" || command == "check") {
      arguments = {command, "--network.hidden="};
      arguments.insert(arguments.end(), digits.begin(), digits.end());
    }
    const ProgramResult result = run_program(arguments, folder.path());
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(nlohmann::json::parse(result.out).value("schema", 0), 1) << command;
  }
}

TEST(Program, OptionsPrintsAKeyOrASection) {
  const TempFolder folder;
  const std::string key = run_program({"options", "stop.patience"}, folder.path()).out;
  EXPECT_TRUE(key.starts_with("stop.patience = 0\n    whole number")) << key;
  const std::string section = run_program({"options", "stop"}, folder.path()).out;
  EXPECT_TRUE(section.starts_with("[stop]\n" + key)) << section;
  expect_in(section, run_program({"options"}, folder.path()).out);
  const auto json =
      nlohmann::json::parse(run_program({"options", "--json", "stop.patience"}, folder.path()).out);
  ASSERT_EQ(json["options"].size(), 1U);
  EXPECT_EQ(json["options"][0]["default"], "0");
}

TEST(Program, TakesEachFormOfAnOption) {
  const TempFolder folder;
  const Strings digits = {"check", "--data.digits-train=20", "--network.hidden="};
  for (const Strings& forms : {Strings{"-q", "-t", "1"}, Strings{"-t1", "-q"}, Strings{"-qt1"},
                               Strings{"-q", "--parallel.threads=1"}}) {
    Strings arguments = digits;
    arguments.insert(arguments.end(), forms.begin(), forms.end());
    const ProgramResult result = run_program(arguments, folder.path());
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(result.err, "") << forms.front();
  }
  expect_error({"train", "--resume=none", "-q"}, 2, "none");
  expect_error({"train", "--", "-q"}, 2, "-q: cannot be read");
}

TEST(Program, WrongUsageIsExitTwo) {
  expect_error({}, 2, "no command");
  expect_error({"trian"}, 2, "unknown command 'trian'");
  expect_error({"trian"}, 2, "did you mean train?");
  expect_error({"transformer"}, 2, "expected one that `nabla --help` lists\n");
  expect_error({"train", "a.ini", "b.ini"}, 2, "unexpected argument 'b.ini'");
  expect_error({"train", "none.ini"}, 2, "none.ini: cannot be read");
  expect_error({"train", "-x"}, 2, "unknown option '-x'");
  expect_error({"train", "--epochs=3"}, 2, "did you mean --train.epochs=VALUE?");
  expect_error({"train", "--train.epoch=3"}, 2, "did you mean train.epochs?");
  expect_error({"train", "--train.epochs"}, 2, "expected --train.epochs=VALUE");
  expect_error({"train", "-e"}, 2, "-e: missing value");
  expect_error({"train", "-e", "x"}, 2, "-e: train.epochs: 'x' is not a whole number");
  expect_error({"train", "-e", "3", "--train.epochs=3"}, 2, "given twice");
  expect_error({"evaluate"}, 2, "expected MODEL");
  expect_error({"predict", "model"}, 2, "expected INPUT");
  expect_error({"options", "--train.epochs=3"}, 2, "unknown option");
  expect_error({"options", "train.epoch"}, 2, "'train.epoch'; did you mean train.epochs?");
  expect_error({"options", "train", "--markdown"}, 2, "--markdown: the page has all keys");
  expect_error({"options", "--markdown=x"}, 2, "--markdown: has a value, expected none");
  expect_error({"train", "--resume"}, 2, "--resume: missing value");
  expect_error({"train", "--resume="}, 2, "--resume: missing value");
  expect_error({"train", "--resume", "a", "--resume=b"}, 2, "--resume: given twice");
  expect_error({"train", "-e", "-q"}, 2, "-e: missing value");
  expect_error({"train", "-t2", "-t", "3"}, 2, "-t: parallel.threads: given twice");
  expect_error({"train", ""}, 2, "empty argument");
  expect_error({"version", "x"}, 2, "unexpected argument 'x'");
  expect_error({"--version", "x"}, 2, "unexpected argument 'x'");
  expect_error({"help", "train", "x"}, 2, "unexpected argument 'x'");
  expect_error({"options", "--markdown", "--json"}, 2, "--json: contradicts --markdown");
  expect_error({"train", "model.safetensors"}, 2, "a model or a checkpoint, expected a conf");
}

TEST(Program, MissingDataAreExitThree) {
  for (const char* file : {"none.csv", "none.svm.gz", "none.npz"})
    expect_error({"train", file}, 3, std::string(file) + ": there is no such file");
}

TEST(Program, AnEmptyFileIsNoConfiguration) {
  const TempFolder folder;
  for (const char* name : {"a.npz", "b", "c.csv"}) {
    folder.write(name, "");
    const ProgramResult result = run_program({"train", name}, folder.path());
    EXPECT_EQ(result.code, 3) << result.err;
    expect_in(std::string(name) + ": an empty file, expected rows of data", result.err);
  }
}

TEST(Program, ErrorsFoundLaterNameThePlaceOfTheirKey) {
  const TempFolder folder;
  write_table(folder.path() / "kinds.csv");
  folder.write("a.ini",
               "[data]\nsource = csv\ntrain = kinds.csv\ntarget = kind\n"
               "class-weights = 1, 2, 3\n");
  const ProgramResult result = run_program({"train", "a.ini"}, folder.path());
  EXPECT_EQ(result.code, 2);
  expect_in("a.ini:5: data.class-weights: ", result.err);
}

TEST(Program, MissingModelIsExitThree) {
  expect_error({"evaluate", "none.safetensors"}, 3, "none.safetensors");
  expect_error({"predict", "none.safetensors", "-"}, 3, "none.safetensors");
}

TEST(Program, ReportsAFullDisk) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  const TempFolder folder;
  const Strings train = {
      "train", "--data.digits-train=50", "--data.digits-test=10", "-e", "1", "-q", "-o", "run"};
  ASSERT_EQ(run_program(train, folder.path()).code, 0);
  folder.write(
      "rows.csv", std::string("0") + [] {
        std::string zeros;
        for (int i = 1; i < 784; ++i) zeros += ",0";
        return zeros;
      }() + "\n");
  const ProgramResult result = run_program(
      {"predict", "run/model.safetensors", "rows.csv", "-o", "/dev/full"}, folder.path());
  EXPECT_EQ(result.code, 1);
  expect_in("nabla: error: cannot write /dev/full: ", result.err);

  const ProgramResult full = run_program({"options"}, folder.path(), "", "/dev/full");
  EXPECT_EQ(full.code, 1);
  EXPECT_EQ(full.err, "nabla: error: standard output: No space left on device\n");
}

TEST(Program, CheckPassesAndWarningsAreSilenced) {
  const TempFolder folder;
  const Strings check = {"check", "--network.hidden=7,5", "--network.activation=relu,tanh",
                         "--train.l2=0.01", "--data.header=yes"};
  const ProgramResult result = run_program(check, folder.path());
  EXPECT_EQ(result.code, 0);
  expect_in("nabla: warning: --data.header: has no effect", result.err);
  expect_in("ok", result.out);
  Strings quiet = check;
  quiet.emplace_back("-q");
  EXPECT_EQ(run_program(quiet, folder.path()).err, "");
}

}  // namespace
}  // namespace nabla
