// SPDX-License-Identifier: MIT
#include "run/same_on_ranks.h"

#include <exception>
#include <nlohmann/json.hpp>

#include "nabla/base/error.h"
#include "nabla/base/version.h"

#include "math/blas.h"
#include "math/elementwise.h"
#include "run/together.h"

namespace nabla {

void require_same_build(Ranks& ranks) {
  const std::string build = "nabla " + std::string(version()) + ", " +
                            std::string(elementwise::instruction_set()) + ", OpenBLAS " +
                            blas_info().kernel;
  require_same(ranks, build, [&] {
    return std::make_exception_ptr(
        Error(build + " is not what rank 0 has, expected the same on all ranks: "
                      "NABLA_INSTRUCTION_SET and OPENBLAS_CORETYPE choose what all CPUs have"));
  });
}

void require_same_configuration(Ranks& ranks, const std::string& config) {
  require_same(ranks, config, [] {
    return std::make_exception_ptr(
        ConfigError("the configuration differs from that of rank 0, expected the same on all "
                    "ranks"));
  });
}

void require_same_data(Ranks& ranks, const DataIdentity& identity) {
  require_same(ranks, to_json(identity).dump(), [] {
    return std::make_exception_ptr(
        DataError("the data differ from those of rank 0, expected the same files on all ranks"));
  });
}

void require_same_model(Ranks& ranks, const AnyModel& model) {
  if (ranks.size() == 1) return;
  require_same(ranks, serialize_model(model), [] {
    return std::make_exception_ptr(
        DataError("the model differs from that of rank 0, expected the same file on all ranks"));
  });
}

}  // namespace nabla
