// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <string>

#include "nabla/engine/executor.h"
#include "nabla/math/blas.h"
#include "nabla/math/elementwise.h"

namespace {

/// Adds facts on the process to the JSON, for the tables made from it. To be called after main has
/// begun, as OpenBLAS sets itself up in a constructor.
void add_context() {
  const nabla::BlasInfo blas = nabla::blas_info();
  const char* const coretype = std::getenv("OPENBLAS_CORETYPE");
  benchmark::AddCustomContext("blas", blas.library);
  benchmark::AddCustomContext("blas_kernel", blas.kernel);
  benchmark::AddCustomContext("openblas_coretype", coretype ? coretype : "not set");
  benchmark::AddCustomContext("executor", nabla::executor_backend());
  benchmark::AddCustomContext("instruction_set",
                              std::string(nabla::elementwise::instruction_set()));
}

}  // namespace

int main(int argc, char** argv) {
  add_context();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
