// SPDX-License-Identifier: MIT
//
// usage: TARGET [--count N] [--seed S] [--most-bytes N] [--write FILE] [--seeds FOLDER] [FILE ...]
//
// Runs a fuzz target without a fuzzing engine: on the FILEs, else on its seeds and N damaged copies
// of them. Ends with an error at the first input that crashes, uses more than two seconds of CPU
// time, or asks for more than that many bytes at once (under a sanitizer ASAN_OPTIONS bounds
// those).
// --write keeps the current input in FILE, which a crash leaves; --seeds only writes the seeds.
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string_view>
#include <sys/time.h>
#include <unistd.h>

#include "fuzz/check.h"
#include "fuzz/mutate.h"
#include "fuzz/target.h"
#include "support/allocation_counter.h"
#include "support/files.h"

namespace {

using namespace nabla;
using namespace nabla::fuzz;

struct Options {
  std::uint64_t count = 300;
  std::uint64_t seed = 1;
  std::uint64_t most_bytes = std::uint64_t{1} << 24;
  std::filesystem::path write;
  std::filesystem::path seeds;
  std::vector<std::filesystem::path> files;
};

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  const auto end = text.data() + text.size();
  if (std::from_chars(text.data(), end, value).ptr != end || text.empty())
    throw ConfigError(std::string(text) + ": expected a whole number");
  return value;
}

Options parse(std::vector<std::string> arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& name = arguments[i];
    if (!name.starts_with("--")) {
      options.files.emplace_back(name);
      continue;
    }
    if (++i == arguments.size()) throw ConfigError(name + ": expected a value");
    if (name == "--count")
      options.count = number(arguments[i]);
    else if (name == "--seed")
      options.seed = number(arguments[i]);
    else if (name == "--most-bytes")
      options.most_bytes = number(arguments[i]);
    else if (name == "--write")
      options.write = arguments[i];
    else if (name == "--seeds")
      options.seeds = arguments[i];
    else
      throw ConfigError(name + ": no option of this program");
  }
  return options;
}

void write(const std::filesystem::path& path, std::string_view content) {
  std::ofstream(path, std::ios::binary) << content;
}

extern "C" void stop_hanging(int) {
  constexpr std::string_view kMessage = "more than 2 seconds for one input\n";
  if (::write(STDERR_FILENO, kMessage.data(), kMessage.size()) < 0) std::_Exit(EXIT_FAILURE);
  std::abort();
}

/// Lets the process use so many seconds of CPU time from now on; 0 removes the limit.
void limit_time(long seconds) {
  const itimerval limit = {{0, 0}, {seconds, 0}};
  ::setitimer(ITIMER_PROF, &limit, nullptr);
}

void run(const std::string& input, const Options& options, const std::string& name) {
  if (!options.write.empty()) write(options.write, input);
  // The copy has exactly this size, so that the address sanitizer sees a step beyond its end.
  const std::vector<std::uint8_t> bytes(input.begin(), input.end());
  testing_support::largest_allocation();
  limit_time(2);
  try {
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  } catch (const std::exception& error) {
    fail(name + ": an exception that is neither DataError nor ConfigError: " + error.what());
  }
  limit_time(0);
  const std::size_t largest = testing_support::largest_allocation().value_or(0);
  if (largest > options.most_bytes)
    fail(name + ": " + std::to_string(largest) + " bytes at once for an input of " +
         std::to_string(input.size()) + ", expected at most " + std::to_string(options.most_bytes));
}

void replay(const Options& options) {
  for (const std::filesystem::path& file : options.files) run(read_text(file), options, file);
  if (!options.files.empty()) return;
  const std::vector<std::string> seed_inputs = seeds();
  if (!options.seeds.empty()) {
    std::filesystem::create_directories(options.seeds);
    for (std::size_t i = 0; i < seed_inputs.size(); ++i)
      write(options.seeds / ("seed-" + std::to_string(i)), seed_inputs[i]);
    return;
  }
  for (std::size_t i = 0; i < seed_inputs.size(); ++i)
    run(seed_inputs[i], options, "seed " + std::to_string(i));
  for (std::uint64_t i = 0; i < options.count; ++i) {
    Random random(options.seed, 0, static_cast<std::uint32_t>(i));
    run(mutated(seed_inputs, random), options, "input " + std::to_string(i));
  }
  std::cout << seed_inputs.size() << " seeds and " << options.count << " damaged inputs\n";
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::signal(SIGPROF, stop_hanging);
    replay(parse({argv + 1, argv + argc}));
  } catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
