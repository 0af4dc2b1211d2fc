// SPDX-License-Identifier: MIT
//
// Nothing multiplies threads: as many are busy as the program is asked for, BLAS included.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <sstream>
#include <thread>
#include <unistd.h>

#include "nabla/engine/executor.h"

#include "support/program.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;
using Seconds = std::map<std::string, double>;

/// User time of every thread of the process so far, in seconds.
Seconds thread_seconds(pid_t process) {
  static const double tick = 1.0 / static_cast<double>(::sysconf(_SC_CLK_TCK));
  Seconds seconds;
  std::error_code gone;  // the process or a thread may end meanwhile
  for (const auto& thread :
       fs::directory_iterator("/proc/" + std::to_string(process) + "/task", gone)) {
    std::ifstream file(thread.path() / "stat");
    std::string line;
    if (!std::getline(file, line)) continue;
    // Behind the name, which ends with the last parenthesis: user time is the twelfth field.
    std::istringstream fields(line.substr(line.rfind(')') + 1));
    std::string field;
    for (int i = 0; i < 12; ++i) fields >> field;
    seconds[thread.path().filename()] = std::stod(field) * tick;
  }
  return seconds;
}

double largest(const Seconds& seconds) {
  double most = 0;
  for (const auto& [thread, time] : seconds) most = std::max(most, time);
  return most;
}

/// Threads with more than a tenth of the busiest one's time.
std::size_t busy_ones(const Seconds& seconds) {
  return static_cast<std::size_t>(std::ranges::count_if(
      seconds, [&](const auto& entry) { return entry.second > 0.1 * largest(seconds); }));
}

/// Busy threads since training began, of a training with so many.
std::size_t busy_threads(std::size_t threads) {
  const TempFolder folder;
  Program program({"train", "-t", std::to_string(threads), "--data.digits-train=1280",
                   "--data.digits-test=0", "--network.hidden=512,512", "--network.activation=relu",
                   "--train.batch-size=128", "-e", "100000", "-o", "run",
                   // Their writer is a thread of its own, busy with epochs as short as these.
                   "--output.checkpoint-every=0"},
                  folder.path());
  const auto pause = [] { std::this_thread::sleep_for(std::chrono::milliseconds(20)); };
  // An epoch has been reported: data are made, threads are there.
  const auto is_training = [&] { return program.err().find("epoch 1/") != std::string::npos; };
  for (int i = 0; i < 3000 && !is_training(); ++i) pause();
  if (!is_training()) {
    ::kill(program.id(), SIGKILL);
    ADD_FAILURE() << program.wait().err;
    return 0;
  }
  const Seconds start = thread_seconds(program.id());
  Seconds spent;
  // Time of the processor, and until all are busy, so that other processes only make the test take
  // longer.
  for (int i = 0; i < 3000 && (largest(spent) < 1.0 || busy_ones(spent) < threads); ++i) {
    pause();
    spent = thread_seconds(program.id());
    for (auto& [thread, time] : spent)
      if (start.contains(thread)) time -= start.at(thread);
  }
  ::kill(program.id(), SIGINT);
  EXPECT_EQ(program.wait().code, 130);
  EXPECT_GE(largest(spent), 1.0) << "did not train";
  return busy_ones(spent);
}

TEST(BusyThreads, OneThreadIsOne) { EXPECT_EQ(busy_threads(1), 1U); }

TEST(BusyThreads, TwoThreadsAreTwo) {
  if (available_cores() < 2) GTEST_SKIP() << "this machine has one core";
  EXPECT_EQ(busy_threads(2), 2U);
}

}  // namespace
}  // namespace nabla
