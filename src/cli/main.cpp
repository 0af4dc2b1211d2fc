// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/base/version.h"
#include "nabla/engine/ranks.h"

#include "base/memory.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "math/elementwise.h"
#include "run/mpi_ranks.h"
#include "run/together.h"

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

void require_no_more(std::span<const std::string> words, std::size_t most) {
  if (words.size() > most)
    throw ConfigError("unexpected argument " + in_quotes(words[most]) + ", expected none");
}

/// `words`: the command to tell of, if one is named.
int print_help(const std::vector<Command>& commands, std::span<const std::string> words) {
  require_no_more(words, 1);
  const bool is_own =
      words.empty() || words[0].starts_with('-') || words[0] == "help" || words[0] == "version";
  std::cout << (is_own ? program_help(commands) : command_help(find_command(commands, words[0])));
  return 0;
}

/// `origins` is told where the keys of the configuration were given.
int dispatch(const std::vector<std::string>& arguments, Ranks& ranks, Origins& origins) {
  const std::vector<Command> commands = all_commands();
  if (arguments.empty()) throw ConfigError("no command, expected one that `nabla --help` lists");
  const std::string& name = arguments.front();
  const std::span<const std::string> rest = std::span(arguments).subspan(1);
  if (name == "help" || name == "--help" || name == "-h") return print_help(commands, rest);
  if (name == "version" || name == "--version" || name == "-V") {
    require_no_more(rest, 0);
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
  if (!command.on_ranks && ranks.rank() > 0) return 0;
  Arguments parsed;
  const auto parse = [&] {
    parsed = parse_arguments(rest, command.syntax);
    elementwise::instruction_set();  // so that a wrong NABLA_INSTRUCTION_SET is the first error
  };
  if (!command.on_ranks) {
    parse();
  } else {
    together(ranks, parse);
    parsed.ranks = &ranks;
    if (ranks.rank() > 0) parsed.options.emplace("-q", "");  // The first one speaks for all.
  }
  parsed.origins = &origins;
  return command.run(parsed);
}

constexpr const char* kOutOfMemory =
    "out of memory, expected data, network and mini-batch that fit in it";

/// What went wrong, and the exit code for it. Without a message there is nothing to say.
struct Failure {
  int code;
  std::string message;
};

/// A reader that went away is not worth a message, a full disk is.
Failure output_failure(int error) {
  if (error == EPIPE) return {128 + SIGPIPE, ""};
  return {kInternalError,
          "standard output: " + std::generic_category().message(error != 0 ? error : EIO)};
}

Failure failure_of(const std::exception_ptr& error, const Origins& origins) {
  try {
    std::rethrow_exception(error);
  } catch (const std::ios_base::failure&) {
    return output_failure(errno);
  } catch (const ConfigError& caught) {
    return {kWrongUsage, placed(caught, origins).what()};
  } catch (const DataError& caught) {
    return {kBadData, caught.what()};
  } catch (const DivergedError& caught) {
    return {kTrainingDiverged, caught.what()};
  } catch (const std::filesystem::filesystem_error& caught) {
    if (is_out_of_memory(caught)) return {kInternalError, kOutOfMemory};
    const std::filesystem::path& path = caught.path1();
    return {kInternalError,
            (path.empty() ? "the current folder" : path.string()) + ": " + caught.code().message()};
  } catch (const std::exception& caught) {
    return {kInternalError, is_out_of_memory(caught) ? kOutOfMemory : caught.what()};
  }
}

/// Returns the exit code.
int say(const Failure& failure) {
  if (!failure.message.empty()) print_error(failure.message);
  return failure.code;
}

Failure at_rank(Failure failure, std::size_t rank) {
  if (!failure.message.empty())
    failure.message = "rank " + std::to_string(rank) + ": " + failure.message;
  return failure;
}

/// `ranks` is null without a launcher.
int guarded(const std::vector<std::string>& arguments, MpiRanks* ranks) {
  Origins origins;
  try {
    return dispatch(arguments, ranks != nullptr ? *ranks : lone_rank(), origins);
  } catch (const RankError& error) {
    // All ranks have left their work and end by themselves; the first that has failed says why.
    if (!error.own()) return 0;
    const Failure failure = failure_of(error.own(), origins);
    if (ranks->rank() != error.first()) return failure.code;
    return say(error.first() == 0 ? failure : at_rank(failure, error.first()));
  } catch (...) {
    const Failure failure = failure_of(std::current_exception(), origins);
    if (ranks == nullptr || ranks->size() == 1) return say(failure);
    if (failure.code == kTrainingDiverged)
      return say(failure);  // A divergence ends the training of all.
    const int code = say(at_rank(failure, ranks->rank()));
    // The others may wait for this rank.
    std::cout.flush();
    ranks->end_all(code);
    return code;
  }
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
  const std::unique_ptr<MpiRanks> ranks = join_ranks();
  int code = guarded({argv + 1, argv + argc}, ranks.get());
  try {
    if (std::cout.good()) std::cout.flush();
  } catch (const std::ios_base::failure&) {
    code = say(output_failure(errno));
  }
  // The standard library flushes once more at exit, when nothing could catch an exception.
  std::cout.exceptions(std::ios::goodbit);
  return code;
}
