// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.h"

namespace nabla {

/// A command of the program. `run` returns the exit code; errors are thrown.
struct Command {
  std::string name;
  std::string summary;  ///< one line of `nabla --help`
  std::string usage;    ///< what `nabla <command> --help` prints
  Syntax syntax;
  int (*run)(const Arguments&);
};

Command train_command();
Command evaluate_command();
Command predict_command();
Command check_command();
Command crossval_command();
Command scale_command();
Command sweep_command();
Command data_command();
Command report_command();
Command options_command();
Command info_command();

}  // namespace nabla
