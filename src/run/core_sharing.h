// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <istream>
#include <optional>
#include <vector>

namespace nabla {

/// Busy time of the named cores in the text of Linux' /proc/stat, in its clock ticks: user, nice,
/// system, interrupts and time stolen by other guests of the machine. Returns nullopt if a core is
/// missing. Format: proc(5).
std::optional<double> busy_ticks(std::istream& stat, const std::vector<std::size_t>& cores);

/// Measures how much of this process's cores others had: the busy time of the cores it may run on
/// (/proc/stat), less the CPU time of the process itself. It does not see a quota on CPU time that
/// a container sets.
class CoreSharing {
 public:
  /// An interval begins.
  void start();
  /// The interval ends; several intervals add up.
  void stop();

  /// Cores that other processes kept busy in the mean of all intervals. Returns nullopt if
  /// /proc/stat says nothing, or for less than half a second, which its ticks do not resolve.
  std::optional<double> cores_of_others() const;

 private:
  struct Reading {
    std::optional<double> others;  ///< seconds of CPU time
    double wall = 0;               ///< seconds
  };
  static Reading read();

  Reading start_;
  bool known_ = true;
  double others_ = 0;
  double wall_ = 0;
};

/// Whether so many threads found fewer free cores than they could use, by more than a tenth.
bool cores_are_shared(std::size_t threads, std::size_t cores, double cores_of_others);

}  // namespace nabla
