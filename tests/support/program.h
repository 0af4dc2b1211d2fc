// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nabla {

/// What a run of the program left behind.
struct ProgramResult {
  int code = 0;  ///< exit code, or 128 + the signal that ended it
  std::string out;
  std::string err;
};

/// The program with standard output and error going to files.
class Program {
 public:
  /// Starts it in `folder`. `input` becomes its standard input; standard output goes to `out`
  /// where that is given.
  Program(std::vector<std::string> arguments, const std::filesystem::path& folder,
          const std::string& input = "", const std::filesystem::path& out = {});

  pid_t id() const { return id_; }
  /// Standard error so far.
  std::string err() const;
  ProgramResult wait();

 private:
  std::filesystem::path out_;  ///< empty where the caller gave one
  std::filesystem::path err_;
  pid_t id_;
};

/// Runs the program to its end.
ProgramResult run_program(std::vector<std::string> arguments, const std::filesystem::path& folder,
                          const std::string& input = "", const std::filesystem::path& out = {});

/// Runs it with standard error, and standard output where that is wanted, on a terminal of that
/// many columns; everything written to it.
std::string run_on_terminal(std::vector<std::string> arguments, const std::filesystem::path& folder,
                            unsigned short columns, bool with_output = false);

}  // namespace nabla
