// SPDX-License-Identifier: MIT
#include "run/core_sharing.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>
#include <sched.h>
#include <sstream>
#include <string>
#include <unistd.h>

namespace nabla {

namespace {

constexpr double kShortestWall = 0.5;
constexpr double kTolerated = 0.1;

std::vector<std::size_t> own_cores() {
  std::vector<std::size_t> cores;
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return cores;
  for (std::size_t core = 0; core < CPU_SETSIZE; ++core)
    if (CPU_ISSET(core, &set)) cores.push_back(core);
  return cores;
}

double process_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// The ticks of one line behind its name: user nice system idle iowait irq softirq steal.
double busy_of(std::istringstream& line) {
  double busy = 0;
  double ticks = 0;
  for (int field = 0; field < 8 && line >> ticks; ++field)
    if (field != 3 && field != 4) busy += ticks;
  return busy;
}

}  // namespace

std::optional<double> busy_ticks(std::istream& stat, const std::vector<std::size_t>& cores) {
  double busy = 0;
  std::size_t found = 0;
  for (std::string text; std::getline(stat, text) && text.starts_with("cpu");) {
    std::istringstream line(text.substr(3));
    std::size_t core = 0;
    // The first line, without a number, is the sum of all cores.
    if (text.starts_with("cpu ") || !(line >> core)) continue;
    if (std::ranges::find(cores, core) == cores.end()) continue;
    ++found;
    busy += busy_of(line);
  }
  if (cores.empty() || found != cores.size()) return std::nullopt;
  return busy;
}

CoreSharing::Reading CoreSharing::read() {
  Reading reading;
  std::ifstream stat("/proc/stat");
  if (const auto ticks = busy_ticks(stat, own_cores()))
    reading.others = *ticks / static_cast<double>(sysconf(_SC_CLK_TCK)) - process_seconds();
  reading.wall =
      std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  return reading;
}

void CoreSharing::start() { start_ = read(); }

void CoreSharing::stop() {
  const Reading end = read();
  known_ = known_ && start_.others && end.others;
  if (!known_) return;
  others_ += *end.others - *start_.others;
  wall_ += end.wall - start_.wall;
}

std::optional<double> CoreSharing::cores_of_others() const {
  if (!known_ || wall_ < kShortestWall) return std::nullopt;
  return std::max(0.0, others_ / wall_);
}

bool cores_are_shared(std::size_t threads, std::size_t cores, double cores_of_others) {
  const auto usable = static_cast<double>(std::min(threads, cores));
  return static_cast<double>(cores) - cores_of_others < (1 - kTolerated) * usable;
}

}  // namespace nabla
