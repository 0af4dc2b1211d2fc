// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nabla {

/// The results of a run of the program.
struct ProgramResult {
  int code = 0;  ///< exit code, or 128 + the signal that ended it
  std::string out;
  std::string err;
};

/// The running program, whose standard output and error go to files.
class Program {
 public:
  /// Starts it in `folder`. `input` becomes its standard input; standard output goes to `out` if
  /// that is given.
  Program(std::vector<std::string> arguments, const std::filesystem::path& folder,
          const std::string& input = "", const std::filesystem::path& out = {});

  pid_t id() const { return id_; }
  /// Returns standard error so far.
  std::string err() const;
  ProgramResult wait();

 private:
  std::filesystem::path out_;  ///< empty if the caller gave one
  std::filesystem::path err_;
  pid_t id_;
};

/// Runs the program to its end.
ProgramResult run_program(std::vector<std::string> arguments, const std::filesystem::path& folder,
                          const std::string& input = "", const std::filesystem::path& out = {});

/// Runs it with standard error, and standard output if that is wanted, on a terminal of that many
/// columns. Returns everything written to the terminal.
std::string run_on_terminal(std::vector<std::string> arguments, const std::filesystem::path& folder,
                            unsigned short columns, bool with_output = false);

}  // namespace nabla
