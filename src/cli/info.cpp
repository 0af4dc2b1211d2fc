// SPDX-License-Identifier: MIT
#include <iostream>

#include "nabla/base/version.h"
#include "nabla/engine/executor.h"

#include "cli/commands.h"
#include "cli/format.h"
#include "math/blas.h"
#include "math/elementwise.h"
#include "run/summary_file.h"

namespace nabla {

namespace {

std::string compiler() {
#if defined(__clang__)
  return "clang " __clang_version__;
#elif defined(__GNUC__)
  return "g++ " __VERSION__;
#else
  return "unknown";
#endif
}

std::string instruction_set() {
  const std::string chosen(elementwise::instruction_set());
  const std::string best(elementwise::best_instruction_set());
  return chosen == best ? chosen : chosen + " (NABLA_INSTRUCTION_SET; this CPU has " + best + ")";
}

int run_info(const Arguments&) {
  const BlasInfo blas = blas_info();
  std::cout << described({{"version", std::string(version())},
                          {"compiler", compiler()},
                          {"BLAS", blas.library},
                          {"BLAS kernel", blas.kernel},
                          {"BLAS threading", blas.threading},
                          {"executor", executor_backend()},
                          {"cores", std::to_string(available_cores())},
                          {"CPU", cpu_name()},
                          {"instruction set", instruction_set()}});
  return 0;
}

}  // namespace

Command info_command() {
  return {
      "info",
      "show versions, BLAS, cores and instruction set",
      "Prints the versions of nabla and its compiler, the BLAS library in use with its kernel\n"
      "and threading mode, the executor that runs the threads, the cores this process may use,\n"
      "the CPU and the instruction set that nabla's own kernels use.\n",
      {{}, {{"-q", "", "accepted; info has no warnings"}}, false},
      run_info,
      "NABLA_INSTRUCTION_SET=x86-64|avx2|avx512 in the environment lowers that instruction set;\n"
      "OPENBLAS_CORETYPE chooses OpenBLAS's kernel.\n"};
}

}  // namespace nabla
