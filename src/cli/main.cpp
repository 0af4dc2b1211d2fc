// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/base/version.h"

#include "base/memory.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "math/elementwise.h"

namespace {

using namespace nabla;

const Command& find_command(const std::vector<Command>& commands, const std::string& name) {
  const auto command = std::ranges::find(commands, name, &Command::name);
  if (command != commands.end()) return *command;
  std::vector<std::string> names = {"help", "version"};
  for (const Command& known : commands) names.push_back(known.name);
  throw ConfigError("unknown command " + in_quotes(name) +
                    ", expected one that `nabla --help` lists" + did_you_mean(name, names));
}

/// `words`: the command to tell of, if one is named.
int print_help(const std::vector<Command>& commands, std::span<const std::string> words) {
  const bool is_own =
      words.empty() || words[0].starts_with('-') || words[0] == "help" || words[0] == "version";
  std::cout << (is_own ? program_help(commands) : command_help(find_command(commands, words[0])));
  return 0;
}

int dispatch(const std::vector<std::string>& arguments) {
  const std::vector<Command> commands = all_commands();
  if (arguments.empty()) throw ConfigError("no command, expected one that `nabla --help` lists");
  const std::string& name = arguments.front();
  const std::span<const std::string> rest = std::span(arguments).subspan(1);
  if (name == "help" || name == "--help" || name == "-h") return print_help(commands, rest);
  if (name == "version" || name == "--version" || name == "-V") {
    std::cout << "nabla " << version() << "\n";
    return 0;
  }
  const Command& command = find_command(commands, name);
  for (const std::string& argument : rest) {
    if (argument == "--") break;
    if (argument != "--help" && argument != "-h") continue;
    std::cout << command_help(command);
    return 0;
  }
  const Arguments parsed = parse_arguments(rest, command.syntax);
  elementwise::instruction_set();  // so that a wrong NABLA_INSTRUCTION_SET is the first error
  return command.run(parsed);
}

constexpr const char* kOutOfMemory =
    "out of memory, expected data, network and mini-batch that fit in it";

/// A reader that went away is not worth a message, a full disk is.
int report_output(int error) {
  if (error == EPIPE) return 128 + SIGPIPE;
  print_error("standard output: " + std::generic_category().message(error != 0 ? error : EIO));
  return kInternalError;
}

int guarded(const std::vector<std::string>& arguments) {
  try {
    return dispatch(arguments);
  } catch (const std::ios_base::failure&) {
    return report_output(errno);
  } catch (const ConfigError& error) {
    print_error(error.what());
    return kWrongUsage;
  } catch (const DataError& error) {
    print_error(error.what());
    return kBadData;
  } catch (const DivergedError& error) {
    print_error(error.what());
    return kTrainingDiverged;
  } catch (const std::filesystem::filesystem_error& error) {
    print_error(is_out_of_memory(error)
                    ? kOutOfMemory
                    : (error.path1().empty() ? "the current folder" : error.path1().string()) +
                          ": " + error.code().message());
  } catch (const std::exception& error) {
    print_error(is_out_of_memory(error) ? kOutOfMemory : error.what());
  }
  return kInternalError;
}

/// OpenBLAS starts threads of its own when the process is loaded, before main. nabla makes products
/// on the threads that call them, so it asks for none, before OpenBLAS reads the environment: under
/// a limit of memory a thread that cannot start would keep the process from ending.
[[gnu::constructor(101)]] void start_without_blas_threads() {
  setenv("OPENBLAS_NUM_THREADS", "1", /*overwrite=*/1);
}

}  // namespace

int main(int argc, char** argv) {
  // A closed pipe is then an error of the write, not the end of a training.
  std::signal(SIGPIPE, SIG_IGN);
  // So is a file that reaches the size limit.
  std::signal(SIGXFSZ, SIG_IGN);
  // The output keeps to its own buffer, and a failed write throws with its errno at hand.
  std::ios::sync_with_stdio(false);
  std::cout.exceptions(std::ios::badbit);
  // Else each message on standard error would flush the output, and might throw in a destructor.
  std::cerr.tie(nullptr);
  int code = guarded({argv + 1, argv + argc});
  try {
    if (std::cout.good()) std::cout.flush();
  } catch (const std::ios_base::failure&) {
    code = report_output(errno);
  }
  // The standard library flushes once more at exit, when nothing could catch an exception.
  std::cout.exceptions(std::ios::goodbit);
  return code;
}
